//! Generated parts of the documents: the table of metrics, the list of configuration keys, the OpenAPI document.
//! `CALLDOCK_WRITE=1 cargo test -p calldock-server --test it documents` writes them again.

use std::fmt::Write as _;

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

/// The table of metrics. In Chinese, what each means is in the document alone.
fn table(head: &str, meaning: impl Fn(&Metric) -> String) -> String {
    let mut text = format!("{head}\n|---|---|---|---|\n");
    for metric in ALL {
        let labels: Vec<_> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
        let kind = format!("{:?}", metric.kind).to_lowercase();
        let (name, labels) = (metric.name, labels.join(", "));
        writeln!(text, "| `{name}` | {kind} | {labels} | {} |", meaning(metric)).unwrap();
    }
    text
}

#[test]
fn the_documented_metrics_are_the_counted_ones() {
    let (en, zh) = ("docs/en/operate/operation.md", "docs/zh/operate/operation.md");
    let text = table("| metric | type | labels | meaning |", |metric| metric.meaning.into());
    check(en, &between(&committed(en), "metrics", &text));
    let chinese = committed(zh);
    let text = table("| 指标 | 类型 | 标签 | 含义 |", |metric| {
        let row = chinese.lines().find(|row| row.starts_with(&format!("| `{}` |", metric.name)));
        let row = row.unwrap_or_else(|| panic!("{} is not in {zh}", metric.name));
        row.trim_end_matches(" |").rsplit(" | ").next().unwrap().into()
    });
    check(zh, &between(&chinese, "metrics", &text));
}

/// Every key of the configuration is documented, in the example and in both languages' operation pages.
#[test]
fn every_key_is_documented() {
    for file in ["docs/en/operate/server.md", "docs/zh/operate/server.md"] {
        let document = committed(file);
        for key in calldock_server::config::KEYS.iter() {
            assert!(document.contains(&format!("`{key}`")), "{key} in {file}");
        }
    }
}

/// A metric of another file would be missing in the documented table.
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
    check("docs/openapi.json", &calldock_server::http::openapi::json());
}
