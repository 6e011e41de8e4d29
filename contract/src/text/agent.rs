//! One-click dial of a page inside CEC's agent workbench (`docs/vendor/field.md` F12): to which origin the message
//! goes, and what it says.

use crate::error::Error;
use crate::redact;
use crate::tables::call::AGENT_MEDIA;
use crate::text::number::PhoneNumber;
use crate::text::origin::{ANY, Parent, parse, refuse};
use crate::text::scan::split;

/// Decides the origin to post to.
///
/// `allowed` has the origins of the company's workbenches, one in a line. `claimed` is what the page's address
/// says, an origin or a whole address: an attacker may have written it, so it only chooses among the allowed
/// ones. `top` is what the browser knows of the top window.
///
/// # Errors
/// [`crate::Code::InvalidOption`] for an invalid origin or a missing list; [`crate::Code::OriginRefused`] where the workbench
/// is not in the list, is not the top window, or is not known.
pub fn choose(top: Parent, allowed: Option<&str>, claimed: Option<&str>) -> Result<String, Error> {
    let wanted = match (claimed, top) {
        (Some(ANY), _) => Some(ANY.into()),
        (Some(address), _) if !address.is_empty() => Some(parse("origin", &origin_of(address))?),
        (_, Parent::Known(real)) => Some(real.into()),
        _ => None,
    };
    let (mut chosen, mut count) = (None, 0);
    for one in split(allowed.unwrap_or_default(), b'\n') {
        let origin = parse("allowOrigins", one)?;
        count += 1;
        if wanted.as_ref().is_none_or(|wanted| *wanted == origin) {
            chosen = Some(origin);
        }
    }
    match (top, wanted, chosen) {
        (Parent::None, ..) => {
            refuse("a page inside a workbench's frame", "a page that is not in a frame")
        }
        (_, Some(wanted), None) => refuse("a workbench of allowOrigins", &wanted),
        (Parent::Known(real), _, Some(chosen)) if real != chosen => {
            refuse("the workbench that origin names", real)
        }
        // A single workbench needs no address to name it: the browser delivers to no other.
        (_, wanted, Some(chosen)) if wanted.is_some() || count == 1 => Ok(chosen),
        _ => refuse("a workbench that the browser or origin names", "none"),
    }
}

/// The scheme, host and port of an address as a browser's origin has them.
fn origin_of(address: &str) -> String {
    let bytes = address.as_bytes();
    let host = bytes.windows(3).position(|three| three == b"://").map_or(bytes.len(), |at| at + 3);
    let path = bytes[host..].iter().position(|c| b"/?#\\".contains(c));
    address[..path.map_or(bytes.len(), |at| host + at)].to_ascii_lowercase()
}

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
            (Parent::Unknown, Some("https://cec.example.com/"), Some(CEC)),
            (Parent::Known(CEC), Some("https://CEC.example.com"), Some(CEC)),
            (
                Parent::Known(CEC),
                Some("HTTPS://cec.example.com:443/service-cloud/?a=b#c"),
                Some(CEC),
            ),
            (Parent::Unknown, Some("https://cec.example.com?a"), Some(CEC)),
            (Parent::Unknown, Some("https://cec.example.com\\@evil.example"), Some(CEC)),
            (Parent::Unknown, Some("https://evil.example/https://cec.example.com"), None),
            (Parent::Unknown, Some("https://cec.example.com.evil.example/"), None),
            (Parent::Unknown, Some("https://cec.example.com:8443/"), None),
            (Parent::Known("https://evil.example"), Some("https://cec.example.com/"), None),
            (Parent::Unknown, Some(""), None),
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
    fn a_refusal_names_no_option_that_cec_does_not_have() {
        let one = "https://other.example.com";
        let two = "https://other.example.com\nhttps://a.example.com";
        for (top, allowed, claimed, named) in [
            (Parent::Known(CEC), CEC, Some("null"), "origin"),
            (Parent::Known(CEC), CEC, Some("http://cec.example.com/"), "origin"),
            (Parent::Known(CEC), CEC, Some("https://u:p@cec.example.com/"), "origin"),
            (Parent::Known(CEC), one, Some(CEC), "a workbench of allowOrigins"),
            (Parent::Known(CEC), one, None, "a workbench of allowOrigins"),
            (Parent::Known(CEC), one, Some(one), "the workbench that origin names"),
            (Parent::Unknown, two, None, "a workbench that the browser or origin names"),
        ] {
            let error = choose(top, Some(allowed), claimed).unwrap_err();
            assert!([&error.at, &error.expected].iter().any(|text| *text == named), "{error}");
            let text = error.to_string();
            assert!(!text.contains("targetOrigin") && !text.contains("allowParents"), "{error}");
        }
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
