//! One-click dial of a page inside CEC's agent workbench (`docs/vendor/field.md` F12): to which origin the message
//! goes, and what it says.

use crate::error::Error;
use crate::redact;
use crate::tables::call::AGENT_MEDIA;
use crate::text::number::PhoneNumber;
use crate::text::origin::{Parent, choose_among, parse, refuse};

/// Decides the origin to post to.
///
/// `allowed` has the origins of the company's workbenches, one in a line. `claimed` is what the page's address
/// says: an attacker may have written it, so it only chooses among the allowed ones. `top` is what the browser
/// knows of the top window.
///
/// # Errors
/// [`crate::Code::InvalidOption`] for an invalid origin or a missing list; [`crate::Code::OriginRefused`] where the workbench
/// is not in the list, is not the top window, or is not known.
pub fn choose(top: Parent, allowed: Option<&str>, claimed: Option<&str>) -> Result<String, Error> {
    let list = allowed.unwrap_or_default();
    // A single workbench needs no address to name it: the browser delivers to no other.
    let alone = top == Parent::Unknown && !list.contains('\n');
    let claimed = claimed.filter(|text| !text.is_empty()).or(alone.then_some(list));
    let chosen = choose_among(&[], OPTION, top, Some(list), claimed)?;
    for one in list.split('\n') {
        if parse(OPTION, one)? == chosen {
            return Ok(chosen);
        }
    }
    refuse("a workbench of allowOrigins", &chosen)
}

const OPTION: &str = "allowOrigins";

/// Writes the message that dials a number: a JSON text, which is posted as a text.
///
/// ```
/// use calldock_contract::{PhoneNumber, text::agent};
/// let number = PhoneNumber::parse("138 0000 0000").unwrap();
/// let message = agent::call_out(&number, "audio", false).unwrap();
/// assert_eq!(message, r#"{"name":"callout","param":["13800000000","audio"]}"#);
/// ```
///
/// # Errors
/// [`crate::Code::InvalidOption`] for a media type that is not documented, unless `unlisted`, and for one that is no
/// word.
pub fn call_out(number: &PhoneNumber, media: &str, unlisted: bool) -> Result<String, Error> {
    let is_word =
        !media.is_empty() && media.len() <= 32 && media.bytes().all(|c| c.is_ascii_alphanumeric());
    if !is_word || !(unlisted || AGENT_MEDIA.contains(&media)) {
        return Err(Error::invalid("mediaType", "audio or video", &redact::text(media)));
    }
    Ok(["{\"name\":\"callout\",\"param\":[\"", number.as_str(), "\",\"", media, "\"]}"].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CEC: &str = "https://cec.example.com";

    #[test]
    fn the_address_only_chooses_among_the_allowed() {
        let two = Some("https://cec.example.com\nhttps://other.example.com");
        for (top, claimed, expected) in [
            (Parent::Known(CEC), Some(CEC), Some(CEC)),
            (Parent::Unknown, Some(CEC), Some(CEC)),
            (Parent::Unknown, Some("https://cec.example.com:443"), Some(CEC)),
            (Parent::Known(CEC), None, Some(CEC)),
            (Parent::Known(CEC), Some(""), Some(CEC)),
            (Parent::Known(CEC), Some("https://other.example.com"), None),
            (Parent::Known("https://evil.example"), Some("https://evil.example"), None),
            (Parent::Unknown, Some("https://evil.example"), None),
            (Parent::Known("https://evil.example"), Some(CEC), None),
            (Parent::Known("https://evil.example"), None, None),
            (Parent::Known("null"), Some(CEC), None),
            (Parent::Unknown, None, None),
            (Parent::None, Some(CEC), None),
            (Parent::Known(CEC), Some("*"), None),
            (Parent::Unknown, Some("*"), None),
        ] {
            let chosen = choose(top, two, claimed);
            assert_eq!(chosen.as_deref().ok(), expected, "{top:?} {claimed:?}");
            if let Err(error) = chosen {
                assert_eq!(error.code, crate::Code::OriginRefused);
            }
        }
        assert_eq!(choose(Parent::Unknown, Some(CEC), None).unwrap(), CEC);
    }

    #[test]
    fn what_is_no_origin_is_an_invalid_option() {
        for (allowed, claimed) in [
            (None, Some(CEC)),
            (Some(""), None),
            (Some("*"), Some("*")),
            (Some(CEC), Some("null")),
            (Some(CEC), Some("javascript:alert(1)")),
            (Some("https://*.example.com"), Some(CEC)),
        ] {
            let error = choose(Parent::Known(CEC), allowed, claimed).unwrap_err();
            assert_eq!(error.code, crate::Code::InvalidOption, "{allowed:?} {claimed:?}");
        }
    }

    #[test]
    fn only_documented_media_are_dialled_unless_asked_for() {
        let number = PhoneNumber::parse("10086").unwrap();
        assert!(call_out(&number, "email", false).is_err());
        assert!(call_out(&number, "email", true).unwrap().ends_with("\"email\"]}"));
        for media in ["", "a\"b", "语音"] {
            assert!(call_out(&number, media, true).is_err(), "{media}");
        }
    }

    proptest! {
        #[test]
        fn only_a_listed_origin_is_ever_chosen(top in "https://[a-c]\\.com", claimed in "https://[a-c]\\.com", listed in "https://[a-c]\\.com") {
            let chosen = choose(Parent::Known(&top), Some(&listed), Some(&claimed));
            prop_assert_eq!(chosen.is_ok(), top == claimed && claimed == listed);
        }

        #[test]
        fn a_message_is_json_of_its_parts(number in "[+]?[0-9]{7,12}", media in "[a-z]{1,8}") {
            let number = PhoneNumber::parse(&number).unwrap();
            let message = call_out(&number, &media, true).unwrap();
            let json: serde_json::Value = serde_json::from_str(&message).unwrap();
            prop_assert_eq!(json, serde_json::json!({ "name": "callout", "param": [number.as_str(), media] }));
        }
    }
}
