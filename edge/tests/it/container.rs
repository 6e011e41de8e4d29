//! What `deploy/container/` takes from the repository. No image is built.

use std::fs;
use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
fn each_health_check_reads_the_settings_that_the_program_reads() {
    let file = Path::new(ROOT).join("deploy/container/Containerfile");
    let text = fs::read_to_string(file).unwrap();
    for name in ["edge", "server"] {
        let (_, stage) = text.split_once(&format!(" AS {name}\n")).unwrap();
        let mut commands = stage.lines().filter_map(|line| line.trim().strip_prefix("CMD "));
        let mut settings = || -> Option<String> {
            let words: Vec<String> = serde_json::from_str(commands.next()?).unwrap();
            words.into_iter().skip_while(|word| word != "--config").nth(1)
        };
        let (checked, read) = (settings(), settings());
        assert!(checked.is_some() && checked == read, "{name}: {checked:?} {read:?}");
    }
}

#[test]
fn the_builder_gets_every_crate_and_nothing_that_is_not_named() {
    let ignored =
        fs::read_to_string(Path::new(ROOT).join("deploy/container/.containerignore")).unwrap();
    let mut lines = ignored.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(lines.next(), Some("*"), "only named paths are taken");
    let named: Vec<_> = lines.filter_map(|line| line.strip_prefix('!')).collect();
    let workspace = fs::read_to_string(Path::new(ROOT).join("Cargo.toml")).unwrap();
    let members = workspace.lines().find_map(|line| line.strip_prefix("members = ")).unwrap();
    let members: Vec<String> = serde_json::from_str(members).unwrap();
    for member in members.iter().map(String::as_str).chain(["src", "Cargo.toml", "Cargo.lock"]) {
        assert!(named.contains(&member), "{member} is not in .containerignore");
    }
    for name in named {
        assert!(
            Path::new(ROOT).join(name).exists(),
            "{name} is in .containerignore but does not exist"
        );
    }
}
