//! schemathesis asks the running server everything the OpenAPI document allows, and much it does not:
//! no answer may be one the document does not have.

use std::process::Command;

use serde_json::json;

use crate::doubles::Process;

/// What every answer is held against, beside its status.
const CHECKS: &str = "status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance";

/// And what other methods than the documented ones are answered. To CEC any method goes on, so this needs
/// a CEC that is there and refuses them.
const METHODS: &str = "unsupported_method,allow_header_conformance";

/// Runs it, always over the same requests.
fn schemathesis(server: &Process, checks: &str, more: &[&str]) {
    let tool = std::env::var_os("CALLDOCK_SCHEMATHESIS")
        .expect("`cargo xtask test services` says where schemathesis is");
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
    // It keeps notes where it runs.
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(tool)
        .args(["run", document, "--url", &server.base, "--checks", checks])
        .args(["--phases", "examples,coverage,fuzzing", "--generation-deterministic"])
        .args(["--request-timeout", "15", "--no-color"])
        .args(more)
        .current_dir(folder.path())
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("Tested: "), "{said}");
}

#[test]
fn no_request_brings_the_server_to_an_error_or_to_an_undocumented_answer() {
    let (_doubles, server) = Process::both();
    let checks = format!("not_a_server_error,{METHODS},{CHECKS}");
    schemathesis(&server, &checks, &["--exclude-tag", "sessions", "--max-examples", "25"]);
}

/// The demo has no accounts.
const ACCOUNTS: &str = r#"
    [listen]
    address = "127.0.0.1:0"
    [operator]
    address = "127.0.0.1:0"
    [limits]
    failures = "off"
    [visitor]
    kind = "local"
    [local]
    database = "accounts"
    [cec]
    tenant_space_id = "202007159031"
    channel_config_id = "817854979183314945"
    mode = "token"
"#;

#[test]
fn nobody_signs_in_by_undocumented_answers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calldock.toml");
    std::fs::write(&file, ACCOUNTS).unwrap();
    let server = Process::configured(&file);
    let checks = format!("not_a_server_error,{METHODS},{CHECKS}");
    let all_but = ["--exclude-tag", "proxy", "--exclude-path-regex", "/tccc/"];
    schemathesis(&server, &checks, &[&all_but[..], &["--max-examples", "20"]].concat());
}

#[test]
fn a_failing_vendor_brings_the_server_to_documented_answers_only() {
    let (doubles, server) = Process::both();
    for fault in ["html", "500", "AuthFailure.SignatureExpire", "RequestLimitExceeded"] {
        doubles.plan(&json!({ "api": fault }));
        let pages = ["--include-tag", "pages", "--max-examples", "5"];
        schemathesis(&server, CHECKS, &pages);
    }
    // Nobody is there any more.
    drop(doubles);
    schemathesis(&server, CHECKS, &["--exclude-tag", "sessions", "--max-examples", "5"]);
}
