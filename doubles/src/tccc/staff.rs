//! Agents as the cloud API lists and creates them: `DescribeStaffInfoList` and `CreateStaff`, with the
//! shapes and codes of the vendor's public client (`models.py`, `errorcodes.py`).

use serde_json::{Map, Value, json};

use super::{
    Tccc,
    centre::{AGENT, COLLEAGUE, SKILL_GROUPS},
    parameters::Parameters,
    phone, tc3,
};
use crate::when::unix_s;

/// At most so many in one call.
const BATCH: usize = 10;
/// "分页尺寸，上限 9999".
const LARGEST_PAGE: u64 = 9999;
/// Licences the demo's contact centre has bought.
const LICENCES: usize = 200;
const MEMBERS: [&str; 9] = [
    "Name",
    "Mail",
    "StaffNumber",
    "Phone",
    "Nick",
    "UserId",
    "SkillGroupNameList",
    "Role",
    "ExtensionNumber",
];

/// One agent.
struct Staff {
    name: String,
    mail: String,
    staff_number: Option<String>,
    phone: Option<String>,
    nick: Option<String>,
    user_id: Option<String>,
    skill_groups: Vec<String>,
    role: u64,
    extension: Option<String>,
    modified: u64,
}

/// Everyone who is an agent.
pub struct StaffBook(Vec<Staff>);

impl Default for StaffBook {
    fn default() -> Self {
        let staff = |name: &str, mail: &str, role| Staff {
            name: name.into(),
            mail: mail.into(),
            staff_number: None,
            phone: None,
            nick: None,
            user_id: None,
            skill_groups: Vec::new(),
            role,
            extension: None,
            modified: unix_s(),
        };
        Self(vec![staff("张三", AGENT, 1), staff("刘先生", COLLEAGUE, 3)])
    }
}

impl StaffBook {
    /// All of them, for tests.
    pub fn view(&self) -> Value {
        self.0.iter().map(Staff::listed).collect()
    }

    /// Why an agent cannot be added to these, in the vendor's code.
    fn refuses(&self, new: &Staff) -> Option<&'static str> {
        let same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
        let mail = new.mail.to_lowercase();
        if self
            .0
            .iter()
            .any(|staff| staff.mail.to_lowercase() == mail || same(&staff.user_id, &new.user_id))
        {
            return Some("FailedOperation.DuplicatedAccount");
        }
        if self.0.iter().any(|staff| same(&staff.phone, &new.phone)) {
            return Some("InvalidParameterValue.PhoneNumIsBoundOtherAccount");
        }
        if new.phone.as_deref().is_some_and(|it| !it.starts_with("00") || !phone::dialable(it)) {
            return Some("InvalidParameterValue.PhoneNumInvalid");
        }
        if new.skill_groups.iter().any(|group| SKILL_GROUPS.iter().all(|(_, name)| name != group)) {
            return Some("InvalidParameterValue.SkillGroupError");
        }
        let taken = self.0.iter().any(|staff| same(&staff.extension, &new.extension));
        if taken || new.extension.as_deref().is_some_and(|extension| !is_extension(extension)) {
            return Some("InvalidParameterValue");
        }
        if !(1..=3).contains(&new.role) || !new.mail.contains('@') || new.name.is_empty() {
            return Some("InvalidParameterValue");
        }
        (self.0.len() >= LICENCES).then_some("LimitExceeded.InsufficientLicense")
    }
}

/// "1 到 8 打头，4 - 6 位".
fn is_extension(text: &str) -> bool {
    (4..=6).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.starts_with(|first| ('1'..='8').contains(&first))
}

impl Staff {
    fn read(parameters: &Parameters) -> Result<Self, tc3::Refusal> {
        let text = |name| parameters.optional_text(name).map(|text| text.map(str::to_owned));
        let groups = parameters.list("SkillGroupNameList")?.iter().map(|group| {
            let wrong = || ("InvalidParameter", "SkillGroupNameList: expected texts.".to_owned());
            group.as_str().map(str::to_owned).ok_or_else(wrong)
        });
        Ok(Self {
            name: parameters.text("Name")?.to_owned(),
            mail: parameters.text("Mail")?.to_owned(),
            staff_number: text("StaffNumber")?,
            phone: text("Phone")?,
            nick: text("Nick")?,
            user_id: text("UserId")?,
            skill_groups: groups.collect::<Result<_, _>>()?,
            role: parameters.optional_count("Role")?.unwrap_or(3),
            extension: text("ExtensionNumber")?,
            modified: unix_s(),
        })
    }

