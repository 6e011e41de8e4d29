//! One entry of the list, checked.

use super::api::{NewStaff, Role};

/// An agent of the list.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The line at which it begins.
    pub line: u64,
    /// The agent as `CreateStaff` takes it.
    pub staff: NewStaff,
    /// Whether the list has the role; otherwise it is an ordinary agent's.
    pub says_role: bool,
}

impl Person {
    /// Returns what identifies an agent: the mail address, in lower case.
    pub fn key(&self) -> String {
        key(&self.staff.mail)
    }
}

/// Normalises a mail address for comparison.
pub fn key(mail: &str) -> String {
    mail.trim().to_lowercase()
}

/// The columns, as the file's head and a JSON entry name them.
pub const COLUMNS: [&str; 9] =
    ["name", "mail", "phone", "nick", "userId", "staffNumber", "skillGroups", "role", "extension"];

/// Returns the index of a column in any spelling: `user id`, `User_ID` and `用户ID` are one.
pub fn column(head: &str) -> Option<usize> {
    let head: String =
        head.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-')).collect();
    let head = head.to_lowercase();
    let chinese = match head.as_str() {
        "姓名" | "名称" => "name",
        "邮箱" | "邮箱地址" => "mail",
        "email" => "mail",
        "手机" | "手机号" | "电话" => "phone",
        "昵称" => "nick",
        "用户id" => "userId",
        "工号" => "staffNumber",
        "技能组" | "skillgroup" => "skillGroups",
        "角色" => "role",
        "分机" | "分机号" => "extension",
        _ => return COLUMNS.iter().position(|known| known.to_lowercase() == head),
    };
    COLUMNS.iter().position(|known| *known == chinese)
}

/// An entry before it is checked: a text for each column, empty if it is missing.
#[derive(Default)]
pub struct Entry {
    /// As [`COLUMNS`]; that of skill groups stays empty.
    pub texts: [String; 9],
    /// Names of skill groups.
    pub skill_groups: Vec<String>,
}

impl Entry {
    /// Checks every part of an entry.
    ///
    /// # Errors
    /// What was expected, for each wrong column; never what was found, which is personal data.
    pub fn check(self, line: u64) -> Result<Person, Vec<(&'static str, &'static str)>> {
        let [name, mail, phone, nick, user_id, staff_number, _, role, extension] = self.texts;
        let mut wrong = Vec::new();
        let mut check = |column, text: String, rule: Rule, required: bool| {
            let text = text.trim();
            if text.is_empty() && !required {
                return None;
            }
            rule(text).map_err(|expected| wrong.push((column, expected))).ok()
        };
        let name = check("name", name, words, true);
        let mail = check("mail", mail, mail_address, true);
        let phone = check("phone", phone, telephone, false);
        let nick = check("nick", nick, words, false);
        let user_id = check("userId", user_id, words, false);
        let staff_number = check("staffNumber", staff_number, words, false);
        let extension = check("extension", extension, extension_number, false);
        let groups: Vec<_> = self.skill_groups.iter().map(|group| words(group.trim())).collect();
        let skill_groups = groups.into_iter().collect::<Result<Vec<_>, _>>();
        let skill_groups =
            skill_groups.map_err(|expected| wrong.push(("skillGroups", expected))).ok();
        let says_role = !role.trim().is_empty();
        let role = match role.trim().to_lowercase().as_str() {
            "admin" | "管理员" => Role::Admin,
            "qa" | "质检员" => Role::Qa,
            // The least rights by default.
            "" | "agent" | "客服" | "普通坐席" | "普通座席" => Role::Agent,
            _ => {
                wrong.push(("role", "expected admin, qa or agent"));
                Role::Agent
            }
        };
        match (name, mail, skill_groups) {
            (Some(name), Some(mail), Some(skill_groups)) if wrong.is_empty() => Ok(Person {
                line,
                staff: NewStaff {
                    name,
                    mail,
                    staff_number,
                    phone,
                    nick,
                    user_id,
                    skill_groups,
                    role,
                    extension,
                },
                says_role,
            }),
            _ => Err(wrong),
        }
    }
}

