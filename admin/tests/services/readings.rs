//! `doctor cec --readings` at a tenant of every reading.

use std::sync::Mutex;

use calldock_admin::doctor::readings::table::READINGS;
use calldock_server::cec::settings::CecMode;
use calldock_server::config::Config;
use calldock_signing::auth_v2::Signer;
use serde_json::{Value, json};

use crate::doctor::report;
use crate::process::{Process, run};

fn try_at(doubles: &Process, more: &[&str]) -> (Value, Option<i32>) {
    let mut arguments = vec!["doctor", "cec", "--readings", "--json", "--yes"];
    arguments.extend(["--demo", "--vendor", &doubles.base]);
    arguments.extend(more);
    report(&run(&arguments, &[], ""))
}

fn readings<'a>(report: &'a Value, verdict: &str) -> Vec<&'a Value> {
    let rows = report["readings"].as_array().unwrap().iter();
    rows.filter(|row| row["verdict"] == verdict).collect()
}

#[test]
fn exactly_the_reading_of_the_tenant_is_accepted() {
    let left = Mutex::new(READINGS.to_vec());
    // Each trial waits most of its time.
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let doubles = Process::doubles();
                loop {
                    let Some(named) = left.lock().unwrap().pop() else { break };
                    doubles.plan(&json!({"cec": {"reading": named.name}}));
                    let (report, status) = try_at(&doubles, &[]);
                    let accepted = readings(&report, "accepted");
                    assert_eq!(
                        (status, accepted.len()),
                        (Some(0), 1),
                        "{}: {report:#}",
                        named.name
                    );
                    assert_eq!(accepted[0]["reading"], named.name);
                    assert_eq!(accepted[0]["cookie"], true);
                    let configured = named.name == "recommended";
                    let verdict = if configured { "good" } else { "warning" };
                    assert_eq!(report["checks"][0]["verdict"], verdict, "{report:#}");
                    // One forged, and one for each reading.
                    assert_eq!(doubles.log().len(), READINGS.len() + 1);
                    configures(&accepted[0]["signature"], named.name);
                }
            });
        }
    });
}

/// Checks that the printed lines configure the reading.
fn configures(lines: &Value, name: &str) {
    let named = READINGS.iter().find(|named| named.name == name).unwrap();
    let Some(lines) = lines.as_array() else {
        assert_eq!(name, "payload-all-fields", "the one that cannot be configured");
        return;
    };
    let lines: Vec<_> = lines.iter().map(|line| line.as_str().unwrap()).collect();
    let signer = configured(&lines);
    assert_eq!(signer.reading, named.reading(), "{name}");
    // What is assumed of a page is as long as what it posts.
    let [first, _sample] = lines[..] else { return };
    let length = |signer: &Signer| signer.body_sample.json().len();
    assert_eq!(length(&configured(&[first])), length(&signer));
}

/// Loads a configuration with these lines of `[signature]`.
fn configured(lines: &[&str]) -> Signer {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calldock.toml");
    let text = format!(
        "[visitor]\nkind = \"guest\"\n[cec]\ntenant_space_id = \"1\"\nchannel_config_id = \"2\"\nmode = \"authorization\"\nsecret_key = \"SECRETKEYEXAMPLE\"\n[signature]\n{}\n",
        lines.join("\n")
    );
    std::fs::write(&file, text).unwrap();
    let config = Config::load(Some(&file), []).unwrap();
    let CecMode::Authorization(signer) = config.cec.unwrap().mode else { panic!("another mode") };
    *signer
}

#[test]
fn readings_with_the_same_signature_are_sent_once() {
    let doubles = Process::doubles();
    doubles.plan(&json!({"cec": {"reading": "recommended"}}));
    let (report, status) = try_at(&doubles, &["--user-name", "Tom", "--user-id", "10010001"]);
    assert_eq!(status, Some(0));
    let same: Vec<_> = readings(&report, "same").iter().map(|row| row["reading"].clone()).collect();
    assert_eq!(same, ["content-length-chars", "payload-normalizePath", "payload-raw"]);
    assert_eq!(doubles.log().len(), READINGS.len() + 1 - same.len());
    assert!(!report.to_string().contains("Tom") && !report.to_string().contains("10010001"));
}

#[test]
fn the_trial_stops_when_the_tenant_limits_requests() {
    let doubles = Process::doubles();
    for (script, requests, word) in [
        ("429", 1, "limits requests"),
        ("500", 3, "limits requests"),
        ("html", 1, "an HTML page or a redirect"),
        ("throw", 1, "forged"),
    ] {
        doubles.plan(&json!({"cec": {"script": script}}));
        let (report, status) = try_at(&doubles, &[]);
        assert_eq!(status, Some(1), "{script}: {report:#}");
        assert!(report["checks"][0]["found"].as_str().unwrap().contains(word), "{report:#}");
        assert_eq!(doubles.log().len(), requests, "{script}");
        assert!(readings(&report, "accepted").is_empty());
    }
}

#[test]
fn a_tenant_that_refuses_all_readings_is_a_failure() {
    let doubles = Process::doubles();
    doubles.plan(&json!({"cec": {"script": "refuse"}}));
    let (report, status) = try_at(&doubles, &[]);
    assert_eq!((status, readings(&report, "refused").len()), (Some(1), READINGS.len()));
    assert!(report["checks"][0]["remedy"].as_str().unwrap().contains("cec.secret_key"));
}

#[test]
fn nothing_is_sent_without_a_yes() {
    let doubles = Process::doubles();
    doubles.plan(&json!({"cec": {"script": "refuse"}}));
    let arguments = ["doctor", "cec", "--readings", "--demo", "--vendor", &doubles.base];
    for answer in ["", "no\n", "yess\n"] {
        let output = run(&arguments, &[], answer);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(
            message.contains("at most 18 requests to 127.0.0.1:")
                && message.contains("nothing was sent")
        );
        assert!(doubles.log().is_empty());
    }
    assert_eq!(run(&arguments, &[], "yes\n").status.code(), Some(1));
    assert!(!doubles.log().is_empty());
    let elsewhere = run(&["doctor", "--readings", "--demo"], &[], "");
    assert_eq!(elsewhere.status.code(), Some(2));
}
