//! Whether the key is good, by a call that only reads.

use serde::de::IgnoredAny;
use serde_json::json;

use super::{Action, Api, Failure};

impl Api {
    /// `DescribeStaffInfoList` with one entry to a page; the entry is not looked at.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn try_credentials(&self) -> Result<(), Failure> {
        let body =
            json!({ "SdkAppId": self.sdk_app_id(), "PageSize": 1, "PageNumber": 0 }).to_string();
        self.call_for::<IgnoredAny>(Action::DescribeStaffInfoList, body, "no object in it").await?;
        Ok(())
    }
}
