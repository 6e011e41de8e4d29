//! What the doubles can be told to do wrong, by a query of the script URL or by a control route.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::like::Like;
use crate::plan::{Plan, milliseconds, one_of, seconds_from_now};

/// What the cloud API does instead of answering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiFault {
    /// Answers 500 with a line of text.
    Status500,
    /// Answers 200 with an HTML page, as a captive portal does.
    Html,
    /// Answers properly, this many milliseconds late.
    Slow(u64),
    /// Never answers.
    Hang,
    /// Answers properly, with a Date so many seconds from now, to every method.
    Date(i64),
    /// Answers the vendor's error envelope with this code.
    Code(String),
}

impl ApiFault {
    /// Reads `ok` (no fault), `500`, `html`, `hang`, `slow:<ms>`, `date:<seconds>` or a vendor's error code.
    pub fn parse(text: &str) -> Result<Option<Self>, String> {
        if let Some(ms) = text.strip_prefix("slow:") {
            return Ok(Some(Self::Slow(milliseconds("api", ms)?)));
        }
        if let Some(seconds) = text.strip_prefix("date:") {
            return Ok(Some(Self::Date(seconds_from_now("api", seconds)?)));
        }
        match text {
            "ok" => Ok(None),
            "500" => Ok(Some(Self::Status500)),
            "html" => Ok(Some(Self::Html)),
            "hang" => Ok(Some(Self::Hang)),
            code if is_code(code) => Ok(Some(Self::Code(code.to_owned()))),
            _ => Err(format!(
                "api: expected ok, 500, html, hang, slow:<ms>, date:<seconds> or a vendor's error code, found {text:?}"
            )),
        }
    }
}

/// `AuthFailure.SignatureExpire` and the like.
fn is_code(text: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_uppercase())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    text.split('.').all(part)
}

/// How the script URL answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Script {
    /// With the script.
    #[default]
    Ok,
    /// With 500.
    Status500,
    /// With a page of HTML and `nosniff`, so that a browser runs nothing.
    Html,
    /// With the script, this many milliseconds late.
    Slow(u64),
    /// Never.
    Hang,
    /// With a script that throws at once.
    Throw,
}

/// What the script does in the page. Serialised, it is the script's own configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SdkOptions {
    /// How the script URL answers; the page never sees it.
    #[serde(skip)]
    pub script: Script,
    /// `tccc`, `TCCC`, `none` or `foreign` (somebody else's `window.tccc = {}`).
    pub global: String,
    /// Milliseconds from the script's run to its global.
    pub global_delay: u64,
    /// Milliseconds from the global to `ready`; absent: never.
    pub ready_delay: Option<u64>,
    /// `flat` (`e.sessionId`) or `nested` (`e.data.sessionId`).
    pub envelope: String,
    /// How failures answer: `rejected`, or `resolved` with a status that is not success.
    pub answers: String,
    /// How successes answer: `nested` (`{status, data: {sessionId}}`), `flat` (`{status, sessionId}`), or
    /// `plain` (`{status}` alone), as the vendor's texts of different years have it.
    pub successes: String,
    /// Milliseconds that every method takes on top: a response after the caller's deadline.
    pub method_delay: u64,
    /// `fresh`: a script that runs beside another one throws. `kept`: it takes over the global, its
    /// listeners and the element of the one before, as where an account is switched without teardown.
    pub state: String,
    /// Methods and events that the script lacks, by their names: `Call.kick`, `sessionCompleted`.
    pub missing: Vec<String>,
    /// The token counts as expired when the script starts.
    #[serde(skip)]
    pub expired: bool,
}

impl Default for SdkOptions {
    fn default() -> Self {
        Self {
            script: Script::Ok,
            global: "tccc".into(),
            global_delay: 30,
            ready_delay: Some(60),
            envelope: "flat".into(),
            answers: "rejected".into(),
            successes: "nested".into(),
            method_delay: 0,
            state: "fresh".into(),
            missing: vec![],
            expired: false,
        }
    }
}

