//! What this vendor can be told to do wrong.

use serde_json::{Value, json};

use super::reading::{READINGS, RECOMMENDED, Reading};
use crate::plan::{Plan, milliseconds, one_of, seconds_from_now};

/// Which of the two scripts a fault is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum At {
    /// Each of them.
    #[default]
    Both,
    /// thirdPartyClient.js.
    First,
    /// newThirdPartyClient.js.
    Second,
}

/// How a script's route answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Script {
    /// With the script.
    #[default]
    Ok,
    /// With 403, whatever was sent.
    Refuse,
    /// With 500.
    Status500,
    /// With 429.
    Busy,
    /// With 200 and a page of HTML: a proxy, or the fallback of a single-page application.
    Html,
    /// With the script, this many milliseconds late.
    Slow(u64),
    /// Never.
    Hang,
    /// With a script that throws at once.
    Throw,
}

/// What a planned fault changes of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptOptions {
    /// Which script.
    pub at: At,
    /// How its route answers.
    pub script: Script,
    /// The answer's type; none: no such header.
    pub content_type: Option<&'static str>,
    /// The cookie: one of [`COOKIES`], or `none`.
    pub cookie: String,
    /// What the script wants on the page: `nothing`, `jquery` or `axios`.
    pub wants: String,
    /// The visitor's token, or signature, counts as expired.
    pub expired: bool,
    /// Other origins may read the answers.
    pub cors: bool,
    /// The reading of the signature that is accepted, and no other.
    pub reading: Reading,
    /// How many seconds the Date of all answers is away from now.
    pub date: Option<i64>,
}

/// jQuery evaluates an answer of a JavaScript type by itself, and the guide's second sample then
/// runs it again; text it leaves alone.
const TYPES: [(&str, Option<&str>); 4] = [
    ("application/javascript", Some("application/javascript;charset=UTF-8")),
    ("text/javascript", Some("text/javascript;charset=UTF-8")),
    ("text/plain", Some("text/plain;charset=UTF-8")),
    ("none", None),
];

/// The cookie's attributes, by the name of the variant.
pub const COOKIES: [(&str, &str); 7] = [
    ("visible", "Path=/; SameSite=Lax"),
    ("httponly", "Path=/; SameSite=Lax; HttpOnly"),
    ("domain", "Path=/; Domain=.besclouds.com; SameSite=Lax"),
    ("path", "Path=/elsewhere; SameSite=Lax"),
    ("none-insecure", "Path=/; SameSite=None"),
    ("secure", "Path=/; Secure; SameSite=None"),
    ("ended", "Path=/; Max-Age=0"),
];

impl Default for ScriptOptions {
    fn default() -> Self {
        Self {
            at: At::Both,
            script: Script::Ok,
            content_type: TYPES[0].1,
            cookie: "visible".into(),
            wants: "nothing".into(),
            expired: false,
            cors: true,
            reading: RECOMMENDED,
            date: None,
        }
    }
}

impl ScriptOptions {
    /// Reads options by their names.
    pub fn parse<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, String> {
        let mut options = Self::default();
        let flag = |name, value| one_of(name, value, &["0", "1"]).map(|value| value == "1");
        for (name, value) in pairs {
            match name {
                "at" => {
                    options.at = match one_of(name, value, &["both", "first", "second"])? {
                        "first" => At::First,
                        "second" => At::Second,
                        _ => At::Both,
                    }
                }
                "script" => options.script = script(value)?,
                "type" => {
                    let known = TYPES.map(|(name, _)| name);
                    let chosen = one_of(name, value, &known)?;
                    let found = TYPES.iter().find(|(name, _)| *name == chosen);
                    options.content_type = found.and_then(|(_, header)| *header);
                }
                "cookie" if value == "none" => options.cookie = value.into(),
                "cookie" => {
                    options.cookie = one_of(name, value, &COOKIES.map(|(name, _)| name))?.into()
                }
                "reading" => {
                    let known = READINGS.map(|reading| reading.name);
                    let named = one_of(name, value, &known)?;
                    options.reading = Reading::named(named).unwrap_or(RECOMMENDED);
                }
                "date" => options.date = Some(seconds_from_now(name, value)?),
                "wants" => {
                    options.wants = one_of(name, value, &["nothing", "jquery", "axios"])?.into()
                }
                "expired" => options.expired = flag(name, value)?,
                "cors" => options.cors = flag(name, value)?,
                _ => return Err(format!("no such option: {name:?}")),
            }
        }
        Ok(options)
    }
}

