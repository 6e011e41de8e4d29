//! `calldock-server doctor` beside the vendors' stand-in: what is well, what is not, and what is to do.

use std::process::Output;

use serde_json::{Value, json};

use crate::doubles::{Process, run};
use crate::redis_server::{Keeps, PASSWORD, RedisServer};

/// What the doctor said in JSON, and the exit status.
pub fn said(output: &Output) -> (Value, Option<i32>) {
    let text = String::from_utf8_lossy(&output.stdout);
    let said = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{output:?}"));
    (said, output.status.code())
}

fn examine(doubles: &Process, more: &[&str]) -> (Value, Option<i32>) {
    let mut arguments = vec!["doctor", "--json", "--demo", "--vendor", &doubles.base];
    arguments.extend(more);
    said(&run(&arguments, &[], ""))
}

fn rows<'a>(report: &'a Value, verdict: &str) -> Vec<&'a Value> {
    let rows = report["checks"].as_array().unwrap().iter();
    rows.filter(|row| row["verdict"] == verdict).collect()
}

#[test]
fn all_is_well_from_inside_and_through_the_site() {
    let (doubles, server) = Process::both();
    let inside: &[&str] = &[];
    let callback = server.callback();
    let through = ["--url", &server.base, "--callback-url", &callback];
    for (more, skipped) in [(inside, 1), (&through, 0)] {
        let (report, status) = examine(&doubles, more);
        assert_eq!(
            (status, &report["failed"], &report["good"]),
            (Some(0), &json!(0), &json!(true)),
            "{report:#}"
        );
        assert_eq!(rows(&report, "skipped").len(), skipped, "{report:#}");
        let checks: Vec<_> =
            rows(&report, "good").iter().map(|row| row["check"].as_str().unwrap()).collect();
        for check in ["reach", "clock", "credentials", "store", "proxy", "cookie"] {
            assert!(checks.contains(&check), "{check}: {report:#}");
        }
        assert_eq!(checks.contains(&"callback"), skipped == 0);
        for row in report["checks"].as_array().unwrap() {
            let members: Vec<_> = row.as_object().unwrap().keys().collect();
            assert_eq!(members, ["check", "found", "of", "remedy", "verdict"]);
        }
        for secret in
            ["not-a-secret", "AbCdEfGh", "auth-v2/", "agent@", "Tom", "ccmessaging-token="]
        {
            assert!(!report.to_string().contains(secret), "{secret}: {report:#}");
        }
    }
}

/// Faults; more arguments; check and part of the one row that fails; words of what was found and of how
/// to mend it.
type Fault = (Value, &'static [&'static str], [&'static str; 2], [&'static str; 2]);

fn faults() -> Vec<Fault> {
    let credentials = ["credentials", "tccc.secret_id"];
    let proxy = ["proxy", "service-cloud"];
    let cookie = ["cookie", "ccmessaging-token"];
    let cec = |name: &str, value: &str| json!({ "cec": { name: value } });
    vec![
        (json!({"api": "date:-600"}), &[], ["clock", "tccc.endpoint"], ["s ahead", "clock back"]),
        (cec("date", "+600"), &[], ["clock", "cec.origin"], ["s behind", "clock forward"]),
        (
            json!({"api": "AuthFailure.SignatureFailure"}),
            &[],
            credentials,
            ["SignatureFailure", "tccc.secret_key"],
        ),
        (
            json!({"api": "AuthFailure.SecretIdNotFound"}),
            &[],
            credentials,
            ["not known", "tccc.secret_id"],
        ),
        (json!({"api": "AuthFailure.SignatureExpire"}), &[], credentials, ["5 minutes", "NTP"]),
        (json!({"api": "html"}), &["tccc"], credentials, ["an HTML page", "tccc.endpoint"]),
        (json!({"api": "500"}), &["tccc"], credentials, ["HTTP 500", "tccc.endpoint"]),
        (json!({"rest": "html"}), &[], proxy, ["HTML", "deploy/nginx"]),
        (
            json!({"rest": "redirect"}),
            &["cec"],
            proxy,
            ["redirect to https://sso.example ", "login page"],
        ),
        (json!({"rest": "500"}), &[], proxy, ["HTTP 500", "log of the gateway"]),
        (cec("script", "html"), &[], cookie, ["something else", "fallback"]),
        (
            cec("script", "refuse"),
            &[],
            cookie,
            ["refuses the visitor (HTTP 403)", "doctor cec --readings"],
        ),
        (
            cec("reading", "payload-raw"),
            &[],
            cookie,
            ["refuses the visitor", "doctor cec --readings"],
        ),
        (cec("cookie", "none"), &[], cookie, ["no cookie", "Set-Cookie"]),
        (cec("cookie", "path"), &[], cookie, ["never sent", "proxy_cookie_path"]),
        (cec("cookie", "none-insecure"), &[], cookie, ["without Secure", "SameSite=Lax"]),
        (cec("cookie", "ended"), &[], cookie, ["expired", "clock"]),
    ]
}

