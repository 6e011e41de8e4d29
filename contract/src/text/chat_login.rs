//! TCCC's online chat: what a page needs to open it for one visitor (chat guide, `docs/vendor/tccc.md` §3).

use serde::{Deserialize, Serialize};
use std::fmt;

use super::sdk_login::check_member;
use crate::error::Error;
use crate::redact;

/// The response of `POST /calldock/v1/tccc/chat`.
///
/// `client_data` is signed as it stands: it goes into the link unchanged, percent-encoded once.
/// `Debug` shows neither it nor the signature.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChatLogin {
    /// The web application the chat arrives at: 32 hexadecimal digits in the vendor's samples.
    pub web_app_id: String,
    /// JSON text with `peerSource`, `nickName`, `uid`, and whatever else the agent is to see.
    pub client_data: String,
    /// The vendor's signature over it.
    pub user_sig: String,
    /// When the signature ends, in seconds since 1970; at most an hour away.
    pub expires_at: u64,
}

/// No member is longer than this, in bytes: all of them go into an address.
const MEMBER_LIMIT: usize = 8192;

impl ChatLogin {
    /// Checks that no member is empty or too long.
    ///
    /// # Errors
    /// [`crate::Code::LoginFailed`], naming the member.
    pub fn validate(&self) -> Result<(), Error> {
        let members = [
            ("webAppId", &self.web_app_id),
            ("clientData", &self.client_data),
            ("userSig", &self.user_sig),
        ];
        members.into_iter().try_for_each(|(name, value)| check_member(name, value, MEMBER_LIMIT))
    }
}

impl fmt::Debug for ChatLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatLogin")
            .field("web_app_id", &self.web_app_id)
            .field("client_data", &redact::text(&self.client_data))
            .field("user_sig", &redact::text(&self.user_sig))
            .field("expires_at", &self.expires_at)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn login() -> ChatLogin {
        ChatLogin {
            web_app_id: "9903496b6be2e67ad291dd2323f3ae9f".into(),
            client_data: r#"{"peerSource":"XX商城","nickName":"张三","uid":"zhangsan"}"#.into(),
            user_sig: "eJxUkEtvm0AQx7".into(),
            expires_at: 1_626_079_529,
        }
    }

    #[test]
    fn the_members_have_the_wires_names() {
        let text = serde_json::to_string(&login()).unwrap();
        assert!(
            text.starts_with(
                r#"{"webAppId":"9903496b6be2e67ad291dd2323f3ae9f","clientData":"{\"peerSource\":"#
            ),
            "{text}"
        );
        assert!(text.ends_with(r#","userSig":"eJxUkEtvm0AQx7","expiresAt":1626079529}"#), "{text}");
    }

    #[test]
    fn an_empty_or_too_long_member_is_refused_by_name() {
        assert!(login().validate().is_ok());
        let error = ChatLogin { user_sig: " ".into(), ..login() }.validate().unwrap_err();
        assert_eq!(error.code, crate::Code::LoginFailed);
        assert_eq!(error.at, "login.userSig");
        assert!(ChatLogin { client_data: "x".repeat(8193), ..login() }.validate().is_err());
    }

    proptest! {
        #[test]
        fn a_written_login_reads_back(data in ".{1,64}", sig in ".{1,64}", at: u64) {
            let login = ChatLogin { client_data: data, user_sig: sig, expires_at: at, ..login() };
            let text = serde_json::to_string(&login).unwrap();
            prop_assert_eq!(serde_json::from_str::<ChatLogin>(&text).unwrap(), login);
        }

        #[test]
        fn debug_shows_neither_signature_nor_visitor(data in "[a-z0-9]{16,64}", sig in "[a-z0-9]{16,64}") {
            let login = ChatLogin { client_data: data.clone(), user_sig: sig.clone(), ..login() };
            let shown = format!("{login:?}");
            prop_assert!(shown.starts_with("ChatLogin {"), "{}", shown);
            prop_assert!(!shown.contains(&data) && !shown.contains(&sig));
        }
    }
}
