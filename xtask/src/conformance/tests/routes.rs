//! What is asked of every route that a page calls, shown at the agents' login.

use serde_json::{Value, json};

use super::{LOGIN, Row, edit, is, judge};
use crate::conformance::recorded::{self, KEY, refusal};
use crate::conformance::wire::Answer;

#[test]
fn each_fault_of_a_pages_route_fails_its_own_checks() {
    let table: [Row; 14] = [
        (
            "an HTML page for everything",
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
            |own, ask, answer| {
                let gets = ask.method == "GET" && is(ask, LOGIN);
                if gets { own.good_for_own_page(ask) } else { answer }
            },
            &["a method other than POST is refused"],
        ),
        (
            "forms and bodies of any size",
            |own, ask, answer| {
                let taken = matches!(answer.status, 413 | 415) && is(ask, LOGIN);
                if taken { own.good_for_own_page(ask) } else { answer }
            },
            &["a body that is not JSON is refused", "an oversized body is refused"],
        ),
        (
            "a login without a session",
            |own, ask, answer| {
                let open = answer.status == 401 && is(ask, LOGIN);
                if open { own.good_for_own_page(ask) } else { answer }
            },
            &["without the session nobody gets a login"],
        ),
        (
            "refusals in words of its own",
            |_, ask, answer| {
                let own = answer.status == 413 && is(ask, LOGIN);
                if own { refusal(413, "TOO_LARGE") } else { answer }
            },
            &["an oversized body is refused"],
        ),
        (
            "refusals by 200",
            |_, ask, answer| {
                let own = answer.status == 405 && is(ask, LOGIN);
                if own { recorded::ok(&json!({ "error": "method" })) } else { answer }
            },
            &["a method other than POST is refused"],
        ),
        (
            "a secret in an error's text",
            |_, ask, answer| {
                if answer.status != 415 || !is(ask, LOGIN) {
                    return answer;
                }
                Answer { body: answer.body.replace("It is so.", KEY), ..answer }
            },
            &["no answer holds a secret"],
        ),
    ];
    judge("token", table);
}
