//! The list: `agents.csv` or `agents.json`, in UTF-8, and every mistake in it by its line.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use calldock_signing::Members;
use calldock_signing::members::Value;
use serde_json::value::RawValue;

use super::person::{COLUMNS, Entry, Person, column};

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1.
    pub line: u64,
    /// What was expected; never what was found.
    pub what: String,
}

/// All mistakes of a list, by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl Mistakes {
    fn one(line: u64, what: impl Into<String>) -> Self {
        Self(vec![Mistake { line, what: what.into() }])
    }

    fn add(&mut self, line: u64, what: impl Into<String>) {
        self.0.push(Mistake { line, what: what.into() });
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, noun) = (self.0.len(), if self.0.len() == 1 { "mistake" } else { "mistakes" });
        write!(f, "{count} {noun} in the list, nothing was sent:")?;
        self.0.iter().try_for_each(|Mistake { line, what }| write!(f, "\n  line {line}: {what}"))
    }
}

/// The format of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A header with column names, then a line for each agent.
    Csv,
    /// An array of objects.
    Json,
}

impl Form {
    /// Determines the format by the file's extension.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Reads a list and checks that no agent is in it twice.
///
/// # Errors
/// All [`Mistakes`].
pub fn read(bytes: &[u8], form: Form) -> Result<Vec<Person>, Mistakes> {
    let text = text_of(bytes)?;
    let mut mistakes = Mistakes::default();
    let entries = match form {
        Form::Csv => of_csv(text, &mut mistakes)?,
        Form::Json => of_json(text, &mut mistakes)?,
    };
    let mut people = Vec::new();
    for (line, entry) in entries {
        match entry.check(line) {
            Ok(person) => people.push(person),
            Err(wrong) => {
                for (column, expected) in wrong {
                    mistakes.add(line, format!("{column}: {expected}"));
                }
            }
        }
    }
    duplicates(&people, &mut mistakes);
    mistakes.0.sort_by_key(|mistake| mistake.line);
    if people.is_empty() && mistakes.0.is_empty() {
        mistakes.add(1, "expected at least one agent, found none");
    }
    if mistakes.0.is_empty() { Ok(people) } else { Err(mistakes) }
}

/// Decodes UTF-8, with or without the byte order mark that Excel writes.
fn text_of(bytes: &[u8]) -> Result<&str, Mistakes> {
    const SAVE: &str =
        "save it as \"CSV UTF-8\" (in Chinese Excel: 另存为 CSV UTF-8（逗号分隔）, not plain CSV)";
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Mistakes::one(1, format!("expected UTF-8, found UTF-16; {SAVE}")));
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let line = line_at(&bytes[..error.valid_up_to()]);
        Mistakes::one(line, format!("expected UTF-8, found another encoding, perhaps GBK; {SAVE}"))
    })
}

fn line_at(before: &[u8]) -> u64 {
    before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1
}

fn of_csv(text: &str, mistakes: &mut Mistakes) -> Result<Vec<(u64, Entry)>, Mistakes> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let broken = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        Mistakes::one(line, "expected comma-separated values, found a broken line")
    };
    let mut columns = Vec::new();
    for head in reader.headers().map_err(broken)? {
        match column(head) {
            // A column without a name may be empty.
            None if head.trim().is_empty() => columns.push(None),
            None => mistakes.add(
                1,
                format!("a column of another name; expected commas between {}", COLUMNS.join(", ")),
            ),
            Some(at) if columns.contains(&Some(at)) => {
                mistakes.add(1, format!("{}: expected one such column, found two", COLUMNS[at]));
            }
            Some(at) => columns.push(Some(at)),
        }
    }
    for (at, name) in ["name", "mail"].into_iter().enumerate() {
        if !columns.contains(&Some(at)) {
            mistakes.add(1, format!("{name}: expected a column of this name"));
        }
    }
    if !mistakes.0.is_empty() {
        return Err(std::mem::take(mistakes));
    }
    let mut entries = Vec::new();
    let mut lines = Lines { text, offset: 0, line: 1 };
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let line = lines.of(record.position().map_or(0, csv::Position::byte));
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let mut entry = Entry::default();
        let mut too_many = false;
        for (at, cell) in record.iter().enumerate() {
            match columns.get(at).copied().flatten() {
                Some(column) if COLUMNS[column] == "skillGroups" => {
                    entry.skill_groups = groups(cell);
                }
                Some(column) => entry.texts[column] = cell.into(),
                None => too_many |= !cell.trim().is_empty(),
            }
        }
        if too_many {
            mistakes.add(line, "expected no cell beyond the header's columns");
        }
        entries.push((line, entry));
    }
    Ok(entries)
}

