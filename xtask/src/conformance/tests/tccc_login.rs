//! `POST /calldock/v1/tccc/login`.

use serde_json::json;

use super::{LOGIN, Row, edit, judge};
use crate::conformance::tccc_login::now;

#[test]
fn each_fault_of_a_login_fails_its_own_checks() {
    let table: [Row; 3] = [
        (
            "a login that is over",
            |_, ask, answer| edit(ask, answer, LOGIN, |login| login["expiresAt"] = json!(1)),
            &["the login has not ended yet"],
        ),
        (
            "milliseconds for seconds",
            |_, ask, answer| {
                edit(ask, answer, LOGIN, |login| login["expiresAt"] = json!(now() * 1000))
            },
            &["the login has not ended yet"],
        ),
        (
            "the script of another login",
            |_, ask, answer| {
                edit(ask, answer, LOGIN, |login| {
                    login["sdkUrl"] = json!("https://tccc.qcloud.com/sdk/tcccSdk.js?token=other");
                })
            },
            &["token and script address belong together"],
        ),
    ];
    judge("token", table);
}
