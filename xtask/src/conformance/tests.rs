//! Each bad backend fails the checks that are about its badness, and no others.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::examine;
use super::recorded::{self, Bend, FOUR, KEY, Recorded, refusal};
use super::tccc_login::now;
use super::wire::{Answer, Ask};

/// The names of the checks that failed, each once, in order.
fn failures(mode: &'static str, bend: Bend) -> Vec<&'static str> {
    let report = examine(&Recorded::new(mode, bend), &recorded::settings());
    let failed = report.checks.iter().filter(|line| !line.passed);
    let mut names: Vec<_> = failed.map(|line| line.check).collect();
    names.dedup();
    names
}

#[test]
fn a_good_backend_passes_everything_in_both_modes() {
    for mode in ["token", "authorization"] {
        let backend = Recorded::new(mode, |_, _, answer| answer);
        let report = examine(&backend, &recorded::settings());
        assert!(report.failed() == 0 && report.checks.len() > 40, "{mode}: {report}");
    }
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

const LOGIN: &str = "/tccc/login";
const CHAT: &str = "/tccc/chat";
const CEC: &str = "/cec/login";
const CALLBACK: &str = "/chatThirdPartyValidate";

/// A backend's badness, its mode, and the checks that must tell it.
type Row = (&'static str, &'static str, Bend, &'static [&'static str]);

#[test]
fn what_is_wrong_at_a_pages_door_is_told_by_its_own_checks() {
    let table: [Row; 14] = [
        (
            "an HTML page for everything",
            "token",
            |_, ask, answer| {
                if !is(ask, LOGIN) || answer.status != 200 {
                    return answer;
                }
                let headers = vec![("content-type".to_owned(), "text/html".to_owned())];
                Answer { status: 200, headers, body: "<title>Shop</title>".into() }
            },
            &[
                "a page of the site is answered 200 with JSON",
                "the answer has the form of its schema",
                "the answer is kept by no cache",
                "two page views get two logins",
                "who it is for is not read from the body",
                "the login has not ended yet",
                "token and script address belong together",
            ],
        ),
        (
            "an answer that caches keep",
            "token",
            |_, ask, mut answer| {
                if is(ask, LOGIN) && answer.status == 200 {
                    answer.headers[1].1 = "max-age=60, private".into();
                }
                answer
            },
            &["the answer is kept by no cache"],
        ),
        (
            "one login for everybody",
            "token",
            |_, ask, answer| {
                edit(ask, answer, LOGIN, |login| {
                    login["token"] = json!("0123456789abcdef");
                    login["sdkUrl"] = json!("https://tccc.qcloud.com/sdk/tcccSdk.js");
                })
            },
            &["two page views get two logins"],
        ),
        (
            "the agent of the body",
            "token",
            |_, ask, answer| {
                let body: Value =
                    serde_json::from_str(ask.body.as_deref().unwrap_or("{}")).unwrap_or_default();
                edit(ask, answer, LOGIN, |login| {
                    if let Some(user) = body["userId"].as_str() {
                        login["userId"] = json!(user);
                    }
                })
            },
            &["who it is for is not read from the body"],
        ),
        (
            "another agent as soon as there is a body",
            "token",
            |_, ask, answer| {
                edit(ask, answer, LOGIN, |login| {
                    if ask.body.is_some() {
                        login["userId"] = json!("other@example.com");
                    }
                })
            },
            &["who it is for is not read from the body"],
        ),
        (
            "open to every origin",
            "token",
            |_, ask, mut answer| {
                if is(ask, LOGIN) {
                    answer.headers.push(("access-control-allow-origin".into(), "*".into()));
                }
                answer
            },
            &[
                "a page of another origin is refused",
                "a cross-site request is refused by Sec-Fetch-Site",
                "a page without an origin (Origin: null) is refused",
                "another origin's preflight is not granted",
            ],
        ),
        (
            "an origin compared by its beginning",
            "token",
            |own, ask, answer| {
                let origin = ask.headers.iter().find(|(name, _)| *name == "origin");
                let begins = origin.is_some_and(|(_, value)| {
                    value != recorded::SITE && value.starts_with(recorded::SITE)
                });
                if begins && is(ask, LOGIN) { own.good_for_own_page(ask) } else { answer }
            },
            &["a page of another origin is refused"],
        ),
        (
            "Sec-Fetch-Site passed over",
            "token",
            |own, ask, answer| {
                let foreign = ask.headers.iter().any(|(_, value)| value.contains("-site"));
                let named = ask.headers.iter().any(|(name, _)| *name == "origin");
                let fooled = foreign && !named && is(ask, LOGIN) && answer.status == 403;
                if fooled { own.good_for_own_page(ask) } else { answer }
            },
            &["a cross-site request is refused by Sec-Fetch-Site"],
        ),
        (
            "a GET that hands out logins",
            "token",
            |own, ask, answer| {
                let gets = ask.method == "GET" && is(ask, LOGIN);
                if gets { own.good_for_own_page(ask) } else { answer }
            },
            &["a method other than POST is refused"],
        ),
        (
            "forms and bodies of any size",
            "token",
            |own, ask, answer| {
                let taken = matches!(answer.status, 413 | 415) && is(ask, LOGIN);
                if taken { own.good_for_own_page(ask) } else { answer }
            },
            &["a body that is not JSON is refused", "an oversized body is refused"],
        ),
        (
            "a login without a session",
            "token",
            |own, ask, answer| {
                let open = answer.status == 401 && is(ask, LOGIN);
                if open { own.good_for_own_page(ask) } else { answer }
            },
            &["without the session nobody gets a login"],
        ),
        (
            "refusals in words of its own",
            "token",
            |_, ask, answer| {
                let own = answer.status == 413 && is(ask, LOGIN);
                if own { refusal(413, "TOO_LARGE") } else { answer }
            },
            &["an oversized body is refused"],
        ),
        (
            "refusals by 200",
            "token",
            |_, ask, answer| {
                let own = answer.status == 405 && is(ask, LOGIN);
                if own { recorded::ok(&json!({ "error": "method" })) } else { answer }
            },
            &["a method other than POST is refused"],
        ),
        (
            "a secret in an error's text",
            "token",
            |_, ask, answer| {
                if answer.status != 415 || !is(ask, LOGIN) {
                    return answer;
                }
                Answer { body: answer.body.replace("It is so.", KEY), ..answer }
            },
            &["no answer holds a secret"],
        ),
    ];
    for (badness, mode, bend, expected) in table {
        assert_eq!(failures(mode, bend), expected, "{badness}");
    }
}

#[test]
fn what_is_wrong_with_tcccs_answers_is_told_by_its_own_checks() {
    let table: [Row; 8] = [
        (
            "a login that is over",
            "token",
            |_, ask, answer| edit(ask, answer, LOGIN, |login| login["expiresAt"] = json!(1)),
            &["the login has not ended yet"],
        ),
        (
            "milliseconds for seconds",
            "token",
            |_, ask, answer| {
                edit(ask, answer, LOGIN, |login| login["expiresAt"] = json!(now() * 1000))
            },
            &["the login has not ended yet"],
        ),
        (
            "the script of another login",
            "token",
            |_, ask, answer| {
                edit(ask, answer, LOGIN, |login| {
                    login["sdkUrl"] = json!("https://tccc.qcloud.com/sdk/tcccSdk.js?token=other");
                })
            },
            &["token and script address belong together"],
        ),
        (
            "JSON written a second time",
            "token",
            |_, ask, answer| {
                edit(ask, answer, CHAT, |login| {
                    let data = login["clientData"].as_str().unwrap().replace(':', ": ");
                    login["clientData"] = json!(data);
                })
            },
            &["the userSig is over this very clientData"],
        ),
        (
            "a signature for another user",
            "token",
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
            "token",
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
            "token",
            |_, ask, answer| {
                edit(ask, answer, CHAT, |login| login["expiresAt"] = json!(now() + 60))
            },
            &["expiresAt is when the userSig ends"],
        ),
        (
            "a signature that is none, over a text that is none",
            "token",
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
            ],
        ),
    ];
    for (badness, mode, bend, expected) in table {
        assert_eq!(failures(mode, bend), expected, "{badness}");
    }
}

