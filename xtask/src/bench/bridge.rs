//! Commands `bench bridge` and `bench page`: what is measured in a real browser. The pages and the
//! reports are in `bench/bridge/` and `bench/page/`.

use std::process::Command;

use anyhow::{Result, bail};

use super::options::number;
use crate::{browser, build, paths, process, progress};

/// How the bridge is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Each has frames of its own.
    rounds: u32,
    /// JSON instead of a table.
    json: bool,
    /// Where a picture of the figures goes.
    plot: Option<String>,
}

/// Reads the arguments after `bench <what>`.
pub fn parse(what: &str, words: &[&str]) -> Result<Options> {
    let mut options = Options { rounds: 10, json: false, plot: None };
    let mut rest = words;
    loop {
        rest = match rest {
            [] => return Ok(options),
            ["--json", rest @ ..] => {
                options.json = true;
                rest
            }
            ["--rounds", rest @ ..] => {
                options.rounds = number("--rounds", 1, rest.first())?;
                &rest[1..]
            }
            ["--plot", file, rest @ ..] => {
                options.plot = Some((*file).to_owned());
                rest
            }
            [other, ..] => {
                bail!(
                    "`bench {what}` has no option `{other}`; `cargo xtask bench --help` lists them"
                )
            }
        };
    }
}

/// Measures what `bench/<what>/` has and reports; slowness is no failure.
pub fn run(what: &str, options: Options) -> Result<()> {
    let browser = browser::ensure()?;
    build::package()?;
    progress::step(&format!("measuring in the browser: {what}"));
    let mut node = Command::new("node");
    node.arg(paths::root().join("bench").join(what).join("run.mjs"));
    node.args(["--rounds", &options.rounds.to_string()]);
    if options.json {
        node.arg("--json");
    }
    if let Some(file) = options.plot {
        node.args(["--plot", &file]);
    }
    node.current_dir(paths::root());
    node.env("CALLDOCK_CHROMIUM", &browser.chromium);
    node.env("CALLDOCK_CHROMEDRIVER", &browser.driver);
    node.env("CALLDOCK_CHROMIUM_FLAGS", browser::FLAGS.join(" "));
    process::run(&mut node)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_as_the_documents_have_it() {
        assert_eq!(parse("bridge", &[]).unwrap(), Options { rounds: 10, json: false, plot: None });
        let arguments = ["--json", "--rounds", "3", "--plot", "x.svg"];
        assert_eq!(
            parse("bridge", &arguments).unwrap(),
            Options { rounds: 3, json: true, plot: Some("x.svg".into()) }
        );
    }

    #[test]
    fn what_is_not_known_is_refused_in_one_sentence() {
        let refused = |words: &[&str]| parse("bridge", words).unwrap_err().to_string();
        assert!(refused(&["--fast"]).starts_with("`bench bridge` has no option `--fast`"));
        for (words, found) in [
            (["--rounds"].as_slice(), "none"),
            (&["--rounds", "0"], "`0`"),
            (&["--rounds", "x"], "`x`"),
        ] {
            let expected = format!("--rounds: expected a number from 1 to 3600, found {found}");
            assert_eq!(refused(words), expected);
        }
    }
}
