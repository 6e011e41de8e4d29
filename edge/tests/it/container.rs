//! What `deploy/container/` takes from the repository. No image is built.

use std::fs;
use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

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
