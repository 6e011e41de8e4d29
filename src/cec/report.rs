//! What was seen of an open chat, without a verdict: the vendor publishes no sign of success.

use calldock_contract::cec_chat::USER_ID_ADVICE;
use calldock_contract::{CecLogin, Code};
use js_sys::{Array, Object, RegExp};

use super::globals::Globals;
use super::options::Options;
use super::scripts::Run;
use crate::error::Failure;
use crate::page::member;
use crate::{host, page};

/// The cookie the vendor sets with its answer.
const COOKIE: &str = "ccmessaging-token";

/// What was seen so far.
#[derive(Default)]
pub struct Seen {
    warnings: Vec<(&'static str, String)>,
    /// The vendor's scripts that were run.
    pub runs: Vec<Run>,
    nodes_before: u32,
}

impl Seen {
    /// Begins to look.
    pub fn begin() -> Self {
        Self { nodes_before: nodes(), ..Self::default() }
    }

    fn warn(&mut self, code: &'static str, text: &str) {
        host::log("workbench", "chat.warning", &[("code", code.into()), ("text", text.into())]);
        self.warnings.push((code, text.into()));
    }

    /// Warns of what the page may not be good for.
    ///
    /// # Errors
    /// [`Code::UnsupportedBrowser`] for a phone, where phones are refused.
    pub fn look_at_the_page(&mut self, options: &Options) -> Result<(), Failure> {
        if options.context.is_foreign {
            self.warn(
                "CROSS_ORIGIN",
                "contextPath is of another origin: browsers keep the vendor's cookie only on the page's own; serve /service-cloud by a proxy there",
            );
        }
        if is_phone() {
            let text = "the vendor's chat is made for PC browsers, and this is a phone";
            if options.refuse_phones {
                return Err(Failure::new(
                    Code::UnsupportedBrowser,
                    "the browser: expected one of a PC, found a phone's",
                ));
            }
            self.warn("PHONE", text);
        }
        Ok(())
    }

    /// Warns of what the login may not be good for.
    pub fn look_at_the_login(&mut self, login: &CecLogin) {
        let length = login.third_user_id.chars().count();
        if length > USER_ID_ADVICE {
            let text = ["thirdUserId has ", &length.to_string(), " characters; keep it to 32"];
            self.warn("LONG_USER_ID", &text.concat());
        }
    }

    /// What was seen up to now, as the page reads it.
    pub fn report(&self, globals: &Globals, options: &Options) -> Object {
        let report = Object::new();
        let scripts = Array::new();
        for run in &self.runs {
            let script = Object::new();
            member::set(&script, "name", run.name);
            member::set(&script, "bytes", run.bytes as f64);
            member::set(&script, "threw", run.thrown.clone());
            scripts.push(&script);
        }
        let warnings = Array::new();
        for (code, text) in &self.warnings {
            let warning = Object::new();
            member::set(&warning, "code", *code);
            member::set(&warning, "text", text.as_str());
            warnings.push(&warning);
        }
        let cookies = page::document()
            .ok()
            .and_then(|document| member::text(&document, "cookie"))
            .unwrap_or_default();
        let visible = cookies
            .split(';')
            .any(|cookie| cookie.split_once('=').is_some_and(|(name, _)| name.trim() == COOKIE));
        member::set(&report, "scripts", scripts);
        member::set(&report, "globals", globals.present());
        member::set(&report, "nodesAdded", f64::from(nodes()) - f64::from(self.nodes_before));
        member::set(&report, "cookieVisible", visible);
        member::set(&report, "cookieNote", cookie_note(visible, options.context.is_foreign));
        member::set(&report, "crossOrigin", options.context.is_foreign);
        member::set(&report, "warnings", warnings);
        report
    }
}

/// Why the vendor's cookie is to be read or not.
fn cookie_note(visible: bool, is_foreign: bool) -> &'static str {
    if visible {
        "ccmessaging-token is set on this page's own domain"
    } else if is_foreign {
        "ccmessaging-token belongs to another origin, where browsers lose it: use a proxy on this page's own"
    } else {
        "ccmessaging-token is not to be read: HttpOnly, which is fine, or not set, because the proxy does not pass it on"
    }
}

fn is_phone() -> bool {
    let navigator = member::get(&js_sys::global(), "navigator").unwrap_or_default();
    if let Some(hints) = member::get(&navigator, "userAgentData") {
        return member::get(&hints, "mobile").is_some_and(|mobile| mobile.is_truthy());
    }
    let agent = member::text(&navigator, "userAgent").unwrap_or_default();
    RegExp::new("Android|iPhone|iPad|Mobile", "").test(&agent)
}

fn nodes() -> u32 {
    let count = |element: Option<web_sys::Element>| element.map_or(0, |e| e.child_element_count());
    page::document().map_or(0, |document| {
        count(document.head().map(Into::into)) + count(document.body().map(Into::into))
    })
}