/// Counts lines. The reader's own count is wrong between `\r` and `\n`.
struct Lines<'a> {
    text: &'a str,
    offset: usize,
    line: u64,
}

impl Lines<'_> {
    /// Returns the line of a record that begins at this offset, or after the line ends there.
    fn of(&mut self, place: u64) -> u64 {
        let text = self.text.as_bytes();
        let place = usize::try_from(place).unwrap_or(usize::MAX).clamp(self.offset, text.len());
        let ends = text[place..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.line += line_at(&text[self.offset..place + ends]) - 1;
        self.offset = place + ends;
        self.line
    }
}

/// Splits a cell with several groups.
fn groups(cell: &str) -> Vec<String> {
    let names = cell.split([';', '；', '|']).map(str::trim);
    names.filter(|name| !name.is_empty()).map(Into::into).collect()
}

fn of_json(text: &str, mistakes: &mut Mistakes) -> Result<Vec<(u64, Entry)>, Mistakes> {
    let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| {
        let line = u64::try_from(error.line()).unwrap_or(1).max(1);
        Mistakes::one(line, "expected a JSON array of objects, found something else")
    })?;
    let mut entries = Vec::new();
    for item in items {
        // The item is a slice of the text, so the difference is its offset.
        let offset = item.get().as_ptr() as usize - text.as_ptr() as usize;
        let line = line_at(&text.as_bytes()[..offset]);
        match serde_json::from_str::<Members>(item.get()) {
            Ok(members) => entries.push((line, of_members(members, line, mistakes))),
            Err(_) => mistakes.add(line, "expected an object with every member once"),
        }
    }
    Ok(entries)
}

fn of_members(members: Members, line: u64, mistakes: &mut Mistakes) -> Entry {
    let mut entry = Entry::default();
    for (name, value) in members.0 {
        let Some(at) = COLUMNS.iter().position(|known| *known == name) else {
            mistakes.add(line, format!("an unknown member; expected {}", COLUMNS.join(", ")));
            continue;
        };
        match value {
            Value::Null(()) => {}
            Value::String(cell) if COLUMNS[at] == "skillGroups" => {
                entry.skill_groups = groups(&cell);
            }
            Value::String(text) => entry.texts[at] = text,
            Value::Array(names) if COLUMNS[at] == "skillGroups" => {
                for name in names {
                    match name {
                        Value::String(name) => entry.skill_groups.push(name),
                        _ => mistakes.add(line, "skillGroups: expected strings"),
                    }
                }
            }
            _ => mistakes.add(line, format!("{name}: expected a string")),
        }
    }
    entry
}

