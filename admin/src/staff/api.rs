//! The contact centre's agents: `DescribeStaffInfoList` and `CreateStaff` (the agent SDK reference and guide, step 2;
//! shapes as in `models.py` of the vendor's public client).

use calldock_server::tccc::{Api, Failure};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A new agent, as `CreateStaff` takes it. No `Debug`: personal data.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NewStaff {
    /// The real name.
    pub name: String,
    /// The mail address, which is the account (`SeatUserId`).
    pub mail: String,
    /// The staff number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff_number: Option<String>,
    /// The telephone number with 00 and its country code, `0086…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The name that customers see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nick: Option<String>,
    /// An id in the company's own system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Names of skill groups, which must exist.
    #[serde(rename = "SkillGroupNameList", skip_serializing_if = "Vec::is_empty")]
    pub skill_groups: Vec<String>,
    /// The agent's role.
    pub role: Role,
    /// The extension: 4 to 6 digits, the first of them 1 to 8.
    #[serde(rename = "ExtensionNumber", skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
}

/// A role; a number in the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "u8")]
pub enum Role {
    /// An administrator.
    Admin = 1,
    /// Quality assurance: listens to recordings and rates them.
    Qa = 2,
    /// An ordinary agent.
    Agent = 3,
}

impl From<Role> for u8 {
    fn from(role: Role) -> Self {
        role as Self
    }
}

/// An agent as the vendor lists it; members that are left out are empty. No `Debug`: personal data.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Listed {
    /// The account.
    pub mail: Option<String>,
    /// The real name.
    pub name: Option<String>,
    /// The telephone number, in the vendor's format.
    pub phone: Option<String>,
    /// The name that customers see.
    pub nick: Option<String>,
    /// The staff number.
    pub staff_number: Option<String>,
    /// The role, if there is one.
    pub role_id: Option<u64>,
    /// All roles.
    pub role_list: Option<Vec<u64>>,
    /// The extension.
    pub extension_number: Option<String>,
    /// The skill groups.
    pub skill_group_list: Option<Vec<SkillGroup>>,
}

/// A skill group of an agent.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SkillGroup {
    /// Its name.
    pub skill_group_name: Option<String>,
}

/// An agent that was not created.
pub struct NotCreated {
    /// The mail address.
    pub mail: String,
    /// The vendor's code; `None` if it has no code's form.
    pub code: Option<String>,
}

/// Agents per page. The vendor allows 9999; a thousand with many skill groups each fit into the reply limit.
pub const PAGE_SIZE: usize = 1000;

/// Agents per `CreateStaff` (`docs/vendor/tccc.md` §4).
pub const BATCH: usize = 10;

/// More pages than any contact centre has: ends a listing that never ends.
const MAX_PAGES: usize = 10_000;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    total_count: usize,
    staff_list: Option<Vec<Listed>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Created {
    error_staff_list: Option<Vec<ErrStaffItem>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ErrStaffItem {
    #[serde(default)]
    staff_email: String,
    code: Option<Value>,
}

/// Lists all agents, page by page.
///
/// # Errors
/// A [`Failure`].
pub async fn list(api: &Api) -> Result<Vec<Listed>, Failure> {
    let mut staff = Vec::new();
    for number in 0..MAX_PAGES {
        let page: Page = describe(api, PAGE_SIZE, number).await?;
        let listed = page.staff_list.unwrap_or_default();
        let is_last = listed.is_empty();
        staff.extend(listed);
        if is_last || staff.len() >= page.total_count {
            return Ok(staff);
        }
    }
    Err(Failure::Unusable("its list of agents has no end"))
}

/// Checks the key with a call that only reads: one agent to a page, of which only the count is read.
///
/// # Errors
/// A [`Failure`].
pub async fn check_credentials(api: &Api) -> Result<(), Failure> {
    #[derive(Deserialize)]
    struct Counted {
        #[serde(rename = "TotalCount")]
        _total_count: serde::de::IgnoredAny,
    }
    describe::<Counted>(api, 1, 0).await.map(drop)
}

async fn describe<T: DeserializeOwned>(
    api: &Api,
    size: usize,
    number: usize,
) -> Result<T, Failure> {
    let body = json!({ "SdkAppId": api.sdk_app_id(), "PageSize": size, "PageNumber": number });
    let found = "no TotalCount and StaffList of the right types in it";
    api.request("DescribeStaffInfoList", body.to_string(), found, Ok).await
}

/// Creates at most [`BATCH`] agents and returns those that were not created.
///
/// # Errors
/// A [`Failure`] of the whole call. Unless it came from the vendor, the agents may have been created.
pub async fn create(
    api: &Api,
    staff: &[NewStaff],
    send_password: bool,
) -> Result<Vec<NotCreated>, Failure> {
    let body = json!({
        "SdkAppId": api.sdk_app_id(), "Staffs": staff, "SendPassword": send_password,
    });
    let found = "no ErrorStaffList of the right type in it";
    let created: Created = api.request("CreateStaff", body.to_string(), found, Ok).await?;
    let errors = created.error_staff_list.unwrap_or_default().into_iter();
    let errors = errors.map(|error| NotCreated {
        code: api.quotable(error.code.as_ref()),
        mail: error.staff_email,
    });
    Ok(errors.collect())
}
