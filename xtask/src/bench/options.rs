//! What is asked for.

use anyhow::{Result, bail};

use super::{browser, server};

/// Shown by `cargo xtask bench --help`.
pub const HELP: &str = "\
cargo xtask bench [options]

  --rounds N    of each benchmark below (10)
  --json        the figures as JSON
  --out FOLDER  performance.md with all tables, and bytes.svg, bridge.svg, page.svg, chat.svg and growth.svg
  --server      the tables of `bench server` too, about four minutes more

Builds the package, the server, the edge and the doubles, weighs the pages, measures everything that is measured in
browsers, and prints one Markdown document. Slowness is no failure.

cargo xtask bench bytes|bridge|page|chat|growth [options]

  --rounds N    how often everything is measured (10)
  --json        the figures as JSON
  --plot FILE   a picture of them, SVG

  bytes         what pages download, as `cargo xtask size` weighs it; no browser, no rounds
  bridge        asks for calls from frames of another site in Chromium: over Calldock's bridge, over Penpal and over
                Comlink, in turn; each round has frames of its own
  page          opens the workbench and reads screen pops in Chromium and Firefox, with an empty cache, with and without
                a slow network, beside the same by hand
  chat          opens CEC's chat in Chromium and Firefox with an empty cache, with and without a slow network, beside
                the CEC guide's own page
  growth        how a step grows with listeners, frames, links and parameters, in Chromium

cargo xtask bench server [options]

  --rate N      logins a second, with the server on one core (500)
  --seconds N   how long such a run takes (30)
  --steady N    how long the run takes that looks at failures and at memory; 0 leaves it out (60)
  --json        the figures as JSON

Builds the server in release mode. Fails where a request fails or the p99 of a login is above 5 ms. The long run
is wrk with 200 connections. Fairness takes about 45 s more.";

/// What `bench` is to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Benchmark {
    /// Print [`HELP`].
    Help,
    /// Measure in browsers.
    Browser(browser::Options),
    /// Measure the server.
    Server(server::Options),
}

/// Reads the arguments after `cargo xtask bench`.
pub fn parse(arguments: &[String]) -> Result<Benchmark> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if words.iter().any(|word| ["help", "--help", "-h"].contains(word)) {
        return Ok(Benchmark::Help);
    }
    let (what, mut rest) = match words.as_slice() {
        [what, rest @ ..] if !what.starts_with('-') => (*what, rest),
        options => return Ok(Benchmark::Browser(browser::parse(None, options)?)),
    };
    if let Some(name) = browser::NAMES.into_iter().find(|name| *name == what) {
        return Ok(Benchmark::Browser(browser::parse(Some(name), rest)?));
    }
    if what != "server" {
        bail!("there is no `bench {what}`; `cargo xtask bench --help` tells what there is");
    }
    let mut options = server::Options::default();
    loop {
        rest = match rest {
            [] => return Ok(Benchmark::Server(options)),
            ["--json", rest @ ..] => {
                options.json = true;
                rest
            }
            [name @ ("--rate" | "--seconds" | "--steady"), rest @ ..] => {
                let least = u32::from(*name != "--steady");
                let number = number(name, least, rest.first())?;
                match *name {
                    "--rate" => options.rate = number,
                    "--seconds" => options.seconds = number,
                    _ => options.steady = number,
                }
                &rest[1..]
            }
            [other, ..] => {
                bail!(
                    "`bench server` has no option `{other}`; `cargo xtask bench --help` lists them"
                )
            }
        };
    }
}

/// The number after an option.
pub fn number(name: &str, least: u32, word: Option<&&str>) -> Result<u32> {
    let found = word.map_or("none".to_owned(), |word| format!("`{word}`"));
    match word.and_then(|word| word.parse().ok()) {
        Some(number) if (least..=3600).contains(&number) => Ok(number),
        _ => bail!("{name}: expected a number from {least} to 3600, found {found}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Benchmark> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_not_said_is_as_the_documents_have_it() {
        let usual = server::Options { rate: 500, seconds: 30, steady: 60, json: false };
        assert_eq!(parsed("server").unwrap(), Benchmark::Server(usual));
        let given = server::Options { rate: 1, seconds: 2, steady: 0, json: true };
        let line = "server --rate 1 --json --seconds 2 --steady 0";
        assert_eq!(parsed(line).unwrap(), Benchmark::Server(given));
        assert_eq!(parsed("server --help").unwrap(), Benchmark::Help);
        assert_eq!(parsed("--help").unwrap(), Benchmark::Help);
    }

    #[test]
    fn without_a_name_everything_is_measured_in_browsers() {
        let all = |words: &[&str]| Benchmark::Browser(browser::parse(None, words).unwrap());
        assert_eq!(parsed("").unwrap(), all(&[]));
        assert_eq!(parsed("--rounds 3 --server").unwrap(), all(&["--rounds", "3", "--server"]));
        for name in browser::NAMES {
            let one = browser::parse(Some(name), &["--json"]).unwrap();
            assert_eq!(parsed(&format!("{name} --json")).unwrap(), Benchmark::Browser(one));
        }
    }

    #[test]
    fn what_is_not_known_is_refused_in_one_sentence() {
        for (line, expected) in [
            ("site", "there is no `bench site`"),
            ("--fast", "`bench` has no option `--fast`"),
            ("chat --fast", "`bench chat` has no option `--fast`"),
            ("server --fast", "has no option `--fast`"),
            ("server --rate", "--rate: expected a number from 1 to 3600, found none"),
            ("server --seconds 0", "--seconds: expected a number from 1 to 3600, found `0`"),
            ("server --steady x", "--steady: expected a number from 0 to 3600, found `x`"),
        ] {
            let message = parsed(line).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}
