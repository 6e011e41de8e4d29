//! Generated parts of the documents: the table of readings, and that every check is described.
//! `CALLDOCK_WRITE=1 cargo test -p calldock-admin --test it documents` writes them again. And what the documents
//! show of the configuration is read as the programs read it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use calldock_admin::doctor::checks::CHECKS;
use calldock_admin::doctor::readings::table::{Named, READINGS};
use calldock_server::config::Config;

const FILES: [&str; 2] = ["docs/en/operate/doctor.md", "docs/zh/operate/doctor.md"];

fn path(file: &str) -> String {
    format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"))
}

pub fn committed(file: &str) -> String {
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

/// Returns the code blocks of a document in this language.
pub fn blocks<'a>(document: &'a str, language: &str) -> Vec<&'a str> {
    let opening = format!("\n```{language}\n");
    document.split(&opening).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// Finds the documents of both languages, and the README files beside them.
fn documents() -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from(path("docs/en")), PathBuf::from(path("docs/zh"))];
    let mut found = vec![PathBuf::from(path("README.md")), PathBuf::from(path("README.zh.md"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found
}

/// The sections that a configuration needs, for those that a document leaves out.
const NEEDED: [(&str, &str); 3] = [
    (
        "tccc",
        "sdk_app_id = 1400000000\nsecret_id = \"AKIDEXAMPLE\"\nsecret_key = \"SECRETEXAMPLE\"",
    ),
    ("identity", "kind = \"fixed\"\nuser_id = \"agent@example.com\""),
    ("cec", "tenant_space_id = \"1\"\nchannel_config_id = \"2\"\nmode = \"token\""),
];

/// Returns a whole configuration with a document's sections in it.
fn whole(block: &str) -> String {
    let has = |section: &str| block.lines().any(|line| line.starts_with(&format!("[{section}]")));
    let mut text = String::new();
    for (section, keys) in NEEDED {
        // CEC is there for visitors, unless they are there for a chat.
        let needed = section != "cec" || (has("visitor") && !has("chat"));
        if needed && !has(section) {
            writeln!(text, "[{section}]\n{keys}").unwrap();
        }
    }
    text + block
}

#[test]
fn every_configuration_in_the_documents_is_accepted_by_its_program() {
    let folder = tempfile::tempdir().unwrap();
    for secret in ["server_key", "server_key.old", "cec_secret_key", "secret_id", "secret_key"] {
        let text = "0123456789abcdef0123456789abcdef0123456789abcdef";
        std::fs::write(folder.path().join(secret), text).unwrap();
    }
    let load = |block: &str| -> Result<(), String> {
        let is_edge = block.starts_with("# calldock-edge.toml");
        let file = folder.path().join("calldock.toml");
        std::fs::write(&file, if is_edge { block.into() } else { whole(block) }).unwrap();
        if is_edge {
            calldock_edge::settings::load(&file).map(drop).map_err(|errors| errors.to_string())
        } else {
            Config::load(Some(&file), []).map(drop).map_err(|errors| errors.to_string())
        }
    };
    let mut read = 0;
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        for block in blocks(&text, "toml") {
            let loaded = load(block);
            assert!(loaded.is_ok(), "{}: {}\n{block}", document.display(), loaded.unwrap_err());
            read += 1;
        }
    }
    assert!(read >= 22, "only {read} configurations were found");
    // A key that no program knows, and a value that no program takes.
    for wrong in ["[operator]\naddres = \"127.0.0.1:8702\"\n", "[visitor]\nkind = \"gest\"\n"] {
        assert!(load(wrong).is_err(), "{wrong}");
    }
    assert!(load("# calldock-edge.toml\n[cec]\norigin = \"shop\"\n").is_err());
}

#[test]
fn a_configuration_is_the_same_in_both_languages_but_for_its_comments() {
    let plain = |block: &str| -> Vec<String> {
        let lines = block.lines().map(|line| line.split('#').next().unwrap().trim().to_owned());
        lines.filter(|line| !line.is_empty()).collect()
    };
    for document in documents() {
        let Ok(page) = document.strip_prefix(Path::new(&path("docs/en"))) else { continue };
        let chinese = std::fs::read_to_string(Path::new(&path("docs/zh")).join(page)).unwrap();
        let english = std::fs::read_to_string(&document).unwrap();
        let of = |text: &str| blocks(text, "toml").into_iter().map(plain).collect::<Vec<_>>();
        assert_eq!(of(&chinese), of(&english), "{}", page.display());
    }
}
