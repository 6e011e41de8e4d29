//! `deploy/systemd/` as systemd reads it: without a mistake, and with little exposure.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const DEPLOYED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/systemd");

/// Tenths of systemd's own number for how much a service could do: 100 is everything.
const MAX_EXPOSURE: &str = "--threshold=15";

const UNITS: [&str; 2] = ["calldock-server", "calldock-edge"];

/// A unit with its drop-ins, for the program that was built.
fn unit(name: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("{name}.service");
    let text = fs::read_to_string(Path::new(DEPLOYED).join(&file)).unwrap();
    let program = format!("/usr/local/bin/{name}");
    assert!(text.contains(&format!("ExecStart={program} ")), "{text}");
    let built = match name {
        "calldock-edge" => env!("CARGO_BIN_EXE_calldock-edge").into(),
        _ => crate::program("CALLDOCK_SERVER").into_string().unwrap(),
    };
    fs::write(folder.path().join(&file), text.replace(&program, &built)).unwrap();
    if name == "calldock-server" {
        let drop_in = folder.path().join(format!("{file}.d"));
        fs::create_dir(&drop_in).unwrap();
        fs::copy(Path::new(DEPLOYED).join("secrets.conf"), drop_in.join("secrets.conf")).unwrap();
    }
    folder
}

fn analyze(arguments: &[&str], folder: &TempDir, name: &str) -> Output {
    let unit = folder.path().join(format!("{name}.service"));
    Command::new(crate::program("CALLDOCK_SYSTEMD_ANALYZE"))
        .args(arguments)
        .arg(unit)
        .output()
        .unwrap()
}

#[test]
fn systemd_finds_no_mistake_in_a_unit() {
    for name in UNITS {
        let output = analyze(&["verify"], &unit(name), name);
        let output_text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && output_text.is_empty(), "{name}: {output_text}");
    }
}

#[test]
fn a_unit_leaves_hardly_more_than_the_network() {
    for name in UNITS {
        let output = analyze(&["security", "--offline=true", MAX_EXPOSURE], &unit(name), name);
        let output_text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && output_text.contains("Overall exposure level"),
            "{name}: {output_text}"
        );
    }
}

/// Debian 12's systemd 252 refuses `notify-reload`, so the units do without and a commented drop-in has it.
#[test]
fn units_notify_and_reload_by_a_signal() {
    for name in UNITS {
        let file = Path::new(DEPLOYED).join(format!("{name}.service"));
        let text = fs::read_to_string(file).unwrap();
        assert!(
            text.contains("\nType=notify\n")
                && text.contains("\nExecReload=/bin/kill -HUP $MAINPID\n")
        );
    }
    let drop_in = fs::read_to_string(Path::new(DEPLOYED).join("notify-reload.conf")).unwrap();
    assert!(drop_in.contains("\n#Type=notify-reload\n"), "{drop_in}");
    assert!(drop_in.lines().all(|line| line.is_empty() || line.starts_with('#')), "all commented");
}
