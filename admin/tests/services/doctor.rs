//! `doctor` beside the vendors' stand-in: each fault is one failing row with its remedy. The stand-in's own
//! address serves as the site: it is a gateway that forwards everything unchanged.

use std::process::Output;

use serde_json::{Value, json};

use crate::process::{Process, run};

/// Returns the report in JSON and the exit status.
pub fn report(output: &Output) -> (Value, Option<i32>) {
    let text = String::from_utf8_lossy(&output.stdout);
    let report = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{output:?}"));
    (report, output.status.code())
}

fn examine(doubles: &Process, more: &[&str]) -> (Value, Option<i32>) {
    let mut arguments = vec!["doctor", "--json", "--demo", "--vendor", &doubles.base];
    arguments.extend(["--url", &doubles.base]);
    arguments.extend(more);
    report(&run(&arguments, &[], ""))
}

fn rows<'a>(report: &'a Value, verdict: &str) -> Vec<&'a Value> {
    let rows = report["checks"].as_array().unwrap().iter();
    rows.filter(|row| row["verdict"] == verdict).collect()
}

#[test]
fn without_faults_all_is_good() {
    let doubles = Process::doubles();
    let server = Process::server(&doubles.base);
    let callback = server.callback();
    let more = ["--callback-url", &callback, "--agent", "agent@example.com"];
    let (report, status) = examine(&doubles, &more);
    assert_eq!((status, &report["good"]), (Some(0), &json!(true)), "{report:#}");
    let checks: Vec<_> =
        rows(&report, "good").iter().map(|row| row["check"].as_str().unwrap()).collect();
    for check in ["reach", "clock", "credentials", "login", "store", "proxy", "cookie"] {
        assert!(checks.contains(&check), "{check}: {report:#}");
    }
    for row in report["checks"].as_array().unwrap() {
        let members: Vec<_> = row.as_object().unwrap().keys().collect();
        assert_eq!(members, ["check", "found", "of", "remedy", "verdict"]);
    }
    for secret in ["not-a-secret", "AbCdEfGh", "auth-v2/", "agent@", "ccmessaging-token="] {
        assert!(!report.to_string().contains(secret), "{secret}: {report:#}");
    }
}

/// Faults; more arguments; check and part of the one row that fails; words of what was found and of how
/// to fix it.
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
        (json!({"rest": "500"}), &[], proxy, ["HTTP 500", "logs of the gateway"]),
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
        (cec("cookie", "none"), &[], cookie, ["without a cookie", "Set-Cookie"]),
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
fn a_cookie_of_cecs_domain_is_lost_through_a_gateway_that_does_not_rewrite_it() {
    let doubles = Process::doubles();
    doubles.plan(&json!({"cec": {"cookie": "domain"}}));
    let (report, status) = examine(&doubles, &["cec"]);
    let failed = rows(&report, "failed");
    assert_eq!((status, failed.len()), (Some(1), 1), "{report:#}");
    assert!(failed[0]["remedy"].as_str().unwrap().contains("proxy_cookie_domain"));
}

#[test]
fn a_vendor_that_cannot_be_reached_fails_once_for_each_address() {
    let arguments = ["doctor", "--json", "--demo", "--vendor", "http://127.0.0.1:1"];
    let (report, status) = report(&run(&arguments, &[], ""));
    assert_eq!(status, Some(1));
    let failed = rows(&report, "failed");
    assert_eq!(failed.len(), 2, "{report:#}");
    for row in failed {
        assert_eq!(row["check"], "reach");
        assert!(row["found"].as_str().unwrap().contains("no connection to 127.0.0.1:1"));
    }
    // Both clocks, the credentials, and CEC under the site, whose address is not known.
    assert_eq!(rows(&report, "skipped").len(), 4, "{report:#}");
}

#[test]
fn a_shared_store_that_cannot_be_reached_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calldock.toml");
    let text = "[visitor]\nkind = \"guest\"\n[key]\nsecret = \"SECRETKEYEXAMPLE0123456789SECRETKEYEXAMPLE\"\n[cec]\ntenant_space_id = \"1\"\nchannel_config_id = \"2\"\nmode = \"token\"\n[store]\nkind = \"redis\"\nurl = \"redis://:PASSWORDEXAMPLE@127.0.0.1:1/0\"\n";
    std::fs::write(&file, text).unwrap();
    let output = run(&["doctor", "--json", "--config", file.to_str().unwrap()], &[], "");
    let (report, status) = report(&output);
    assert_eq!(status, Some(1), "{report:#}");
    let failed = rows(&report, "failed");
    assert_eq!((failed.len(), &failed[0]["of"]), (1, &json!("store.kind")), "{report:#}");
    assert!(!report.to_string().contains("EXAMPLE"), "{report:#}");
}

#[test]
fn every_mistake_of_the_configuration_is_a_row_and_nothing_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calldock.toml");
    std::fs::write(&file, "[cec]\nmode = \"tokens\"\nsecret_key = \"SECRETKEYEXAMPLE\"\n").unwrap();
    let output = run(&["doctor", "--json", "--config", file.to_str().unwrap()], &[], "");
    let (report, status) = report(&output);
    assert_eq!(status, Some(2));
    let of: Vec<_> =
        rows(&report, "failed").iter().map(|row| row["of"].as_str().unwrap()).collect();
    for key in ["cec.mode", "cec.tenant_space_id", "cec.channel_config_id", "visitor.kind"] {
        assert!(of.contains(&key), "{of:?}");
    }
    assert!(!report.to_string().contains("EXAMPLE"));
}

#[test]
fn the_table_is_in_the_terminals_language() {
    let doubles = Process::doubles();
    doubles.plan(&json!({"cec": {"cookie": "none"}}));
    let arguments = ["doctor", "--demo", "--vendor", &doubles.base, "--url", &doubles.base];
    for (locale, words) in [
        ("en_GB.UTF-8", ["how to fix", "1 failed", "proxy_hide_header"]),
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
