//! Which agents of the list exist in the contact centre, and what differs.

use std::collections::BTreeMap;

use super::api::Listed;
use super::person::{Person, key};
use super::report::Outcome;

/// Compares each agent of the list, which exists, differs or is missing, and counts the agents that only the
/// contact centre has.
pub fn compare(people: &[Person], listed: &[Listed]) -> (Vec<Outcome>, usize) {
    let mut there: BTreeMap<String, &Listed> = listed
        .iter()
        .filter_map(|listed| Some((key(listed.mail.as_deref()?), listed)))
        .filter(|(mail, _)| !mail.is_empty())
        .collect();
    let outcomes = people
        .iter()
        .map(|person| match there.remove(&person.key()) {
            None => Outcome::Missing,
            Some(listed) => match differences(person, listed) {
                columns if columns.is_empty() => Outcome::Exists,
                columns => Outcome::Differs(columns),
            },
        })
        .collect();
    (outcomes, there.len())
}

/// Compares only the columns that the list fills in.
fn differences(person: &Person, listed: &Listed) -> Vec<&'static str> {
    let staff = &person.staff;
    let same = |wanted: Option<&String>, found: Option<&String>| {
        wanted.is_none_or(|wanted| found.is_some_and(|found| found.trim() == wanted))
    };
    let same_phone = staff.phone.as_ref().is_none_or(|wanted| {
        listed.phone.as_ref().is_some_and(|found| is_same_number(wanted, found))
    });
    let role = u64::from(u8::from(staff.role));
    let same_role = match (&listed.role_list, listed.role_id) {
        (Some(roles), _) if !roles.is_empty() => roles.contains(&role),
        (_, found) => found == Some(role),
    };
    let groups: Vec<&str> = listed
        .skill_group_list
        .iter()
        .flatten()
        .filter_map(|group| group.skill_group_name.as_deref())
        .collect();
    let same_groups = staff.skill_groups.iter().all(|wanted| groups.contains(&wanted.as_str()));
    [
        ("name", same(Some(&staff.name), listed.name.as_ref())),
        ("phone", same_phone),
        ("nick", same(staff.nick.as_ref(), listed.nick.as_ref())),
        ("staffNumber", same(staff.staff_number.as_ref(), listed.staff_number.as_ref())),
        ("skillGroups", same_groups),
        ("role", same_role || !person.says_role),
        ("extension", same(staff.extension.as_ref(), listed.extension_number.as_ref())),
    ]
    .into_iter()
    .filter_map(|(column, same)| (!same).then_some(column))
    .collect()
}

/// The vendor may list a number without 00, or without its country code.
fn is_same_number(wanted: &str, found: &str) -> bool {
    let digits: String = found.chars().filter(char::is_ascii_digit).collect();
    digits.len() >= 7 && wanted.ends_with(digits.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staff::file::{Form, read};

    fn people() -> Vec<Person> {
        let text = "name,mail,phone,role,skillGroups\n张三,Agent@example.com,008613800000000,agent,售前\nTom,tom@example.com,,,\n";
        let Ok(people) = read(text.as_bytes(), Form::Csv) else { panic!() };
        people
    }

    fn listed(text: &str) -> Vec<Listed> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn agents_are_matched_by_mail_address_in_any_case() {
        let there = listed(
            r#"[{"Mail":"AGENT@EXAMPLE.COM","Name":"张三","Phone":"13800000000","RoleId":3,"SkillGroupList":[{"SkillGroupName":"售前"},{"SkillGroupName":"投诉"}]},
               {"Mail":"colleague@example.com"},{"Mail":null},{}]"#,
        );
        assert_eq!(compare(&people(), &there), (vec![Outcome::Exists, Outcome::Missing], 1));
    }

    #[test]
    fn differences_are_named_by_column() {
        let there = listed(
            r#"[{"Mail":"agent@example.com","Name":"李四","Phone":"0755-26888888","RoleList":[1,2],"RoleId":3}]"#,
        );
        let columns = vec!["name", "phone", "skillGroups", "role"];
        assert_eq!(compare(&people(), &there).0, [Outcome::Differs(columns), Outcome::Missing]);
    }
}