impl SdkOptions {
    /// Reads the options among a script URL's parameters; the login's own are passed over.
    pub fn parse<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, String> {
        let mut options = Self::default();
        for (name, value) in pairs {
            match name {
                "token" | "sdkAppId" | "userid" => {}
                "script" => options.script = script(value)?,
                "global" => {
                    options.global =
                        one_of(name, value, &["tccc", "TCCC", "none", "foreign"])?.into()
                }
                "globalDelay" => options.global_delay = milliseconds(name, value)?,
                "readyDelay" if value == "never" => options.ready_delay = None,
                "readyDelay" => options.ready_delay = Some(milliseconds(name, value)?),
                "envelope" => options.envelope = one_of(name, value, &["flat", "nested"])?.into(),
                "answers" => {
                    options.answers = one_of(name, value, &["rejected", "resolved"])?.into()
                }
                "successes" => {
                    options.successes = one_of(name, value, &["nested", "flat", "plain"])?.into()
                }
                "methodDelay" => options.method_delay = milliseconds(name, value)?,
                "state" => options.state = one_of(name, value, &["fresh", "kept"])?.into(),
                "missing" => options.missing = value.split(',').map(str::to_owned).collect(),
                "expired" => options.expired = one_of(name, value, &["0", "1"])? == "1",
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
    match one_of("script", value, &["ok", "500", "html", "slow:<ms>", "hang", "throw"])? {
        "500" => Ok(Script::Status500),
        "html" => Ok(Script::Html),
        "hang" => Ok(Script::Hang),
        "throw" => Ok(Script::Throw),
        _ => Ok(Script::Ok),
    }
}

/// The faults that control routes have set.
#[derive(Default)]
pub struct Faults {
    /// What the cloud API does wrong.
    pub api: Plan<ApiFault>,
    /// Options for the scripts that are fetched.
    sdk: Plan<BTreeMap<String, String>>,
    /// What a compatibility report says of the real script and workbench.
    pub like: Like,
}

impl Faults {
    /// Forgets what was planned; what the script is like stays.
    pub fn reset(&mut self) {
        let like = std::mem::take(&mut self.like);
        *self = Self { like, ..Self::default() };
    }

    /// Plans options for the scripts fetched from now on; an empty map ends it.
    pub fn plan_sdk(&mut self, options: BTreeMap<String, String>, times: Option<u32>) {
        self.sdk.set((!options.is_empty()).then_some(options), times);
    }

    /// The options of this script request; the URL's own come on top.
    pub fn next_sdk(&mut self) -> BTreeMap<String, String> {
        let mut options = self.like.sdk.clone();
        options.extend(self.sdk.next().unwrap_or_default());
        options
    }

    /// What is planned for the API, and for the script, for tests.
    pub fn view(&self) -> (Value, Value) {
        let api = self
            .api
            .peek()
            .map(|fault| json!({ "fault": format!("{fault:?}"), "left": self.api.left() }));
        let sdk =
            self.sdk.peek().map(|options| json!({ "options": options, "left": self.sdk.left() }));
        (json!(api), json!(sdk))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_faults_are_read_strictly() {
        assert_eq!(ApiFault::parse("slow:20"), Ok(Some(ApiFault::Slow(20))));
        assert_eq!(ApiFault::parse("date:+600"), Ok(Some(ApiFault::Date(600))));
        assert_eq!(ApiFault::parse("date:-45"), Ok(Some(ApiFault::Date(-45))));
        let code = "AuthFailure.SignatureExpire";
        assert_eq!(ApiFault::parse(code), Ok(Some(ApiFault::Code(code.into()))));
        for bad in
            ["", "date:", "date:soon", "slow:", "slow:-1", "teapot", "501", "authFailure", "A..B"]
        {
            assert!(ApiFault::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_misspelt_option_is_refused_and_named() {
        let read = |name, value| SdkOptions::parse([("token", "x"), (name, value)].into_iter());
        assert_eq!(read("readyDelay", "never").unwrap().ready_delay, None);
        assert_eq!(read("script", "slow:7").unwrap().script, Script::Slow(7));
        for (name, value) in [
            ("redyDelay", "1"),
            ("globalDelay", "never"),
            ("script", "slow:<ms>"),
            ("script", "404"),
            ("envelope", "both"),
            ("successes", "half"),
            ("state", "lost"),
            ("methodDelay", "never"),
            ("expired", "yes"),
        ] {
            assert!(read(name, value).unwrap_err().contains(name), "{name}");
        }
    }
}