type Rule = fn(&str) -> Result<String, &'static str>;

fn words(text: &str) -> Result<String, &'static str> {
    let fits = (1..=64).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if fits { Ok(text.into()) } else { Err("expected 1 to 64 characters in one line") }
}

fn mail_address(text: &str) -> Result<String, &'static str> {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"\"(),:;<>[]\\".contains(c);
    let parts: Vec<&str> = text.split('@').collect();
    match parts[..] {
        [account, domain]
            if !account.is_empty()
                && domain.contains('.')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
                && text.len() <= 128
                && text.chars().all(plain) =>
        {
            Ok(text.into())
        }
        _ => Err("expected a mail address, like agent@example.com"),
    }
}

/// `+86…` becomes `0086…`. A number without 00 is refused: a spreadsheet may have removed the zeros.
fn telephone(text: &str) -> Result<String, &'static str> {
    let number = text.strip_prefix('+').or_else(|| text.strip_prefix("00")).unwrap_or_default();
    let fits = (7..=15).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && !number.starts_with('0');
    if fits {
        Ok(format!("00{number}"))
    } else {
        Err(
            "expected 00 and the country code before the number, like 008613800000000; in a spreadsheet the column must be text, or the zeros are lost",
        )
    }
}

/// `SeatUserInfo.ExtensionNumber`: "1 到 8 打头，4 - 6 位".
fn extension_number(text: &str) -> Result<String, &'static str> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (4..=6).contains(&text.len()) && (b'1'..=b'8').contains(&text.as_bytes()[0]) {
        Ok(text.into())
    } else {
        Err("expected 4 to 6 digits, the first of them 1 to 8")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(set: &[(&str, &str)]) -> Entry {
        let mut entry = Entry::default();
        for (name, text) in [("name", "张三"), ("mail", "agent@example.com")].iter().chain(set) {
            entry.texts[column(name).unwrap()] = (*text).into();
        }
        entry
    }

    #[test]
    fn a_complete_entry_becomes_the_vendors_format() {
        let set = [("phone", " +8613800000000 "), ("role", "QA"), ("extension", "8001")];
        let Ok(person) = entry(&set).check(7) else { panic!("refused") };
        assert_eq!((person.line, person.key().as_str()), (7, "agent@example.com"));
        let staff = serde_json::to_value(&person.staff).unwrap();
        assert_eq!(
            staff,
            serde_json::json!({
                "Name": "张三", "Mail": "agent@example.com", "Phone": "008613800000000", "Role": 2,
                "ExtensionNumber": "8001",
            })
        );
    }

    #[test]
    fn every_wrong_column_is_named_and_no_value_is_repeated() {
        let table = [
            ("name", ""),
            ("name", "a\nb"),
            ("mail", ""),
            ("mail", "agent"),
            ("mail", "a@b@example.com"),
            ("mail", "agent@localhost"),
            ("mail", "a b@example.com"),
            ("phone", "13800000000"),
            ("phone", "8613800000000"),
            ("phone", "8.61E+12"),
            ("phone", "00086138000000"),
            ("phone", "0086 138 0000"),
            ("nick", "x\u{7f}"),
            ("role", "boss"),
            ("extension", "9001"),
            ("extension", "123"),
            ("extension", "８００１"),
        ];
        for (name, text) in table {
            let Err(wrong) = entry(&[(name, text)]).check(1) else { panic!("{name}: {text:?}") };
            assert_eq!(wrong.iter().map(|(column, _)| *column).collect::<Vec<_>>(), [name]);
        }
        let Err(wrong) = entry(&[("name", ""), ("mail", "x"), ("role", "x")]).check(1) else {
            panic!()
        };
        assert_eq!(wrong.len(), 3);
    }

    #[test]
    fn a_column_has_many_spellings() {
        for head in ["userId", "user id", "USER_ID", "用户ID"] {
            assert_eq!(column(head), Some(4), "{head}");
        }
        assert_eq!((column("姓名"), column("E-Mail"), column("secret")), (Some(0), Some(1), None));
    }
}