fn script(value: &str) -> Result<Script, String> {
    if let Some(ms) = value.strip_prefix("slow:") {
        return Ok(Script::Slow(milliseconds("script", ms)?));
    }
    let known = ["ok", "refuse", "500", "429", "html", "slow:<ms>", "hang", "throw"];
    match one_of("script", value, &known)? {
        "refuse" => Ok(Script::Refuse),
        "500" => Ok(Script::Status500),
        "429" => Ok(Script::Busy),
        "html" => Ok(Script::Html),
        "hang" => Ok(Script::Hang),
        "throw" => Ok(Script::Throw),
        "ok" => Ok(Script::Ok),
        _ => Err("script: slow: wants its milliseconds".into()),
    }
}

/// What the REST does instead of answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestFault {
    /// Answers 500.
    Status500,
    /// Answers 401, as if the cookie had expired.
    SignedOut,
    /// Answers 200 with a page of HTML.
    Html,
    /// Answers 302 to a login page elsewhere.
    Redirect,
    /// Answers 200 with a result that is not 0.
    Failed,
    /// Answers properly, this many milliseconds late.
    Slow(u64),
    /// Never answers.
    Hang,
}

impl RestFault {
    /// Reads `ok` (no fault), `500`, `401`, `html`, `redirect`, `failed`, `hang` or `slow:<ms>`.
    pub fn parse(text: &str) -> Result<Option<Self>, String> {
        if let Some(ms) = text.strip_prefix("slow:") {
            return Ok(Some(Self::Slow(milliseconds("rest", ms)?)));
        }
        match text {
            "ok" => Ok(None),
            "500" => Ok(Some(Self::Status500)),
            "401" => Ok(Some(Self::SignedOut)),
            "html" => Ok(Some(Self::Html)),
            "redirect" => Ok(Some(Self::Redirect)),
            "failed" => Ok(Some(Self::Failed)),
            "hang" => Ok(Some(Self::Hang)),
            _ => Err(format!(
                "rest: expected ok, 500, 401, html, redirect, failed, hang or slow:<ms>, found {text:?}"
            )),
        }
    }
}

/// The faults that control routes have set.
#[derive(Default)]
pub struct Faults {
    /// What the scripts' routes do wrong.
    pub scripts: Plan<ScriptOptions>,
    /// What the REST does wrong.
    pub rest: Plan<RestFault>,
}

impl Faults {
    /// The options of this script request; only one that they are for counts as a use.
    pub fn next_script(&mut self, which: At) -> ScriptOptions {
        let planned = self.scripts.peek();
        if planned.is_some_and(|options| [At::Both, which].contains(&options.at)) {
            self.scripts.next().unwrap_or_default()
        } else {
            ScriptOptions::default()
        }
    }

    /// What is planned for the scripts, and for the REST, for tests.
    pub fn view(&self) -> (Value, Value) {
        let scripts = self.scripts.peek();
        let scripts = scripts
            .map(|what| json!({ "options": format!("{what:?}"), "left": self.scripts.left() }));
        let rest = self.rest.peek();
        let rest =
            rest.map(|what| json!({ "fault": format!("{what:?}"), "left": self.rest.left() }));
        (json!(scripts), json!(rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_option_is_refused_and_named() {
        let read = |name, value| ScriptOptions::parse([(name, value)].into_iter());
        assert_eq!(read("script", "slow:7").unwrap().script, Script::Slow(7));
        assert_eq!(read("type", "none").unwrap().content_type, None);
        assert_eq!(read("at", "second").unwrap().at, At::Second);
        for (name, value) in [
            ("at", "third"),
            ("script", "slow:<ms>"),
            ("script", "404"),
            ("type", "text/html"),
            ("cookie", "yes"),
            ("wants", "react"),
            ("expired", "yes"),
            ("cors", "off"),
            ("reading", "mine"),
            ("date", "tomorrow"),
            ("token", "x"),
        ] {
            assert!(read(name, value).unwrap_err().contains(name), "{name}");
        }
    }

    #[test]
    fn rest_faults_are_read_strictly() {
        assert_eq!(RestFault::parse("slow:20"), Ok(Some(RestFault::Slow(20))));
        assert_eq!(RestFault::parse("ok"), Ok(None));
        for bad in ["", "slow:", "404", "teapot"] {
            assert!(RestFault::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_fault_of_one_script_is_not_used_up_by_the_other() {
        let mut faults = Faults::default();
        let options = ScriptOptions { at: At::Second, script: Script::Html, ..Default::default() };
        faults.scripts.set(Some(options), Some(1));
        assert_eq!(faults.next_script(At::First).script, Script::Ok);
        assert_eq!(faults.next_script(At::Second).script, Script::Html);
        assert_eq!(faults.next_script(At::Second).script, Script::Ok);
    }
}
