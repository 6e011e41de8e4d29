//! CEC's question about a token.

use serde_json::Value;

use super::{CALLBACK, Row, is, judge};
use crate::conformance::recorded::{self, Recorded, refusal};
use crate::conformance::wire::{Answer, Ask};

/// What every check says that needs a token to be refused.
const REFUSALS: [&str; 8] = [
    "a token is valid once",
    "of many who ask at once, one is told yes",
    "a token with another user's id is refused",
    "a token with another user's name is refused",
    "a token with another tenant is refused",
    "a made-up token is refused",
    "what is no question is refused by 200 too",
    "every refusal reads the same",
];

/// The question, where it is about a token that there is.
fn about_a_token(own: &Recorded, ask: &Ask) -> Option<Value> {
    let question: Value = serde_json::from_str(ask.body.as_deref()?).ok()?;
    let known = own.tokens.lock().unwrap().contains_key(question["Token"].as_str()?);
    (is(ask, CALLBACK) && known).then_some(question)
}

#[test]
fn each_fault_of_the_verdict_fails_its_own_checks() {
    let table: [Row; 8] = [
        (
            "refusals by 403",
            |_, ask, answer| {
                let no = is(ask, CALLBACK) && answer.body.contains("failed");
                if no { refusal(403, "LOGIN_FAILED") } else { answer }
            },
            &REFUSALS,
        ),
        (
            "yes to everything",
            |_, ask, answer| if is(ask, CALLBACK) { recorded::verdict(true) } else { answer },
            &REFUSALS,
        ),
        (
            "no to everything",
            |_, ask, answer| if is(ask, CALLBACK) { recorded::verdict(false) } else { answer },
            &[
                "a fresh token of its visitor is valid: 200, retCode 0",
                "a token is valid once",
                "of many who ask at once, one is told yes",
                "every refusal reads the same",
            ],
        ),
        (
            "a token for many uses",
            |own, ask, answer| {
                let again =
                    about_a_token(own, ask).is_some_and(|question| recorded::is_bound(&question));
                if again { recorded::verdict(true) } else { answer }
            },
            &[
                "a token is valid once",
                "of many who ask at once, one is told yes",
                "every refusal reads the same",
            ],
        ),
        (
            "a token for any holder",
            |own, ask, answer| {
                let swapped =
                    about_a_token(own, ask).is_some_and(|question| !recorded::is_bound(&question));
                if swapped { recorded::verdict(true) } else { answer }
            },
            &[
                "a token with another user's id is refused",
                "a token with another user's name is refused",
                "a token with another tenant is refused",
                "every refusal reads the same",
            ],
        ),
        (
            "an oracle in the text",
            |own, ask, answer| {
                if about_a_token(own, ask).is_none() {
                    return answer;
                }
                let body = answer.body.replace("validate failed", "token of another user");
                Answer { body, ..answer }
            },
            &["every refusal reads the same"],
        ),
        (
            "an oracle in a header",
            |_, ask, mut answer| {
                if is(ask, CALLBACK) && ask.body.as_deref() == Some("{}") {
                    answer.headers.push(("x-reason".into(), "empty".into()));
                }
                answer
            },
            &["every refusal reads the same"],
        ),
        (
            "a verdict that caches keep",
            |_, ask, mut answer| {
                if is(ask, CALLBACK) {
                    answer.headers.truncate(1);
                }
                answer
            },
            &["the verdict is kept by no cache"],
        ),
    ];
    judge("token", table);
}