    fn listed(&self) -> Value {
        let groups = self.skill_groups.iter().map(|name| {
            let id = SKILL_GROUPS.iter().find(|(_, known)| known == name).map(|(id, _)| id);
            json!({ "SkillGroupId": id, "SkillGroupName": name, "Priority": 3, "Type": "ALL" })
        });
        json!({
            "Name": self.name, "Mail": self.mail, "Phone": self.phone.as_deref().unwrap_or_default(),
            "Nick": self.nick.as_deref().unwrap_or_default(),
            "StaffNumber": self.staff_number.as_deref().unwrap_or_default(),
            "RoleId": self.role, "RoleList": [self.role],
            "SkillGroupList": groups.collect::<Vec<_>>(), "LastModifyTimestamp": self.modified,
            "ExtensionNumber": self.extension.as_deref().unwrap_or_default(),
        })
    }
}

/// `DescribeStaffInfoList`: pages count from 0.
pub fn describe(tccc: &Tccc, body: &[u8]) -> Result<Map<String, Value>, tc3::Refusal> {
    let known = ["SdkAppId", "PageSize", "PageNumber", "StaffMail", "ModifiedTime", "SkillGroupId"];
    let parameters = Parameters::read(body, &known)?;
    parameters.sdk_app_id()?;
    let size = parameters.optional_count("PageSize")?.unwrap_or(20);
    let number = parameters.optional_count("PageNumber")?.unwrap_or(0);
    let mail = parameters.optional_text("StaffMail")?.map(str::to_lowercase);
    let since = parameters.optional_count("ModifiedTime")?.unwrap_or(0);
    let group = parameters.optional_count("SkillGroupId")?;
    if !(1..=LARGEST_PAGE).contains(&size) {
        return Err(("InvalidParameterValue", "PageSize: expected 1 to 9999.".into()));
    }
    let in_group = |staff: &Staff| {
        group.is_none_or(|id| {
            let wanted = SKILL_GROUPS.iter().find(|(known, _)| *known == id);
            wanted.is_some_and(|(_, name)| staff.skill_groups.iter().any(|group| group == name))
        })
    };
    let book = tccc.staff();
    let found: Vec<&Staff> = book
        .0
        .iter()
        .filter(|staff| mail.as_ref().is_none_or(|mail| staff.mail.to_lowercase() == *mail))
        .filter(|staff| staff.modified >= since && in_group(staff))
        .collect();
    let as_usize = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let page = found.iter().skip(as_usize(size.saturating_mul(number))).take(as_usize(size));
    let list: Vec<Value> = page.map(|staff| staff.listed()).collect();
    Ok(Map::from_iter([
        ("TotalCount".to_owned(), found.len().into()),
        ("StaffList".to_owned(), list.into()),
    ]))
}

/// `CreateStaff`: at most ten; those that cannot be are told one by one.
pub fn create(tccc: &Tccc, body: &[u8]) -> Result<Map<String, Value>, tc3::Refusal> {
    let parameters = Parameters::read(body, &["SdkAppId", "Staffs", "SendPassword"])?;
    parameters.sdk_app_id()?;
    parameters.flag("SendPassword")?;
    let listed = parameters.list("Staffs")?;
    if listed.is_empty() {
        return Err(super::parameters::missing("Staffs"));
    }
    if listed.len() > BATCH {
        return Err(("LimitExceeded.OutOfCountLimit", "Staffs: expected at most 10.".into()));
    }
    // All are read before one is created.
    let read = |staff: &Value| match staff {
        Value::Object(members) => Staff::read(&Parameters::of(members.clone(), &MEMBERS)?),
        _ => Err(("InvalidParameter", "Staffs: expected objects.".into())),
    };
    let listed = listed.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let mut errors = Vec::new();
    for staff in listed {
        let mut book = tccc.staff();
        match book.refuses(&staff) {
            Some(code) => errors.push(json!({
                "StaffEmail": staff.mail, "Code": code, "Message": "The staff cannot be created.",
            })),
            None => {
                tccc.centre().add(&staff.mail);
                book.0.push(staff);
            }
        }
    }
    Ok(Map::from_iter([("ErrorStaffList".to_owned(), errors.into())]))
}
