//! `POST /calldock/v1/cec/login`, in both modes.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::json;

use super::{CEC, Row, edit, judge};
use crate::conformance::recorded::{self, FOUR};

#[test]
fn each_fault_of_a_token_fails_its_own_checks() {
    let table: [Row; 2] = [
        (
            "tokens that are counted",
            |own, ask, answer| {
                edit(ask, answer, CEC, |login| {
                    let count = u16::from_be_bytes([own.random()[0], own.random()[1]]);
                    login["token"] = json!(own.mint(format!("token-{count:05}")));
                })
            },
            &["a token is too long to be guessed", "tokens do not resemble each other"],
        ),
        (
            "tokens that name their user",
            |own, ask, answer| {
                edit(ask, answer, CEC, |login| {
                    let claims = json!({ "jti": recorded::hex(&own.random()), "sub": FOUR[1] });
                    let claims = BASE64_URL_SAFE_NO_PAD.encode(claims.to_string());
                    let start = recorded::hex(&own.random());
                    login["token"] = json!(own.mint(format!("{start}.{claims}.{start}")));
                })
            },
            &["a token tells nothing"],
        ),
    ];
    judge("token", table);
}

#[test]
fn each_fault_of_a_signature_fails_its_own_checks() {
    const RIGHT: &str = "the signature is right for exactly the four members of the answer";
    let table: [Row; 6] = [
        (
            "a wrong signature",
            |own, ask, answer| {
                edit(ask, answer, CEC, |login| {
                    let text = login["authorization"].as_str().unwrap();
                    let (prefix, _) = text.rsplit_once('/').unwrap();
                    login["authorization"] =
                        json!([prefix, &recorded::hex(&own.random())].join("/"));
                })
            },
            &[RIGHT],
        ),
        (
            "a name the signature is not over",
            |_, ask, answer| edit(ask, answer, CEC, |login| login["thirdUserName"] = json!("Tom")),
            &[RIGHT],
        ),
        (
            "one signature for every page view",
            |own, ask, answer| {
                edit(ask, answer, CEC, |login| {
                    let at = recorded::timestamp(own.born, 0);
                    login["authorization"] = json!(recorded::authorization(&at));
                })
            },
            &["two page views get two logins"],
        ),
        (
            "a signature of last year",
            |own, ask, answer| {
                edit(ask, answer, CEC, |login| {
                    let at = recorded::timestamp(1_724_036_645, u64::from(own.random()[0]));
                    login["authorization"] = json!(recorded::authorization(&at));
                })
            },
            &["the authorization was signed just now"],
        ),
        (
            "the misprinted colon",
            |_, ask, answer| {
                edit(ask, answer, CEC, |login| {
                    let text = login["authorization"].as_str().unwrap();
                    login["authorization"] =
                        json!(text.replace("length;content", "length:content"));
                })
            },
            &["the signed headers are content-length;content-type"],
        ),
        (
            "both modes at once",
            |_, ask, answer| edit(ask, answer, CEC, |login| login["token"] = json!("x")),
            &[
                "the answer has the form of its schema",
                "two page views get two logins",
                "who it is for is not read from the body",
                "the login says its mode",
            ],
        ),
    ];
    judge("authorization", table);
}
