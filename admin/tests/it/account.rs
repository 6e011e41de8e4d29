//! `account …`, at the database of `[local]`.

use std::path::Path;
use std::process::Output;

use crate::program::{error, run};

const RIGHT: &str = "correct horse battery\n";

fn account(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let config = folder.join("calldock.toml");
    let config = config.to_str().unwrap();
    run(&[&["account"], arguments, &["--config", config]].concat(), input)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn accounts_are_added_listed_changed_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    // Only [local] is read: other sections may be incomplete.
    let config = "[tccc]\nsdk_app_id = 1\n[local]\ndatabase = \"people.sqlite3\"\n";
    std::fs::write(folder.path().join("calldock.toml"), config).unwrap();
    let folder = folder.path();
    let done = |arguments: &[&str], input: &str| {
        let output = account(folder, arguments, input);
        assert!(output.status.success(), "{output:?}");
        assert!(!text(&output.stderr).contains("horse") && !text(&output.stdout).contains("horse"));
        text(&output.stdout)
    };
    assert_eq!(done(&["add", "agent@example.com", "--name", "张三"], RIGHT), "");
    done(&["add", "tom@example.com"], "correct horse battery\r\n");
    let list = done(&["list"], "");
    let lines: Vec<_> =
        list.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
    assert_eq!(
        lines,
        [vec!["USER", "NAME"], vec!["agent@example.com", "张三"], vec!["tom@example.com"]]
    );
    done(&["password", "tom@example.com"], "staple of another horse\n");
    done(&["remove", "tom@example.com"], "");
    assert!(!done(&["list"], "").contains("tom"));
    assert!(folder.join("people.sqlite3").is_file());
}

#[test]
fn an_error_is_one_sentence_without_the_password() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("calldock.toml"), "[local]\n").unwrap();
    let folder = folder.path();
    for (arguments, input, expected) in [
        (&["add", "agent@example.com"][..], "SECRET\n", "the password: expected 10"),
        (&["add", "agent@example.com"], "agent@example.com\n", "the password: expected 10"),
        (&["add", "agent@example.com"], "", "the password: expected 10"),
        (&["add", "two words"], RIGHT, "the user: expected"),
        (&["add", "tom", "--name", "a\nb"], RIGHT, "--name: expected"),
        (&["add", "tom", "correct horse battery"], "", "unexpected argument"),
    ] {
        let shown = error(&account(folder, arguments, input));
        assert!(shown.contains(expected) && !shown.contains("SECRET"), "{shown}");
    }
    assert!(account(folder, &["add", "tom"], RIGHT).status.success());
    for (arguments, expected) in [
        (&["add", "TOM"][..], "an account of this name exists"),
        (&["remove", "jim"], "no account of this name exists"),
        (&["password", "jim"], "no account of this name exists"),
    ] {
        let output = account(folder, arguments, RIGHT);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(text(&output.stderr).contains(expected), "{output:?}");
    }
    std::fs::write(folder.join("calldock.toml"), "[local]\ndatabse = \"x\"\n").unwrap();
    assert!(error(&account(folder, &["list"], "")).contains("local.databse: unknown key"));
}
