//! The address of TCCC's chat page (seed 000; `vendor/tccc.md` §3). Its query is inside the hash.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::error::Error;
use crate::redact;

/// The vendor's chat page.
pub const CHAT_PAGE: &str = "https://tccc.qcloud.com/web/im/index.html";

/// What a client's data and a signature may be at most, in bytes.
const MEMBER_LIMIT: usize = 8192;

/// What `encodeURIComponent` leaves as it is; the vendor's own sample is encoded so. A `+` for a space
/// would reach the agent as a plus.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// What the chat page is opened with.
#[derive(Clone, PartialEq, Eq)]
pub struct ChatLink {
    /// The web channel: 32 hexadecimal digits.
    pub web_app_id: String,
    /// The title of the chat, if it is to have one.
    pub title: Option<String>,
    /// The customer's data, exactly as it was signed: a JSON text, encoded once and never rewritten.
    pub client_data: String,
    /// The vendor's signature over it (`CreateUserSig`).
    pub user_sig: String,
}

impl ChatLink {
    /// The hash of the chat page, with its `#`.
    ///
    /// # Errors
    /// [`crate::Code::InvalidOption`], naming the member.
    pub fn to_hash(&self) -> Result<String, Error> {
        check_web_app_id(&self.web_app_id)?;
        for (name, value) in [("clientData", &self.client_data), ("userSig", &self.user_sig)] {
            if value.is_empty() || value.len() > MEMBER_LIMIT {
                let found = redact::text(value);
                return Err(Error::invalid(name, "a text of 1 to 8192 bytes", &found));
            }
        }
        let mut hash = String::from("#/chat?webAppId=");
        hash.push_str(&self.web_app_id);
        let title = self.title.as_ref().map(|title| ("title", title));
        let signed = [("clientData", &self.client_data), ("userSig", &self.user_sig)];
        for (name, value) in title.into_iter().chain(signed) {
            hash.push('&');
            hash.push_str(name);
            hash.push('=');
            hash.extend(utf8_percent_encode(value, COMPONENT));
        }
        Ok(hash)
    }

    /// Reads the hash of a chat page back; `None` where it is not one.
    pub fn from_hash(hash: &str) -> Option<Self> {
        let query = hash.strip_prefix('#')?.strip_prefix("/chat?")?;
        let get = |name: &str| {
            let (_, value) =
                query.split('&').find_map(|pair| pair.split_once('=').filter(|p| p.0 == name))?;
            percent_decode_str(value).decode_utf8().ok().map(|value| value.into_owned())
        };
        Some(Self {
            web_app_id: get("webAppId")?,
            title: get("title"),
            client_data: get("clientData")?,
            user_sig: get("userSig")?,
        })
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
            .field("client_data", &redact::text(&self.client_data))
            .field("user_sig", &redact::text(&self.user_sig))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn link() -> ChatLink {
        ChatLink {
            web_app_id: "9903496b6be2e67ad291dd2323f3ae9f".into(),
            title: Some("foo".into()),
            client_data: r#"{"peerSource":"XX商城","nickName":"张三","uid":"zhangsan"}"#.into(),
            user_sig: "eJx*a-b_".into(),
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
    fn a_bad_member_is_named() {
        let cases = [
            (ChatLink { web_app_id: "9903".into(), ..link() }, "webAppId"),
            (ChatLink { client_data: String::new(), ..link() }, "clientData"),
            (ChatLink { user_sig: "x".repeat(9000), ..link() }, "userSig"),
        ];
        for (link, name) in cases {
            assert!(link.to_hash().unwrap_err().message.starts_with(name));
        }
    }

    proptest! {
        #[test]
        fn whatever_is_built_parses_back(client_data in "\\PC{1,60}", user_sig in "[A-Za-z0-9*_-]{1,60}", title in proptest::option::of("\\PC{0,20}")) {
            let link = ChatLink { client_data, user_sig, title, ..link() };
            prop_assert_eq!(ChatLink::from_hash(&link.to_hash().unwrap()), Some(link));
        }

        #[test]
        fn whatever_is_parsed_never_panics(hash in "#/chat\\?\\PC{0,80}") {
            let _ = ChatLink::from_hash(&hash);
        }
    }
}
