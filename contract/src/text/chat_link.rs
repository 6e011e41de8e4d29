//! The address of TCCC's chat page (chat guide; `docs/vendor/tccc.md` §3; `docs/vendor/field.md` F7). Its query is
//! inside the hash.

use percent_encoding::percent_decode_str;

use crate::error::Error;
use crate::redact;
pub use crate::tables::origins::CHAT_PAGE;

/// The longest client data and signature, in bytes.
const MEMBER_LIMIT: usize = 8192;

/// What the chat page is opened with.
#[derive(Clone, PartialEq, Eq)]
pub struct ChatLink {
    /// The web channel: 32 hexadecimal digits.
    pub web_app_id: String,
    /// The title of the chat.
    pub title: Option<String>,
    /// The customer's data and the vendor's signature over it (`CreateUserSig`); absent in an unsigned
    /// chat. The data is exactly what was signed: a JSON text, encoded once and never rewritten.
    pub signed: Option<(String, String)>,
    /// Whether it is the page for phones (`#/H5chat`).
    pub mobile: bool,
    /// Whether the page hides its header.
    pub hide_header: bool,
}

impl ChatLink {
    /// Writes the hash of the chat page, with its `#`.
    ///
    /// # Errors
    /// [`crate::Code::InvalidOption`], naming the member.
    pub fn to_hash(&self) -> Result<String, Error> {
        check_web_app_id(&self.web_app_id)?;
        let mut hash =
            String::from(if self.mobile { "#/H5chat?webAppId=" } else { "#/chat?webAppId=" });
        hash.push_str(&self.web_app_id);
        let mut add = |name: &str, value: &str| {
            for part in ["&", name, "="] {
                hash.push_str(part);
            }
            encode_component(&mut hash, value);
        };
        if let Some(title) = &self.title {
            add("title", title);
        }
        if let Some((client_data, user_sig)) = &self.signed {
            for (name, value) in [("clientData", client_data), ("userSig", user_sig)] {
                if value.is_empty() || value.len() > MEMBER_LIMIT {
                    let found = redact::text(value);
                    return Err(Error::invalid(name, "a text of 1 to 8192 bytes", &found));
                }
                add(name, value);
            }
        }
        if self.hide_header {
            add("hideHeader", "1");
        }
        Ok(hash)
    }

    /// Reads the hash of a chat page back; `None` where it is not one.
    pub fn from_hash(hash: &str) -> Option<Self> {
        let (route, query) = hash.strip_prefix("#/")?.split_once('?')?;
        let mobile = match route {
            "chat" => false,
            "H5chat" => true,
            _ => return None,
        };
        let get = |name: &str| {
            let (_, value) =
                query.split('&').find_map(|pair| pair.split_once('=').filter(|p| p.0 == name))?;
            percent_decode_str(value).decode_utf8().ok().map(|value| value.into_owned())
        };
        Some(Self {
            web_app_id: get("webAppId")?,
            title: get("title"),
            signed: get("clientData").zip(get("userSig")),
            mobile,
            hide_header: get("hideHeader").as_deref() == Some("1"),
        })
    }
}

/// Writes a value as `encodeURIComponent` does; the vendor's own sample is encoded so, and a `+` for a space would
/// reach the agent as a plus. By hand: the library's table of all escapes is a hundredth of the host page.
fn encode_component(out: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for half in [byte >> 4, byte & 15] {
                out.push(char::from(b"0123456789ABCDEF"[usize::from(half)]));
            }
        }
    }
}

/// Checks the id of a web channel.
///
/// # Errors
/// [`crate::Code::InvalidOption`].
pub fn check_web_app_id(id: &str) -> Result<(), Error> {
    if id.len() == 32 && id.bytes().all(|c| c.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(Error::invalid("webAppId", "32 hexadecimal digits", &redact::text(id)))
}

impl std::fmt::Debug for ChatLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatLink")
            .field("web_app_id", &self.web_app_id)
            .field("signed", &self.signed.is_some())
            .field("mobile", &self.mobile)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    fn link() -> ChatLink {
        let client_data = r#"{"peerSource":"XX商城","nickName":"张三","uid":"zhangsan"}"#;
        ChatLink {
            web_app_id: "9903496b6be2e67ad291dd2323f3ae9f".into(),
            title: Some("foo".into()),
            signed: Some((client_data.into(), "eJx*a-b_".into())),
            mobile: false,
            hide_header: false,
        }
    }

    #[test]
    fn the_link_has_the_form_of_the_vendors_sample() {
        assert_eq!(
            link().to_hash().unwrap(),
            "#/chat?webAppId=9903496b6be2e67ad291dd2323f3ae9f&title=foo&clientData=%7B%22peerSource%22%3A%22XX%E5%95%86%E5%9F%8E%22%2C%22nickName%22%3A%22%E5%BC%A0%E4%B8%89%22%2C%22uid%22%3A%22zhangsan%22%7D&userSig=eJx*a-b_"
        );
    }

    #[test]
    fn an_unsigned_link_for_phones_without_a_header_is_built() {
        let link = ChatLink { signed: None, mobile: true, hide_header: true, ..link() };
        assert_eq!(
            link.to_hash().unwrap(),
            "#/H5chat?webAppId=9903496b6be2e67ad291dd2323f3ae9f&title=foo&hideHeader=1"
        );
    }

    #[test]
    fn a_bad_member_is_named() {
        let signed = |data: &str, sig: &str| Some((data.into(), sig.into()));
        let cases = [
            (ChatLink { web_app_id: "9903".into(), ..link() }, "webAppId"),
            (ChatLink { signed: signed("", "x"), ..link() }, "clientData"),
            (ChatLink { signed: signed("x", &"x".repeat(MEMBER_LIMIT + 1)), ..link() }, "userSig"),
        ];
        let longest = ChatLink { signed: signed("x", &"x".repeat(MEMBER_LIMIT)), ..link() };
        assert!(longest.to_hash().is_ok());
        let shown = format!("{longest:?}");
        assert!(shown.starts_with("ChatLink {") && shown.contains("signed: true"), "{shown}");
        assert!(!shown.contains("xxx"), "{shown}");
        for (link, name) in cases {
            assert_eq!(link.to_hash().unwrap_err().at, name);
        }
    }

    proptest! {
        #[test]
        fn values_are_escaped_as_the_library_does(value in "\\PC{0,20}|[ -~]{0,20}") {
            let kept = b"_.!~*'()".iter().fold(NON_ALPHANUMERIC.remove(b'-'), |set, c| set.remove(*c));
            let mut written = String::new();
            encode_component(&mut written, &value);
            prop_assert_eq!(written, utf8_percent_encode(&value, Box::leak(Box::new(kept))).to_string());
        }

        #[test]
        fn a_built_hash_reads_back(client_data in "\\PC{1,60}", user_sig in "[A-Za-z0-9*_-]{1,60}", title in proptest::option::of("\\PC{0,20}"), is_signed: bool, mobile: bool, hide_header: bool) {
            let signed = is_signed.then_some((client_data, user_sig));
            let link = ChatLink { signed, title, mobile, hide_header, ..link() };
            prop_assert_eq!(ChatLink::from_hash(&link.to_hash().unwrap()), Some(link));
        }

        #[test]
        fn no_text_panics(hash in "#/(H5)?chat\\?\\PC{0,80}") {
            let _ = ChatLink::from_hash(&hash);
        }
    }
}
