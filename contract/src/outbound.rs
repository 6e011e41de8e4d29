//! What an outbound call is asked with (`vendor/tccc.md` §1, `Call.startOutboundCall`).

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::phone_number::PhoneNumber;

/// The options of an outbound call, in the vendor's own names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutboundCall {
    /// The number to call; with `phone_encode_type`, its encoded form.
    pub phone_number: String,
    /// What the workbench shows in place of the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_desc: Option<String>,
    /// User-to-user information that travels with the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uui: Option<String>,
    /// The skill group on whose behalf the agent calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill_group_id: Option<String>,
    /// The number the far end sees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller_phone_number: Option<String>,
    /// The groups of numbers to choose the caller's from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serving_number_group_ids: Option<Vec<String>>,
    /// `number` says that `phone_number` is not a plain number but one the vendor has encoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_encode_type: Option<PhoneEncodeType>,
}

/// How a number is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PhoneEncodeType {
    /// The one form the vendor documents.
    Number,
}

impl OutboundCall {
    /// Checks the number, unless it is one only the vendor can read.
    ///
    /// # Errors
    /// [`crate::Code::InvalidOption`].
    pub fn validate(&self) -> Result<(), Error> {
        if self.phone_encode_type.is_none() {
            PhoneNumber::parse(&self.phone_number)?;
        } else if self.phone_number.trim().is_empty() {
            return Err(Error::invalid("phoneNumber", "an encoded number", "nothing"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(text: &str) -> OutboundCall {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_options_keep_the_vendors_names() {
        let text = r#"{"phoneNumber":"10086","phoneDesc":"张三","skillGroupId":"7","servingNumberGroupIds":["1"],"phoneEncodeType":"number"}"#;
        assert_eq!(serde_json::to_string(&call(text)).unwrap(), text);
    }

    #[test]
    fn a_plain_number_is_checked_and_an_encoded_one_is_not() {
        assert!(call(r#"{"phoneNumber":"10086"}"#).validate().is_ok());
        assert!(call(r#"{"phoneNumber":"abc"}"#).validate().is_err());
        assert!(call(r#"{"phoneNumber":"abc","phoneEncodeType":"number"}"#).validate().is_ok());
        assert!(call(r#"{"phoneNumber":" ","phoneEncodeType":"number"}"#).validate().is_err());
    }
}
