//! Generated parts of the documents: the table of readings, and that every check is described.
//! `CALLDOCK_WRITE=1 cargo test -p calldock-admin --test it documents` writes them again.

use std::fmt::Write as _;

use calldock_admin::doctor::checks::CHECKS;
use calldock_admin::doctor::readings::table::{Named, READINGS};

const FILES: [&str; 2] = ["docs/en/operate/doctor.md", "docs/zh/operate/doctor.md"];

fn path(file: &str) -> String {
    format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"))
}

fn committed(file: &str) -> String {
    std::fs::read_to_string(path(file)).unwrap()
}

/// Replaces the text between a document's two comments about the readings.
fn with_readings(document: &str, text: &str) -> String {
    let start = document.find("<!-- readings: ").expect("the first comment");
    let start = start + document[start..].find("-->\n").expect("its end") + 4;
    let end = document.find("<!-- /readings -->").expect("the second comment");
    [&document[..start], text, &document[end..]].concat()
}

#[test]
fn the_documented_readings_are_those_that_are_tried() {
    let heads = ["| reading | meaning | `[signature]` |", "| 读法 | 含义 | `[signature]` |"];
    let meanings: [fn(&Named) -> &str; 2] = [|it| it.meaning.en, |it| it.meaning.zh];
    for ((file, head), meaning) in FILES.into_iter().zip(heads).zip(meanings) {
        let mut text = format!("{head}\n|---|---|---|\n");
        for named in &READINGS {
            let lines = named.lines("…").map(|lines| {
                lines.iter().map(|line| format!("`{line}`")).collect::<Vec<_>>().join(", ")
            });
            let (name, meaning) = (named.name, meaning(named));
            let lines = lines.as_deref().unwrap_or("–");
            writeln!(text, "| `{name}` | {meaning} | {lines} |").unwrap();
        }
        let document = committed(file);
        let generated = with_readings(&document, &text);
        if std::env::var_os("CALLDOCK_WRITE").is_some() {
            std::fs::write(path(file), &generated).unwrap();
        }
        assert!(generated == document, "{file} is out of date; run with CALLDOCK_WRITE=1");
    }
}

#[test]
fn every_check_is_documented() {
    for file in FILES {
        let document = committed(file);
        for check in &CHECKS {
            assert!(document.contains(&format!("\n| `{}` |", check.name)), "{}", check.name);
        }
        // One request has a forged signature.
        let most = READINGS.len() + 1;
        assert!(document.contains(&format!(" {most} ")), "{most} requests in {file}");
    }
}
