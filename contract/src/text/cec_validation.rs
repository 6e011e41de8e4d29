//! CEC's request to validate a token, and the response (CEC guide, tables 1-6 and 1-7).

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::redact;

/// What CEC asks. Other members than the table's are ignored. `Debug` shows neither token nor visitor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CecQuestion {
    /// The token the page sent, with the vendor's capital letter.
    #[serde(rename = "Token")]
    pub token: String,
    /// The visitor's name the page sent.
    pub user_name: String,
    /// The visitor's id the page sent.
    pub user_id: String,
    /// The tenant space the page sent.
    pub tenant_space_id: String,
}

/// The response: 0 is valid, anything else is not. It travels with HTTP status 200 either way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CecVerdict {
    /// 0: valid.
    pub ret_code: i64,
    /// A few words, which do not say why a token is not valid.
    pub message: String,
}

impl CecVerdict {
    /// The token is the company's own, and for this visitor.
    pub fn valid() -> Self {
        Self { ret_code: 0, message: "validate success".into() }
    }

    /// It is not; one response for every reason.
    pub fn invalid() -> Self {
        Self { ret_code: 1, message: "validate failed".into() }
    }
}

impl fmt::Debug for CecQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CecQuestion")
            .field("token", &redact::text(&self.token))
            .field("user_name", &redact::text(&self.user_name))
            .field("user_id", &redact::text(&self.user_id))
            .field("tenant_space_id", &self.tenant_space_id)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn request_and_response_are_the_tables() {
        let question: CecQuestion = serde_json::from_str(
            r#"{"Token":"XXXXXXXX","userName":"Tom","userId":"10010001","tenantSpaceId":"202007159031","more":1}"#,
        )
        .unwrap();
        assert_eq!((question.token.as_str(), question.user_id.as_str()), ("XXXXXXXX", "10010001"));
        assert!(
            serde_json::from_str::<CecQuestion>(
                r#"{"token":"x","userName":"Tom","userId":"1","tenantSpaceId":"2"}"#
            )
            .is_err()
        );
        assert_eq!(
            serde_json::to_string(&CecVerdict::valid()).unwrap(),
            r#"{"retCode":0,"message":"validate success"}"#
        );
        assert_ne!(CecVerdict::invalid().ret_code, 0);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(token in ".{0,64}", name in ".{0,64}", id in ".{0,64}", code: i64) {
            let question = CecQuestion { token, user_name: name, user_id: id, tenant_space_id: "2".into() };
            let text = serde_json::to_string(&question).unwrap();
            prop_assert_eq!(serde_json::from_str::<CecQuestion>(&text).unwrap(), question);
            let verdict = CecVerdict { ret_code: code, message: String::new() };
            let text = serde_json::to_string(&verdict).unwrap();
            prop_assert_eq!(serde_json::from_str::<CecVerdict>(&text).unwrap(), verdict);
        }

        #[test]
        fn debug_shows_neither_token_nor_visitor(token in "[a-z0-9]{16,64}", name in "[A-Z]{12}", id in "u[0-9]{8}x") {
            let question = CecQuestion { token: token.clone(), user_name: name.clone(), user_id: id.clone(), tenant_space_id: "2".into() };
            let shown = format!("{question:?}");
            prop_assert!(shown.starts_with("CecQuestion {"), "{}", shown);
            prop_assert!(![token, name, id].iter().any(|private| shown.contains(private)), "{}", shown);
        }
    }
}
