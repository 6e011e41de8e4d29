//! The contact centre's agents: `DescribeStaffInfoList` and `CreateStaff` (seeds 002 and 003, step 2;
//! shapes as in `models.py` of the vendor's public client).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Action, Api, Failure};

/// A new agent, as `CreateStaff` takes it. No `Debug`: it is a person.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NewStaff {
    /// The real name.
    pub name: String,
    /// The mail address, which is the account (`SeatUserId`).
    pub mail: String,
    /// The number in the company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff_number: Option<String>,
    /// The telephone number with 00 and its country code, `0086…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// What customers read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nick: Option<String>,
    /// An id of the company's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Names of skill groups, which must exist.
    #[serde(rename = "SkillGroupNameList", skip_serializing_if = "Vec::is_empty")]
    pub skill_groups: Vec<String>,
    /// What the agent may do.
    pub role: Role,
    /// The extension: 4 to 6 digits, the first of them 1 to 8.
    #[serde(rename = "ExtensionNumber", skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
}

/// What an agent may do; on the wire a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "u8")]
pub enum Role {
    /// 1, an administrator.
    Admin,
    /// 2, who listens to recordings and marks them.
    Qa,
    /// 3, an ordinary agent.
    Agent,
}

impl From<Role> for u8 {
    fn from(role: Role) -> Self {
        match role {
            Role::Admin => 1,
            Role::Qa => 2,
            Role::Agent => 3,
        }
    }
}

/// An agent as the vendor lists it; what it leaves out is empty. No `Debug`: it is a person.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Listed {
    /// The account.
    pub mail: Option<String>,
    /// The real name.
    pub name: Option<String>,
    /// The telephone number, in a form of the vendor's.
    pub phone: Option<String>,
    /// What customers read.
    pub nick: Option<String>,
    /// The number in the company.
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

/// A skill group of an agent's.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SkillGroup {
    /// Its name.
    pub skill_group_name: Option<String>,
}

/// One agent who was not created.
pub struct NotCreated {
    /// Who, by mail address.
    pub mail: String,
    /// The vendor's code; nothing if it is not of that form.
    pub code: Option<String>,
}

/// So many fit into one answer, each with thirty skill groups; the vendor would give 9999.
pub const PAGE_SIZE: usize = 20;

/// So many at once (`vendor/tccc.md` §4).
pub const BATCH: usize = 10;

/// A contact centre has fewer pages than this; an answer that never ends has more.
const MOST_PAGES: usize = 10_000;

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

impl Api {
    /// Every agent there is, page after page.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn staff(&self) -> Result<Vec<Listed>, Failure> {
        let mut staff = Vec::new();
        for number in 0..MOST_PAGES {
            let body = json!({
                "SdkAppId": self.sdk_app_id(), "PageSize": PAGE_SIZE, "PageNumber": number,
            });
            let found = "no TotalCount and StaffList of the right types in it";
            let page: Page =
                self.call_for(Action::DescribeStaffInfoList, body.to_string(), found).await?;
            let listed = page.staff_list.unwrap_or_default();
            let is_last = listed.is_empty();
            staff.extend(listed);
            if is_last || staff.len() >= page.total_count {
                return Ok(staff);
            }
        }
        Err(Failure::Unusable("its list of agents has no end"))
    }

    /// Creates at most [`BATCH`] agents; answers those that were not.
    ///
    /// # Errors
    /// A [`Failure`] of them all. After one of the way and not of the vendor's, they may have been created.
    pub async fn create_staff(
        &self,
        staff: &[NewStaff],
        send_password: bool,
    ) -> Result<Vec<NotCreated>, Failure> {
        let body = json!({
            "SdkAppId": self.sdk_app_id(), "Staffs": staff, "SendPassword": send_password,
        });
        let found = "no ErrorStaffList of the right type in it";
        let created: Created = self.call_for(Action::CreateStaff, body.to_string(), found).await?;
        let errors = created.error_staff_list.unwrap_or_default();
        Ok(errors
            .into_iter()
            .map(|error| NotCreated {
                code: self.quotable(error.code.as_ref()),
                mail: error.staff_email,
            })
            .collect())
    }
}
