//! The login: what a page needs to start the vendor's agent script, and the script's dataset.

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use crate::error::{Code, Error};
use crate::redact;

/// The number of a TCCC application. On the wire a JSON number; a string of digits is understood too,
/// because the guides write it both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct SdkAppId(pub u64);

impl fmt::Display for SdkAppId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl SdkAppId {
    /// Reads a JavaScript number; `None` where it is not a whole number or too large to be exact.
    pub fn from_number(number: f64) -> Option<Self> {
        let whole = (0.0..=9_007_199_254_740_991.0).contains(&number) && number.fract() == 0.0;
        whole.then_some(Self(number as u64))
    }
}

impl FromStr for SdkAppId {
    type Err = ParseIntError;

    fn from_str(digits: &str) -> Result<Self, ParseIntError> {
        digits.parse().map(Self)
    }
}

impl<'de> Deserialize<'de> for SdkAppId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = SdkAppId;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("sdkAppId as a number")
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<SdkAppId, E> {
                Ok(SdkAppId(value))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<SdkAppId, E> {
                u64::try_from(value).map(SdkAppId).map_err(|_| E::custom("sdkAppId is negative"))
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<SdkAppId, E> {
                SdkAppId::from_number(value).ok_or(E::custom("sdkAppId is not a whole number"))
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<SdkAppId, E> {
                value.parse().map_err(|_| E::custom("sdkAppId is not a number"))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// What the server hands a page after `CreateSDKLoginToken` (the agent SDK reference and guide, steps 3 to 5).
///
/// It works once and for ten minutes, so it is requested again before every attempt. `Debug` shows
/// neither the token nor the address's query, which carries it again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SdkLogin {
    /// The SDK login token.
    pub token: String,
    /// Where the agent script is to be loaded from, this once.
    pub sdk_url: String,
    /// The TCCC application.
    pub sdk_app_id: SdkAppId,
    /// The agent: the mail address the agent has in TCCC.
    pub user_id: String,
    /// When the login ends, in seconds since 1970; informative, the vendor decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<u64>,
}

/// No member of a login is longer than this, in bytes.
pub(crate) const MEMBER_LIMIT: usize = 4096;

/// Checks a member of any vendor's login: it must not be empty, nor longer than `limit` bytes.
///
/// # Errors
/// [`Code::LoginFailed`], naming the member.
pub(crate) fn check_member(name: &str, value: &str, limit: usize) -> Result<(), Error> {
    if !value.trim().is_empty() && value.len() <= limit {
        return Ok(());
    }
    let (what, found) = (["login.", name].concat(), redact::text(value.trim()));
    let expected = ["a text of 1 to ", &limit.to_string(), " bytes"].concat();
    Err(Error::new(Code::LoginFailed, what, expected, found))
}

impl SdkLogin {
    /// Checks that no member is empty or too long.
    ///
    /// # Errors
    /// [`Code::LoginFailed`], naming the member.
    pub fn validate(&self) -> Result<(), Error> {
        let members =
            [("token", &self.token), ("sdkUrl", &self.sdk_url), ("userId", &self.user_id)];
        members
            .into_iter()
            .try_for_each(|(name, value)| check_member(name, value, MEMBER_LIMIT))?;
        if self.sdk_app_id.0 == 0 {
            return Err(Error::new(Code::LoginFailed, "login.sdkAppId", "a positive number", "0"));
        }
        Ok(())
    }
}

impl fmt::Debug for SdkLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SdkLogin")
            .field("token", &redact::text(&self.token))
            .field("sdk_url", &redact::url(&self.sdk_url))
            .field("sdk_app_id", &self.sdk_app_id)
            .field("user_id", &redact::text(&self.user_id))
            .field("expires_at", &self.expires_at)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_application_is_written_as_its_number_and_another_value_is_refused() {
        assert_eq!(SdkAppId(1_400_000_000).to_string(), "1400000000");
        let error = serde_json::from_str::<SdkAppId>("[]").unwrap_err();
        assert!(error.to_string().contains("expected sdkAppId as a number"), "{error}");
    }

    fn login() -> SdkLogin {
        SdkLogin {
            token: "0123456789abcdef".into(),
            sdk_url: "https://tccc.qcloud.com/sdk/tcccSdk.js?token=0123456789abcdef".into(),
            sdk_app_id: SdkAppId(1_400_000_000),
            user_id: "agent@example.com".into(),
            expires_at: Some(1_700_000_600),
        }
    }

    #[test]
    fn sdk_app_id_is_read_from_a_number_or_from_digits() {
        for text in ["1400000000", "\"1400000000\"", "1400000000.0"] {
            assert_eq!(serde_json::from_str::<SdkAppId>(text).unwrap(), SdkAppId(1_400_000_000));
        }
        for text in ["-1", "1.5", "\"14x\"", "null", "1e300"] {
            assert!(serde_json::from_str::<SdkAppId>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_empty_member_is_refused_by_name() {
        let error = SdkLogin { token: " ".into(), ..login() }.validate().unwrap_err();
        assert_eq!(error.code, Code::LoginFailed);
        assert_eq!(error.at, "login.token");
        assert!(SdkLogin { sdk_app_id: SdkAppId(0), ..login() }.validate().is_err());
        assert!(login().validate().is_ok());
    }

    proptest! {
        #[test]
        fn a_written_login_reads_back(token in ".{1,64}", id in any::<u32>(), user in ".{1,64}", at in any::<Option<u64>>()) {
            let login = SdkLogin { token, sdk_app_id: SdkAppId(id.into()), user_id: user, expires_at: at, ..login() };
            let text = serde_json::to_string(&login).unwrap();
            prop_assert_eq!(serde_json::from_str::<SdkLogin>(&text).unwrap(), login);
        }

        #[test]
        fn debug_shows_no_token(token in "[a-z0-9]{16,64}") {
            let shown = format!("{:?}", SdkLogin { sdk_url: format!("https://h/s.js?token={token}"), token: token.clone(), ..login() });
            prop_assert!(shown.starts_with("SdkLogin {"), "{}", shown);
            prop_assert!(!shown.contains(&token));
        }
    }
}