#[test]
fn each_fault_is_one_failing_row_with_its_remedy() {
    let doubles = Process::doubles();
    for (plan, more, [check, of], [found, remedy]) in faults() {
        doubles.plan(&plan);
        let (report, status) = examine(&doubles, more);
        let failed = rows(&report, "failed");
        assert_eq!((status, failed.len()), (Some(1), 1), "{plan}: {report:#}");
        assert_eq!((&failed[0]["check"], &failed[0]["of"]), (&json!(check), &json!(of)), "{plan}");
        for (member, word) in [("found", found), ("remedy", remedy)] {
            let text = failed[0][member].as_str().unwrap();
            assert!(text.contains(word), "{plan}: expected {word:?} in {text:?}");
        }
        assert!(!report.to_string().contains("next=secret"));
    }
}

#[test]
fn what_works_and_may_be_a_mistake_is_a_warning() {
    let doubles = Process::doubles();
    for (plan, check, word) in [
        (json!({"api": "date:-100"}), "clock", "s ahead"),
        (json!({"api": "UnauthorizedOperation.CamNoAuth"}), "credentials", "knows the key"),
        (json!({"cec": {"cookie": "secure"}}), "cookie", "plain HTTP"),
    ] {
        doubles.plan(&plan);
        let (report, status) = examine(&doubles, &[]);
        assert_eq!(status, Some(0), "{plan}: {report:#}");
        let warned = rows(&report, "warning");
        let row = warned.iter().find(|row| row["check"] == check);
        assert!(row.unwrap()["found"].as_str().unwrap().contains(word), "{plan}: {report:#}");
    }
}

#[test]
fn a_cookie_of_cecs_domain_is_mended_by_our_proxy_and_missed_through_a_gateway_that_does_not() {
    let doubles = Process::doubles();
    doubles.plan(&json!({"cec": {"cookie": "domain"}}));
    assert_eq!(examine(&doubles, &["cec"]).1, Some(0));
    // The doubles' own address is a gateway that passes everything on as it is.
    let (report, status) = examine(&doubles, &["cec", "--url", &doubles.base]);
    let failed = rows(&report, "failed");
    assert_eq!((status, failed.len()), (Some(1), 1), "{report:#}");
    assert!(failed[0]["remedy"].as_str().unwrap().contains("proxy_cookie_domain"));
}

#[test]
fn nobody_at_the_vendors_address_fails_there_and_nowhere_else() {
    let arguments = ["doctor", "--json", "--demo", "--vendor", "http://127.0.0.1:1"];
    let (report, status) = said(&run(&arguments, &[], ""));
    assert_eq!(status, Some(1));
    let failed = rows(&report, "failed");
    assert_eq!(failed.len(), 2, "{report:#}");
    for row in failed {
        assert_eq!(row["check"], "reach");
        assert!(row["found"].as_str().unwrap().contains("no connection to 127.0.0.1:1"));
    }
    // Both clocks, the credentials, the way to CEC, its cookie; and the callback nobody named.
    assert_eq!(rows(&report, "skipped").len(), 6, "{report:#}");
}

