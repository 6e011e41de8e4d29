//! Whether the key is good, by a call that only reads.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use super::{Action, Api, Failure};

/// Of the answer only this is looked at: the rest is people.
#[derive(Deserialize)]
struct Counted {
    #[serde(rename = "TotalCount")]
    _total_count: IgnoredAny,
}

impl Api {
    /// `DescribeStaffInfoList` with one entry to a page.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn try_credentials(&self) -> Result<(), Failure> {
        let body =
            json!({ "SdkAppId": self.sdk_app_id(), "PageSize": 1, "PageNumber": 0 }).to_string();
        let found = "no TotalCount in it";
        self.call_for::<Counted>(Action::DescribeStaffInfoList, body, found).await.map(drop)
    }
}