/// Finds values that two agents share and that must be unique.
fn duplicates(people: &[Person], mistakes: &mut Mistakes) {
    type Part = fn(&Person) -> Option<String>;
    let unique: [(&str, Part); 4] = [
        ("mail", |person| Some(person.key())),
        ("phone", |person| person.staff.phone.clone()),
        ("userId", |person| person.staff.user_id.clone()),
        ("extension", |person| person.staff.extension.clone()),
    ];
    for (column, part) in unique {
        let mut first = BTreeMap::new();
        for person in people {
            let Some(part) = part(person) else { continue };
            match first.get(&part) {
                Some(line) => {
                    let what = format!("{column}: expected another one than in line {line}");
                    mistakes.add(person.line, what);
                }
                None => {
                    first.insert(part, person.line);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes_in(bytes: &[u8], form: Form) -> String {
        read(bytes, form).err().map(|mistakes| mistakes.to_string()).unwrap_or_default()
    }

    #[test]
    fn csv_from_excel_is_read_in_both_languages() {
        for head in ["name,mail,phone,skillGroups,role", "姓名,邮箱,手机,技能组,角色"] {
            let text = format!(
                "\u{feff}{head}\r\n张三,agent@example.com,008613800000000,售前;投诉,管理员\r\n,,,,\r\n\r\nTom,tom@example.com,,,\r\n"
            );
            let Ok(people) = read(text.as_bytes(), Form::Csv) else { panic!("{head}") };
            assert_eq!(people.iter().map(|person| person.line).collect::<Vec<_>>(), [2, 5]);
            assert_eq!(people[0].staff.skill_groups, ["售前", "投诉"]);
            assert_eq!(people[0].staff.name, "张三");
        }
    }

    #[test]
    fn another_encoding_is_named_with_its_line_and_the_fix() {
        // 张三 in GBK.
        let gbk = b"name,mail\nTom,tom@example.com\n\xd5\xc5\xc8\xfd,agent@example.com\n";
        let mistakes_of_gbk = mistakes_in(gbk, Form::Csv);
        assert!(mistakes_of_gbk.contains("line 3: expected UTF-8"), "{mistakes_of_gbk}");
        assert!(
            mistakes_of_gbk.contains("GBK") && mistakes_of_gbk.contains("CSV UTF-8"),
            "{mistakes_of_gbk}"
        );
        assert!(mistakes_in(b"\xff\xfen\0a\0", Form::Csv).contains("UTF-16"));
    }

    #[test]
    fn all_mistakes_are_listed_by_line_without_what_was_found() {
        let text = "name,mail,phone,role,extension\n\
            张三,agent@example.com,13800000000,agent,8001\n\
            Tom,SECRET,,boss,\n\
            \"O'Brien, Tom\",AGENT@EXAMPLE.COM,,,8002,SECRET\n\
            刘先生,agent@example.com,,,8002\n";
        let mistakes = mistakes_in(text.as_bytes(), Form::Csv);
        for part in [
            "line 2: phone: expected 00 and the country code",
            "line 3: mail: expected a mail address",
            "line 3: role: expected admin, qa or agent",
            "line 4: expected no cell beyond",
            "line 5: mail: expected another one than in line 4",
            "line 5: extension: expected another one than in line 4",
        ] {
            assert!(mistakes.contains(part), "{part}: {mistakes}");
        }
        assert!(mistakes.starts_with("6 mistakes in the list, nothing was sent:"), "{mistakes}");
        assert!(!mistakes.contains("SECRET") && !mistakes.contains("138000000000"), "{mistakes}");
    }

    #[test]
    fn the_head_must_name_the_columns() {
        assert!(
            mistakes_in(b"name;mail\nTom;tom@example.com\n", Form::Csv).contains("commas between")
        );
        let mistakes_of_doubles = mistakes_in(b"name,mail,E-Mail,passwd\n", Form::Csv);
        assert!(mistakes_of_doubles.starts_with("2 mistakes"), "{mistakes_of_doubles}");
        assert!(
            mistakes_in(b"mail\na@example.com\n", Form::Csv).contains("name: expected a column")
        );
        assert!(mistakes_in(b"name,mail\n", Form::Csv).contains("at least one agent"));
        assert!(mistakes_in(b"", Form::Csv).contains("name: expected a column"));
    }

    #[test]
    fn mistakes_in_json_have_line_numbers_too() {
        let text = "[\n  {\"name\": \"张三\", \"mail\": \"agent@example.com\", \"skillGroups\": [\"售前\"], \"nick\": null},\n  {\n    \"name\": 7, \"mail\": \"x\", \"passwd\": \"SECRET\"\n  },\n  \"SECRET\"\n]";
        let mistakes_of_json = mistakes_in(text.as_bytes(), Form::Json);
        for part in [
            "line 3: an unknown member",
            "line 3: name: expected a string",
            "line 3: mail: expected a mail address",
            "line 6: expected an object",
        ] {
            assert!(mistakes_of_json.contains(part), "{part}: {mistakes_of_json}");
        }
        assert!(!mistakes_of_json.contains("SECRET"), "{mistakes_of_json}");
        let twice = "[{\"name\":\"Tom\",\"mail\":\"a@example.com\"},\n{\"mail\":\"b@example.com\",\"name\":\"Jim\",\"mail\":\"c@example.com\"}]";
        let twice = mistakes_in(twice.as_bytes(), Form::Json);
        assert!(twice.contains("line 2: expected an object with every member once"), "{twice}");
        let first = text.lines().nth(1).unwrap().trim_end_matches(',');
        let Ok(people) = read(format!("[{first}]").as_bytes(), Form::Json) else { panic!() };
        assert_eq!(people[0].staff.skill_groups, ["售前"]);
        assert!(mistakes_in(b"{\"name\":1", Form::Json).contains("line 1: expected a JSON array"));
    }
}
