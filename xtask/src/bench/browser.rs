//! What pages download, and what is measured in real browsers. The pages and the reports are in `bench/`, a folder
//! for each benchmark.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::options::number;
use super::server;
use crate::browser::Engine;
use crate::{build, harness, paths, process, progress, size};

/// The benchmarks, each with a folder of its name.
pub const NAMES: [&str; 5] = [BYTES, "bridge", "page", "chat", "growth"];

/// The benchmark without a browser.
const BYTES: &str = "bytes";

/// How it is measured, and what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The benchmark; all of them without.
    name: Option<&'static str>,
    /// How often everything is measured.
    rounds: u32,
    /// JSON instead of tables.
    json: bool,
    /// The file of one benchmark's picture.
    plot: Option<String>,
    /// The folder of all tables and pictures.
    out: Option<String>,
    /// The server's tables too.
    server: bool,
}

/// Reads the arguments of the benchmark `name`, or of all of them.
pub fn parse(name: Option<&'static str>, words: &[&str]) -> Result<Options> {
    let mut options =
        Options { name, rounds: 10, json: false, plot: None, out: None, server: false };
    let mut rest = words;
    loop {
        rest = match rest {
            [] => break,
            ["--json", rest @ ..] => {
                options.json = true;
                rest
            }
            ["--rounds", rest @ ..] => {
                options.rounds = number("--rounds", 1, rest.first())?;
                &rest[1..]
            }
            ["--plot", file, rest @ ..] if name.is_some() => {
                options.plot = Some((*file).to_owned());
                rest
            }
            ["--out", folder, rest @ ..] if name.is_none() => {
                options.out = Some((*folder).to_owned());
                rest
            }
            ["--server", rest @ ..] if name.is_none() => {
                options.server = true;
                rest
            }
            [other, ..] => {
                let bench = name.map_or("bench".to_owned(), |name| format!("bench {name}"));
                bail!("`{bench}` has no option `{other}`; `cargo xtask bench --help` lists them")
            }
        };
    }
    if options.json && options.server {
        bail!("--server: expected tables, found --json; use `cargo xtask bench server --json`");
    }
    Ok(options)
}

/// Measures what the folders have and reports; slowness is no failure.
pub fn run(options: &Options) -> Result<()> {
    let environment = match options.name {
        Some(BYTES) => build::package().map(|()| Vec::new())?,
        name => harness::environment(engines(name))?,
    };
    let names = options.name.map_or(NAMES.join(", "), str::to_owned);
    progress::step(&format!("measuring: {names}"));
    let mut node = Command::new("node");
    node.arg(paths::root().join("bench/run.mjs")).args(options.name);
    node.args(["--rounds", &options.rounds.to_string()]);
    if options.json {
        node.arg("--json");
    }
    if matches!(options.name, None | Some(BYTES)) {
        node.arg("--bytes").arg(weigh()?);
    }
    for (option, path) in [("--plot", &options.plot), ("--out", &options.out)] {
        if let Some(path) = path {
            node.args([option, path]);
        }
    }
    process::run(node.envs(environment))?;
    if options.server { add_server(options.out.as_deref()) } else { Ok(()) }
}

/// Writes what `cargo xtask size --json` prints.
fn weigh() -> Result<PathBuf> {
    let pages = serde_json::to_string(&size::measure()?)?;
    let file = paths::root().join("target/size/pages.json");
    fs::write(&file, pages).with_context(|| file.display().to_string())?;
    Ok(file)
}

/// The engines of a benchmark, or of all of them.
fn engines(name: Option<&str>) -> &'static [Engine] {
    match name {
        Some(BYTES) => &[],
        None | Some("page" | "chat") => &[Engine::Chromium, Engine::Firefox],
        Some(_) => &[Engine::Chromium],
    }
}

/// Prints the server's tables, adds them to the document, and fails as `bench server` does.
fn add_server(out: Option<&str>) -> Result<()> {
    let report = server::measure(&server::Options::default())?;
    let text = format!("\n## Signing server\n\n{report}");
    print!("{text}");
    if let Some(folder) = out {
        let file = Path::new(folder).join("performance.md");
        let before = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        fs::write(&file, before + &text).with_context(|| file.display().to_string())?;
    }
    server::check(&report)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual(name: Option<&'static str>) -> Options {
        Options { name, rounds: 10, json: false, plot: None, out: None, server: false }
    }

    #[test]
    fn what_is_not_said_is_as_the_documents_have_it() {
        for name in NAMES {
            assert_eq!(parse(Some(name), &[]).unwrap(), usual(Some(name)));
        }
        let said = ["--json", "--rounds", "3", "--plot", "x.svg"];
        let expected =
            Options { rounds: 3, json: true, plot: Some("x.svg".into()), ..usual(Some("chat")) };
        assert_eq!(parse(Some("chat"), &said).unwrap(), expected);
    }

    #[test]
    fn all_of_them_go_into_a_folder_with_the_server_if_asked_for() {
        assert_eq!(parse(None, &[]).unwrap(), usual(None));
        let said = ["--out", "figures", "--server", "--rounds", "20"];
        let expected =
            Options { rounds: 20, out: Some("figures".into()), server: true, ..usual(None) };
        assert_eq!(parse(None, &said).unwrap(), expected);
        let refused = parse(None, &["--json", "--server"]).unwrap_err().to_string();
        assert_eq!(
            refused,
            "--server: expected tables, found --json; use `cargo xtask bench server --json`"
        );
    }

    #[test]
    fn page_and_chat_are_measured_in_two_engines() {
        for name in NAMES {
            let two = ["page", "chat"].contains(&name);
            assert_eq!(engines(Some(name)).contains(&Engine::Firefox), two);
            assert_eq!(engines(Some(name)).contains(&Engine::Chromium), name != BYTES);
        }
        assert_eq!(engines(None), engines(Some("chat")));
    }

    #[test]
    fn what_is_not_known_is_refused_in_one_sentence() {
        let refused = |name, words: &[&str]| parse(name, words).unwrap_err().to_string();
        for (name, word) in [
            (Some("bridge"), "--fast"),
            (Some("growth"), "--out"),
            (Some("page"), "--server"),
            (Some("chat"), "--plot"),
        ] {
            let expected = format!(
                "`bench {}` has no option `{word}`; `cargo xtask bench --help` lists them",
                name.unwrap_or_default()
            );
            assert_eq!(refused(name, &[word]), expected);
        }
        assert!(refused(None, &["--plot", "x.svg"]).starts_with("`bench` has no option `--plot`"));
        for (words, found) in [
            (["--rounds"].as_slice(), "none"),
            (&["--rounds", "0"], "`0`"),
            (&["--rounds", "x"], "`x`"),
        ] {
            let expected = format!("--rounds: expected a number from 1 to 3600, found {found}");
            assert_eq!(refused(None, words), expected);
            assert_eq!(refused(Some("bridge"), words), expected);
        }
    }
}
