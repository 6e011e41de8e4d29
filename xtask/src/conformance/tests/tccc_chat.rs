//! `POST /calldock/v1/tccc/chat`.

use serde_json::json;

use super::{CHAT, Row, edit, judge};
use crate::conformance::recorded;
use crate::conformance::tccc_login::now;

#[test]
fn each_fault_of_a_signature_fails_its_own_checks() {
    let table: [Row; 6] = [
        (
            "JSON written a second time",
            |_, ask, answer| {
                edit(ask, answer, CHAT, |login| {
                    let data = login["clientData"].as_str().unwrap().replace(':', ": ");
                    login["clientData"] = json!(data);
                })
            },
            &["the userSig is over this very clientData"],
        ),
        (
            "a peerSource that was read in another encoding",
            |own, ask, answer| {
                edit(ask, answer, CHAT, |login| {
                    let data = login["clientData"].as_str().unwrap();
                    let data = data.replace("商城", &"\u{fffd}".repeat(6));
                    login["userSig"] = json!(own.user_sig("zhangsan", &data, 3600));
                    login["clientData"] = json!(data);
                })
            },
            &["peerSource is the expected text"],
        ),
        (
            "a signature for another user",
            |own, ask, answer| {
                edit(ask, answer, CHAT, |login| {
                    let data = login["clientData"].as_str().unwrap().to_owned();
                    login["userSig"] = json!(own.user_sig("lisi", &data, 3600));
                })
            },
            &["the userSig is for the uid in clientData"],
        ),
        (
            "a signature for a day",
            |own, ask, answer| {
                edit(ask, answer, CHAT, |login| {
                    let data = login["clientData"].as_str().unwrap().to_owned();
                    login["userSig"] = json!(own.user_sig("zhangsan", &data, 86_400));
                    login["expiresAt"] = json!(now() + 86_400);
                })
            },
            &["the userSig ends within an hour"],
        ),
        (
            "an end that is not the signature's",
            |_, ask, answer| {
                edit(ask, answer, CHAT, |login| login["expiresAt"] = json!(now() + 60))
            },
            &["expiresAt is when the userSig ends"],
        ),
        (
            "a signature that is none, over a text that is none",
            |own, ask, answer| {
                edit(ask, answer, CHAT, |login| {
                    login["userSig"] = json!(recorded::hex(&own.random()));
                    login["clientData"] = json!("{uid=zhangsan}");
                })
            },
            &[
                "clientData is JSON text with peerSource, nickName and uid",
                "the userSig decodes",
                "the userSig is over this very clientData",
                "the userSig is for the uid in clientData",
                "the userSig ends within an hour",
                "expiresAt is when the userSig ends",
                "peerSource is the expected text",
            ],
        ),
    ];
    judge("token", table);
}
