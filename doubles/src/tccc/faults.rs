//! What the doubles can be told to do wrong, by a query of the script URL or by a control route.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

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
    /// Answers the vendor's error envelope with this code.
    Code(String),
}

impl ApiFault {
    /// Reads `ok` (no fault), `500`, `html`, `hang`, `slow:<ms>` or a vendor's error code.
    pub fn parse(text: &str) -> Result<Option<Self>, String> {
        if let Some(ms) = text.strip_prefix("slow:") {
            return Ok(Some(Self::Slow(milliseconds("api", ms)?)));
        }
        match text {
            "ok" => Ok(None),
            "500" => Ok(Some(Self::Status500)),
            "html" => Ok(Some(Self::Html)),
            "hang" => Ok(Some(Self::Hang)),
            code if is_code(code) => Ok(Some(Self::Code(code.to_owned()))),
            _ => Err(format!(
                "api: expected ok, 500, html, hang, slow:<ms> or a vendor's error code, found {text:?}"
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
                    options.global = one_of(name, value, &["tccc", "TCCC", "none", "foreign"])?
                }
                "globalDelay" => options.global_delay = milliseconds(name, value)?,
                "readyDelay" if value == "never" => options.ready_delay = None,
                "readyDelay" => options.ready_delay = Some(milliseconds(name, value)?),
                "envelope" => options.envelope = one_of(name, value, &["flat", "nested"])?,
                "answers" => options.answers = one_of(name, value, &["rejected", "resolved"])?,
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
    match one_of("script", value, &["ok", "500", "html", "slow:<ms>", "hang", "throw"])?.as_str() {
        "500" => Ok(Script::Status500),
        "html" => Ok(Script::Html),
        "hang" => Ok(Script::Hang),
        "throw" => Ok(Script::Throw),
        _ => Ok(Script::Ok),
    }
}

fn one_of(name: &str, value: &str, known: &[&str]) -> Result<String, String> {
    if known.contains(&value) {
        Ok(value.to_owned())
    } else {
        Err(format!("{name}: expected one of {}, found {value:?}", known.join(", ")))
    }
}

fn milliseconds(name: &str, value: &str) -> Result<u64, String> {
    let parsed = value.parse::<u32>().map(u64::from);
    parsed.map_err(|_| format!("{name}: expected milliseconds, found {value:?}"))
}

/// A fault, and for how many uses more; `None`: until the reset.
struct Planned<T> {
    what: T,
    left: Option<u32>,
}

/// The faults that control routes have set.
#[derive(Default)]
pub struct Faults {
    api: Option<Planned<ApiFault>>,
    sdk: Option<Planned<BTreeMap<String, String>>>,
}

impl Faults {
    /// Plans what the cloud API does wrong from now on.
    pub fn plan_api(&mut self, fault: Option<ApiFault>, times: Option<u32>) {
        self.api = fault.map(|what| Planned { what, left: times });
    }

    /// Plans options for the scripts fetched from now on; an empty map ends it.
    pub fn plan_sdk(&mut self, options: BTreeMap<String, String>, times: Option<u32>) {
        self.sdk = (!options.is_empty()).then_some(Planned { what: options, left: times });
    }

    /// The fault of this API request.
    pub fn next_api(&mut self) -> Option<ApiFault> {
        take(&mut self.api)
    }

    /// The options of this script request; the URL's own come on top.
    pub fn next_sdk(&mut self) -> BTreeMap<String, String> {
        take(&mut self.sdk).unwrap_or_default()
    }

    /// What is planned, for tests.
    pub fn view(&self) -> Value {
        json!({
            "api": self.api.as_ref().map(|plan| json!({ "fault": format!("{:?}", plan.what), "left": plan.left })),
            "sdk": self.sdk.as_ref().map(|plan| json!({ "options": plan.what, "left": plan.left })),
        })
    }
}

fn take<T: Clone>(slot: &mut Option<Planned<T>>) -> Option<T> {
    let plan = slot.as_mut().filter(|plan| plan.left != Some(0))?;
    let what = plan.what.clone();
    plan.left = plan.left.map(|left| left - 1);
    if plan.left == Some(0) {
        *slot = None;
    }
    Some(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_lasts_as_many_uses_as_asked() {
        let mut faults = Faults::default();
        faults.plan_api(Some(ApiFault::Html), Some(2));
        assert_eq!(faults.next_api(), Some(ApiFault::Html));
        assert_eq!(faults.next_api(), Some(ApiFault::Html));
        assert_eq!(faults.next_api(), None);
        faults.plan_api(Some(ApiFault::Hang), None);
        assert!((0..10).all(|_| faults.next_api() == Some(ApiFault::Hang)));
        faults.plan_api(None, None);
        assert_eq!(faults.next_api(), None);
        faults.plan_api(Some(ApiFault::Html), Some(0));
        assert_eq!(faults.next_api(), None);
    }

    #[test]
    fn api_faults_are_read_strictly() {
        assert_eq!(ApiFault::parse("slow:20"), Ok(Some(ApiFault::Slow(20))));
        let code = "AuthFailure.SignatureExpire";
        assert_eq!(ApiFault::parse(code), Ok(Some(ApiFault::Code(code.into()))));
        for bad in ["", "slow:", "slow:-1", "teapot", "501", "authFailure", "A..B"] {
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
            ("expired", "yes"),
        ] {
            assert!(read(name, value).unwrap_err().contains(name), "{name}");
        }
    }
}
