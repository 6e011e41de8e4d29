//! What documents have of the code: the tables of metrics and readings, the OpenAPI document.
//! `CALLDOCK_WRITE=1 cargo test -p calldock-server --test it documents` writes them anew.

use std::fmt::Write as _;

use calldock_server::cec::readings::{Named, READINGS};
use calldock_server::doctor::checks::CHECKS;
use calldock_server::observe::metrics::{ALL, Metric};

/// Compares a committed file with what it should be, or writes it.
fn check(file: &str, generated: &str) {
    let path = format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("CALLDOCK_WRITE").is_some() {
        std::fs::write(&path, generated).expect("the file can be written");
    }
    assert!(
        committed(file) == generated,
        "{file} is out of step: CALLDOCK_WRITE=1 cargo test -p calldock-server --test it documents"
    );
}

fn committed(file: &str) -> String {
    let path = format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap_or_default()
}

/// A document with another text between its two comments about `name`.
fn between(document: &str, name: &str, text: &str) -> String {
    let start = document.find(&format!("<!-- {name}: ")).expect("the first comment is there");
    let start = start + document[start..].find("-->\n").expect("it ends") + 4;
    let end = document.find(&format!("<!-- /{name} -->")).expect("the second comment is there");
    [&document[..start], text, &document[end..]].concat()
}

/// What a metric means, in one of the languages.
type Meaning = fn(&Metric) -> &str;

fn table(head: &str, meaning: Meaning) -> String {
    let mut text = format!("{head}\n|---|---|---|---|\n");
    for metric in &ALL {
        let labels: Vec<_> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
        let (name, kind, labels) = (metric.name, metric.kind.as_str(), labels.join(", "));
        writeln!(text, "| `{name}` | {kind} | {labels} | {} |", meaning(metric)).unwrap();
    }
    text
}

#[test]
fn the_documented_metrics_are_the_counted_ones() {
    let languages: [(&str, &str, Meaning); 2] = [
        ("docs/operation.md", "| metric | type | labels | meaning |", |metric| metric.en),
        ("docs/operation.zh.md", "| 指标 | 类型 | 标签 | 含义 |", |metric| metric.zh),
    ];
    for (file, head, meaning) in languages {
        check(file, &between(&committed(file), "metrics", &table(head, meaning)));
    }
}

#[test]
fn the_documented_readings_are_those_that_are_tried() {
    type Meaning = fn(&Named) -> &str;
    let languages: [(&str, &str, Meaning); 2] = [
        ("docs/doctor.md", "| reading | what it means | `[signature]` |", |it| it.meaning.en),
        ("docs/doctor.zh.md", "| 读法 | 含义 | `[signature]` |", |it| it.meaning.zh),
    ];
    for (file, head, meaning) in languages {
        let mut text = format!("{head}\n|---|---|---|\n");
        for named in &READINGS {
            let lines = named.lines("…").map(|lines| {
                lines.iter().map(|line| format!("`{line}`")).collect::<Vec<_>>().join(", ")
            });
            let (name, meaning) = (named.name, meaning(named));
            writeln!(text, "| `{name}` | {meaning} | {} |", lines.as_deref().unwrap_or("–"))
                .unwrap();
        }
        check(file, &between(&committed(file), "readings", &text));
    }
}

#[test]
fn every_check_of_the_doctors_is_documented() {
    for file in ["docs/doctor.md", "docs/doctor.zh.md"] {
        let document = committed(file);
        for check in &CHECKS {
            assert!(document.contains(&format!("\n| `{}` |", check.name)), "{}", check.name);
        }
        // The forged one is asked too.
        let most = READINGS.len() + 1;
        assert!(document.contains(&format!(" {most} ")), "{most} requests in {file}");
    }
}

/// A label that some other file invents would be in no table and under nobody's eyes.
#[test]
fn only_one_file_counts() {
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut counting = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if ["counter!(", "gauge!(", "histogram!("]
                .iter()
                .any(|call| std::fs::read_to_string(&path).unwrap().contains(call))
            {
                counting.push(path.file_name().unwrap().to_owned());
            }
        }
    }
    assert_eq!(counting, ["metrics.rs"]);
}

#[test]
fn the_committed_openapi_document_is_the_servers() {
    check("docs/openapi.json", &calldock_server::observe::openapi::json());
}
