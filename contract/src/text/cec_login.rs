//! CEC's chat login: what a page sends to the vendor so that a visitor may chat.
//!
//! The server confirms four members (name, id, tenant, channel), and the page must send exactly
//! those; so they come back together with the proof (`docs/vendor/huawei.md` §1, the CEC guide
//! chapters 1.5.1 and 2.5.1).

use serde::{Deserialize, Serialize};
use std::fmt;

use super::sdk_login::{MEMBER_LIMIT, check_member};
use crate::error::Error;
use crate::redact;

/// The response of `POST /calldock/v1/cec/login`. Good for one page view.
///
/// `Debug` shows neither the proof nor the visitor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CecLogin {
    /// The proof; the member `mode` says which kind it is.
    #[serde(flatten)]
    pub credential: CecCredential,
    /// The visitor's id in the company's own system.
    pub third_user_id: String,
    /// The visitor's name, as the agent reads it.
    pub third_user_name: String,
    /// The company's tenant space at the vendor.
    pub tenant_space_id: String,
    /// The web channel the chat arrives at.
    pub channel_config_id: String,
}

/// The guide's two kinds of proof. A login has one of them, never both.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "mode", rename_all = "lowercase")]
pub enum CecCredential {
    /// Chapter 1: an opaque token, which CEC hands back to the company's server to be checked. Travels
    /// in the body member `thirdUserToken`.
    Token {
        /// The token.
        token: String,
    },
    /// Chapter 2, the guest mode: a signature over the four members. Travels in `thirdPartAuthorization`.
    Authorization {
        /// `auth-v2/<accessKey>/<timestamp>/<signedHeaders>/<signature>`.
        authorization: String,
    },
}

impl CecCredential {
    /// The mode's name on the wire.
    pub const fn mode(&self) -> &'static str {
        match self {
            Self::Token { .. } => "token",
            Self::Authorization { .. } => "authorization",
        }
    }

    /// The proof, of either kind.
    pub fn secret(&self) -> &str {
        match self {
            Self::Token { token } => token,
            Self::Authorization { authorization } => authorization,
        }
    }

    /// The member of the vendor's request body it travels in.
    pub const fn body_member(&self) -> &'static str {
        match self {
            Self::Token { .. } => "thirdUserToken",
            Self::Authorization { .. } => "thirdPartAuthorization",
        }
    }
}

impl CecLogin {
    /// Checks that no member is empty or too long.
    ///
    /// # Errors
    /// [`crate::Code::LoginFailed`], naming the member.
    pub fn validate(&self) -> Result<(), Error> {
        let members = [
            (self.credential.mode(), self.credential.secret()),
            ("thirdUserId", &self.third_user_id),
            ("thirdUserName", &self.third_user_name),
            ("tenantSpaceId", &self.tenant_space_id),
            ("channelConfigId", &self.channel_config_id),
        ];
        members.into_iter().try_for_each(|(name, value)| check_member(name, value, MEMBER_LIMIT))
    }
}

impl fmt::Debug for CecLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CecLogin")
            .field("credential", &self.credential)
            .field("third_user_id", &redact::text(&self.third_user_id))
            .field("third_user_name", &redact::text(&self.third_user_name))
            .field("tenant_space_id", &self.tenant_space_id)
            .field("channel_config_id", &self.channel_config_id)
            .finish()
    }
}

impl fmt::Debug for CecCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.mode(), redact::text(self.secret()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn login(credential: CecCredential) -> CecLogin {
        CecLogin {
            credential,
            third_user_id: "10010001".into(),
            third_user_name: "Tom".into(),
            tenant_space_id: "202007159031".into(),
            channel_config_id: "817854979183314945".into(),
        }
    }

    fn credential(signed: bool, text: String) -> CecCredential {
        if signed {
            CecCredential::Authorization { authorization: text }
        } else {
            CecCredential::Token { token: text }
        }
    }

    #[test]
    fn the_mode_tells_which_member_is_the_credential() {
        let text =
            serde_json::to_string(&login(CecCredential::Token { token: "abc".into() })).unwrap();
        assert_eq!(
            text,
            r#"{"mode":"token","token":"abc","thirdUserId":"10010001","thirdUserName":"Tom","tenantSpaceId":"202007159031","channelConfigId":"817854979183314945"}"#
        );
        let signed = text.replace("token", "authorization");
        let login: CecLogin = serde_json::from_str(&signed).unwrap();
        assert_eq!(login.credential.mode(), "authorization");
        assert_eq!(login.credential.body_member(), "thirdPartAuthorization");
        for broken in [
            signed.replace(r#""mode":"authorization","#, ""),
            signed.replace(r#""mode":"authorization""#, r#""mode":"token""#),
            signed.replace(r#""mode":"authorization""#, r#""mode":"Token""#),
            signed.replace(r#","thirdUserId":"10010001""#, ""),
        ] {
            assert!(serde_json::from_str::<CecLogin>(&broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn an_empty_member_is_refused_by_name() {
        let good = login(credential(true, "auth-v2/…".into()));
        assert!(good.validate().is_ok());
        let error = login(credential(true, " ".into())).validate().unwrap_err();
        assert_eq!(error.code, crate::Code::LoginFailed);
        assert_eq!(error.at, "login.authorization");
        let nameless = CecLogin { third_user_name: String::new(), ..good };
        assert_eq!(nameless.validate().unwrap_err().at, "login.thirdUserName");
    }

    proptest! {
        #[test]
        fn a_written_login_reads_back(signed: bool, text in ".{1,64}", id in ".{1,64}", name in ".{1,64}") {
            let login = CecLogin { third_user_id: id, third_user_name: name, ..login(credential(signed, text)) };
            let text = serde_json::to_string(&login).unwrap();
            prop_assert_eq!(serde_json::from_str::<CecLogin>(&text).unwrap(), login);
        }

        #[test]
        fn debug_shows_the_mode_and_neither_the_credential_nor_the_visitor(signed: bool, text in "[a-z0-9]{16,64}", id in "u[0-9]{8}x", name in "[A-Z]{12}") {
            let login = CecLogin { third_user_id: id.clone(), third_user_name: name.clone(), ..login(credential(signed, text.clone())) };
            let shown = format!("{login:?} {login:#?}");
            prop_assert!(shown.starts_with("CecLogin {"), "{}", shown);
            let mode = if signed { "authorization(‹" } else { "token(‹" };
            prop_assert!(shown.contains(mode), "{}", shown);
            prop_assert!(![text, id, name].iter().any(|private| shown.contains(private)), "{}", shown);
        }
    }
}
