//! What is told of all routes together.

use serde_json::json;

use super::{CEC, CHAT, LOGIN, edit, is};
use crate::conformance::examine;
use crate::conformance::recorded::{self, Bend, KEY, Recorded, refusal};
use crate::conformance::wire::Answer;

#[test]
fn a_report_shows_no_token_no_user_and_no_secret() {
    let bend: Bend = |own, ask, answer| {
        let answer = edit(ask, answer, CEC, |login| login["thirdUserName"] = json!(["刘先生"]));
        let answer = edit(ask, answer, LOGIN, |login| login["userId"] = json!(17));
        let leaking = Answer { body: answer.body.replace("It is so.", KEY), ..answer };
        if is(ask, CHAT) { Answer { body: own.mint(KEY.into()), ..leaking } } else { leaking }
    };
    let report = examine(&Recorded::new("token", bend), &recorded::settings());
    assert!(report.failed() > 10);
    let shown = format!("{report}{}", serde_json::to_string(&report).unwrap());
    for private in [KEY, "刘先生", "10010001", "agent@example.com", "zhangsan"] {
        assert!(!shown.contains(private), "{private}: {shown}");
    }
    assert!(shown.contains("the value of CEC_KEY"), "{shown}");
}

#[test]
fn a_failure_says_what_was_expected_what_was_found_and_what_to_do() {
    let bend: Bend = |_, ask, answer| {
        if is(ask, LOGIN) && answer.status == 413 { refusal(500, "INTERNAL") } else { answer }
    };
    let report = examine(&Recorded::new("token", bend), &recorded::settings());
    let shown = report.to_string();
    let expected = "  ✗ an oversized body is refused\n      expected  413\n      found     500 (INTERNAL)\n      remedy    Refuse a body";
    assert!(shown.contains(expected), "{shown}");
    assert!(shown.ends_with(&format!("{} passed, 1 failed", report.passed())), "{shown}");
    assert!(shown.contains("\nTCCC chat · POST https://shop.example.com/calldock/v1/tccc/chat\n"));
}