/// What every check says that needs a token to be refused.
const REFUSALS: [&str; 7] = [
    "a token is valid once",
    "of many who ask at once, one is told yes",
    "a token with another user's id is refused",
    "a token with another user's name is refused",
    "a token with another tenant is refused",
    "a made-up token is refused",
    "what is no question is refused by 200 too",
];

#[test]
fn what_is_wrong_with_cecs_tokens_is_told_by_its_own_checks() {
    let mut every_refusal = REFUSALS.to_vec();
    every_refusal.push("every refusal reads the same");
    let by_status: Bend = |_, ask, answer| {
        let no = is(ask, CALLBACK) && answer.body.contains("failed");
        if no { refusal(403, "LOGIN_FAILED") } else { answer }
    };
    assert_eq!(failures("token", by_status), every_refusal, "refusals by 403");
    let always: Bend = |_, ask, answer| {
        if is(ask, CALLBACK) { recorded::verdict(true) } else { answer }
    };
    assert_eq!(failures("token", always), every_refusal, "yes to everything");
    let table: [Row; 8] = [
        (
            "no to everything",
            "token",
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
            "token",
            |own, ask, answer| {
                let asked: Value =
                    serde_json::from_str(ask.body.as_deref().unwrap_or("")).unwrap_or_default();
                let token = asked["Token"].as_str().unwrap_or_default();
                let known = own.tokens.lock().unwrap().contains_key(token);
                let again = is(ask, CALLBACK) && known && recorded::is_bound(&asked);
                if again { recorded::verdict(true) } else { answer }
            },
            &[
                "a token is valid once",
                "of many who ask at once, one is told yes",
                "every refusal reads the same",
            ],
        ),
        (
            "a token for whoever has it",
            "token",
            |own, ask, answer| {
                let asked: Value =
                    serde_json::from_str(ask.body.as_deref().unwrap_or("")).unwrap_or_default();
                let token = asked["Token"].as_str().unwrap_or_default();
                let known = own.tokens.lock().unwrap().contains_key(token);
                let swapped = is(ask, CALLBACK) && known && !recorded::is_bound(&asked);
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
            "token",
            |own, ask, answer| {
                let asked: Value =
                    serde_json::from_str(ask.body.as_deref().unwrap_or("")).unwrap_or_default();
                let token = asked["Token"].as_str().unwrap_or_default();
                if own.tokens.lock().unwrap().contains_key(token) {
                    let body = answer.body.replace("validate failed", "token of another user");
                    return Answer { body, ..answer };
                }
                answer
            },
            &["every refusal reads the same"],
        ),
        (
            "an oracle in a header",
            "token",
            |_, ask, mut answer| {
                if is(ask, CALLBACK) && ask.body.as_deref() == Some("{}") {
                    answer.headers.push(("x-reason".into(), "empty".into()));
                }
                answer
            },
            &["every refusal reads the same"],
        ),
        (
            "tokens that are counted",
            "token",
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
            "token",
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
        (
            "a verdict that caches keep",
            "token",
            |_, ask, mut answer| {
                if is(ask, CALLBACK) {
                    answer.headers.truncate(1);
                }
                answer
            },
            &["the verdict is kept by no cache"],
        ),
    ];
    for (badness, mode, bend, expected) in table {
        assert_eq!(failures(mode, bend), expected, "{badness}");
    }
}

#[test]
fn what_is_wrong_with_cecs_signature_is_told_by_its_own_checks() {
    const RIGHT: &str = "the signature is right for exactly the four members of the answer";
    let table: [Row; 6] = [
        (
            "a wrong signature",
            "authorization",
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
            "authorization",
            |_, ask, answer| edit(ask, answer, CEC, |login| login["thirdUserName"] = json!("Tom")),
            &[RIGHT],
        ),
        (
            "one signature for every page view",
            "authorization",
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
            "authorization",
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
            "authorization",
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
            "authorization",
            |_, ask, answer| edit(ask, answer, CEC, |login| login["token"] = json!("x")),
            &[
                "the answer has the form of its schema",
                "two page views get two logins",
                "who it is for is not read from the body",
                "the login says its mode",
            ],
        ),
    ];
    for (badness, mode, bend, expected) in table {
        assert_eq!(failures(mode, bend), expected, "{badness}");
    }
}

#[test]
fn a_report_shows_no_token_no_user_and_no_secret() {
    let bend: Bend = |own, ask, answer| {
        let answer = edit(ask, answer, CEC, |login| login["thirdUserName"] = json!(["刘先生"]));
        let answer = edit(ask, answer, LOGIN, |login| login["userId"] = json!(17));
        let told = Answer { body: answer.body.replace("It is so.", KEY), ..answer };
        if is(ask, CHAT) { Answer { body: own.mint(KEY.into()), ..told } } else { told }
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
    let told = "  ✗ an oversized body is refused\n      expected  413\n      found     500 (INTERNAL)\n      mend      Refuse a body";
    assert!(shown.contains(told), "{shown}");
    assert!(shown.ends_with(&format!("{} passed, 1 failed", report.passed())), "{shown}");
    assert!(shown.contains("\nTCCC chat · POST https://shop.example.com/calldock/v1/tccc/chat\n"));
}
