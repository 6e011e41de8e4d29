//! `account …`, at the database of `[local]`.

use std::path::Path;
use std::process::Output;

use calldock_accounts::passwords::Passwords;
use calldock_accounts::{Account, Database};
use calldock_server::identity::Person;

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
fn every_account_that_can_be_added_is_one_that_the_server_recognises() {
    for letter in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
        let (user, name) = (format!("agent{letter}@example.com"), format!("张{letter}三"));
        let added = Account::new(&user, None).is_ok();
        assert!(!added || Person::new(&user, None).is_ok(), "{letter:?} in the user");
        let named = Account::new("agent@example.com", Some(&name)).is_ok();
        let person = Person::new("agent@example.com", Some(&name)).unwrap();
        assert!(!named || person.name.is_some(), "{letter:?} in the name");
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("calldock.toml"), "[local]\n").unwrap();
    for (arguments, expected) in [
        (&["add", "agent\u{202a}@example.com"][..], "the user: expected"),
        (&["add", "agent@example.com\u{200b}"], "the user: expected"),
        (&["add", "agent@example.com", "--name", "张\u{202e}三"], "--name: expected"),
        (&["add", "agent@example.com", "--name", "张\u{200b}三"], "--name: expected"),
    ] {
        let shown = error(&account(folder.path(), arguments, RIGHT));
        assert!(shown.contains(expected), "{shown}");
    }
    assert!(!folder.path().join("calldock.sqlite3").exists(), "nothing was added");
}

#[tokio::test]
async fn a_byte_order_mark_before_a_password_is_no_part_of_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("calldock.toml"), "[local]\n").unwrap();
    let marked = format!("\u{feff}{RIGHT}");
    assert!(account(folder.path(), &["add", "tom"], &marked).status.success());
    let path = folder.path().join("calldock.sqlite3");
    let hash = Database::open(&path).unwrap().by_user("tom").unwrap().unwrap().password;
    let verified = Passwords::default().verify(RIGHT.trim_end().into(), Some(hash)).await;
    assert_eq!(verified, Ok(true));
}

#[test]
fn only_add_creates_the_file_and_only_where_the_server_has_accounts() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let config = |text: &str| std::fs::write(folder.join("calldock.toml"), text).unwrap();
    config("[local]\ndatabase = \"people.sqlite3\"\n");
    for arguments in [&["list"][..], &["remove", "tom"], &["password", "tom"]] {
        let output = account(folder, arguments, RIGHT);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(text(&output.stderr).contains("local.database: no such file"), "{output:?}");
    }
    for other in ["[visitor]\nkind = \"guest\"\n", ""] {
        config(other);
        for arguments in [&["add", "tom"][..], &["list"]] {
            let shown = error(&account(folder, arguments, RIGHT));
            assert!(shown.contains("local: missing"), "{shown}");
        }
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1, "the configuration alone");
    config("[visitor]\nkind = \"local\"\n");
    assert!(account(folder, &["add", "tom"], RIGHT).status.success());
    assert!(text(&account(folder, &["list"], "").stdout).contains("tom"));
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