#[test]
fn the_callback_must_refuse_garbage_in_cecs_form() {
    let (doubles, server) = Process::both();
    let at = |address: &str| {
        let (report, status) = examine(&doubles, &["cec", "--callback-url", address]);
        let rows = report["checks"].as_array().unwrap().iter();
        (rows.filter(|row| row["check"] == "callback").cloned().collect::<Vec<_>>(), status)
    };
    let (rows, status) = at(&server.callback());
    assert_eq!((rows[0]["verdict"].as_str(), status), (Some("good"), Some(0)), "{rows:?}");
    for (address, found) in [
        (doubles.base.clone(), "something else (HTTP 200)"),
        (format!("{}/nowhere", server.base), "(HTTP 404)"),
        ("http://127.0.0.1:1/".to_owned(), "no connection"),
    ] {
        let (rows, status) = at(&address);
        assert_eq!((rows[0]["verdict"].as_str(), status), (Some("failed"), Some(1)), "{rows:?}");
        assert!(rows[0]["found"].as_str().unwrap().contains(found), "{rows:?}");
    }
}

/// Token mode, without a proxy of this server's.
const TOKENS: &str = r#"
    [visitor]
    kind = "guest"
    [cec]
    tenant_space_id = "202007159031"
    channel_config_id = "817854979183314945"
    mode = "token"
"#;

#[test]
fn with_tokens_the_running_site_vouches_for_the_visitor() {
    let (_doubles, server) = Process::both();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calldock.toml");
    std::fs::write(&file, TOKENS).unwrap();
    let file = file.to_str().unwrap();
    let callback = server.callback();
    let through =
        ["doctor", "--json", "--config", file, "--url", &server.base, "--callback-url", &callback];
    let (report, status) = said(&run(&through, &[], ""));
    assert_eq!(status, Some(0), "{report:#}");
    let good: Vec<_> = rows(&report, "good").iter().map(|row| row["check"].clone()).collect();
    assert!(
        ["proxy", "cookie", "callback"].iter().all(|check| good.contains(&json!(check))),
        "{report:#}"
    );
}

#[test]
fn a_redis_that_cannot_be_asked_is_the_stores_row() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calldock.toml");
    let redis = RedisServer::start(Keeps::Nothing);
    let gone = format!("redis://:{PASSWORD}@127.0.0.1:1/0");
    for (url, verdict, status) in [(redis.url(), "good", 0_i32), (gone, "failed", 1)] {
        let text = format!("{TOKENS}\n[store]\nkind = \"redis\"\nurl = \"{url}\"\n");
        std::fs::write(&file, text).unwrap();
        let output = run(&["doctor", "--json", "--config", file.to_str().unwrap()], &[], "");
        let (report, found) = said(&output);
        assert_eq!(found, Some(status), "{report:#}");
        let row = rows(&report, verdict).into_iter().find(|row| row["check"] == "store");
        assert_eq!(row.unwrap()["of"], "store.kind", "{report:#}");
        assert_eq!(rows(&report, "failed").len(), usize::from(status == 1), "{report:#}");
        assert!(!report.to_string().contains(PASSWORD));
        assert!(!String::from_utf8_lossy(&output.stderr).contains(PASSWORD));
    }
}

#[test]
fn every_mistake_of_the_configuration_is_a_row_and_nothing_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calldock.toml");
    std::fs::write(&file, "[cec]\nmode = \"tokens\"\nsecret_key = \"SECRETKEYEXAMPLE\"\n").unwrap();
    let output = run(&["doctor", "--json", "--config", file.to_str().unwrap()], &[], "");
    let (report, status) = said(&output);
    assert_eq!(status, Some(2));
    let of: Vec<_> =
        rows(&report, "failed").iter().map(|row| row["of"].as_str().unwrap()).collect();
    for key in ["cec.mode", "cec.tenant_space_id", "cec.channel_config_id", "visitor.kind"] {
        assert!(of.contains(&key), "{of:?}");
    }
    assert!(!report.to_string().contains("EXAMPLE"));
}

#[test]
fn people_read_a_table_in_their_language() {
    let doubles = Process::doubles();
    doubles.plan(&json!({"cec": {"cookie": "none"}}));
    let arguments = ["doctor", "--demo", "--vendor", &doubles.base];
    for (locale, words) in [
        ("en_GB.UTF-8", ["how to mend", "1 failed", "proxy_hide_header"]),
        ("zh_CN.UTF-8", ["处理办法", "1 项未通过", "请让网关保留"]),
    ] {
        let output = run(&arguments, &[("LC_ALL", locale), ("COLUMNS", "160")], "");
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8(output.stdout).unwrap();
        for word in words.into_iter().chain(["✓", "!", "✗", "tccc.endpoint"]) {
            assert!(text.contains(word), "{word} in {text}");
        }
    }
}
