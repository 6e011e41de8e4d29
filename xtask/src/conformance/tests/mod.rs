//! Each bad backend fails the checks that are about its badness, and no others.
//!
//! A file is a route's, named as the module that examines it; [`routes`] is about every route a page calls,
//! [`report`] about what is told in the end.

mod cec_callback;
mod cec_login;
mod report;
mod routes;
mod tccc_chat;
mod tccc_login;

use serde_json::Value;

use super::examine;
use super::recorded::{self, Bend, Recorded};
use super::wire::{Answer, Ask};

const LOGIN: &str = "/tccc/login";
const CHAT: &str = "/tccc/chat";
const CEC: &str = "/cec/login";
const CALLBACK: &str = "/chatThirdPartyValidate";

/// A backend's badness, and the checks that must tell it.
type Row = (&'static str, Bend, &'static [&'static str]);

/// That each badness is told by its checks, in this mode of CEC's login.
fn judge<const N: usize>(mode: &'static str, table: [Row; N]) {
    for (badness, bend, expected) in table {
        assert_eq!(failures(mode, bend), expected, "{badness}");
    }
}

/// The names of the checks that failed, each once, in order.
fn failures(mode: &'static str, bend: Bend) -> Vec<&'static str> {
    let report = examine(&Recorded::new(mode, bend), &recorded::settings());
    let failed = report.checks.iter().filter(|line| !line.passed);
    let mut names: Vec<_> = failed.map(|line| line.check).collect();
    names.dedup();
    names
}

fn is(ask: &Ask, route: &str) -> bool {
    ask.url.ends_with(route)
}

/// Changes the body of a route's good answer.
fn edit(ask: &Ask, answer: Answer, route: &str, change: impl FnOnce(&mut Value)) -> Answer {
    if !is(ask, route) || answer.status != 200 {
        return answer;
    }
    let mut value = answer.json().unwrap();
    change(&mut value);
    Answer { body: value.to_string(), ..answer }
}

#[test]
fn a_good_backend_passes_everything_in_both_modes() {
    for mode in ["token", "authorization"] {
        let backend = Recorded::new(mode, |_, _, answer| answer);
        let report = examine(&backend, &recorded::settings());
        assert!(report.failed() == 0 && report.checks.len() > 40, "{mode}: {report}");
    }
}
