//! `deploy/container/` as a linter reads it. No image is built.

use std::path::Path;
use std::process::Command;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
fn the_linter_finds_nothing_in_the_containerfile() {
    let program = crate::program("CALLDOCK_HADOLINT");
    let file = Path::new(ROOT).join("deploy/container/Containerfile");
    let output = Command::new(program)
        .args(["--no-color", "--failure-threshold", "style"])
        .arg(file)
        .output();
    let output = output.unwrap();
    let output_text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && output_text.is_empty(), "{output_text}");
}
