//! `deploy/systemd/` as systemd reads it: without a mistake, and with hardly a door open.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const DEPLOYED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/systemd");
const UNIT: &str = "calldock-server.service";
const PROGRAM: &str = "/usr/local/bin/calldock-server";

/// Tenths of systemd's own number for how much a service could do: 100 is everything.
const MOST_EXPOSURE: &str = "--threshold=15";

/// The unit with its drop-in, for the server that was built.
fn unit() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(Path::new(DEPLOYED).join(UNIT)).unwrap();
    assert!(text.contains(&format!("ExecStart={PROGRAM} ")), "{text}");
    let text = text.replace(PROGRAM, env!("CARGO_BIN_EXE_calldock-server"));
    fs::write(folder.path().join(UNIT), text).unwrap();
    let drop_in = folder.path().join(format!("{UNIT}.d"));
    fs::create_dir(&drop_in).unwrap();
    fs::copy(Path::new(DEPLOYED).join("secrets.conf"), drop_in.join("secrets.conf")).unwrap();
    folder
}

fn analyze(arguments: &[&str], folder: &TempDir) -> Output {
    let program =
        std::env::var_os("CALLDOCK_SYSTEMD_ANALYZE").expect("run by `cargo xtask test services`");
    Command::new(program).args(arguments).arg(folder.path().join(UNIT)).output().unwrap()
}

#[test]
fn systemd_finds_no_mistake_in_the_unit() {
    let output = analyze(&["verify"], &unit());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
}

#[test]
fn the_unit_leaves_the_server_hardly_more_than_the_network() {
    let output = analyze(&["security", "--offline=true", MOST_EXPOSURE], &unit());
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("Overall exposure level"), "{said}");
}
