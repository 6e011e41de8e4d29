//! What is asked for.

use anyhow::{Result, bail};

use super::bridge;

/// Shown by `cargo xtask bench --help`.
pub const HELP: &str = "\
cargo xtask bench server [options]

  --rate N      logins a second, with the server on one core (500)
  --seconds N   how long such a run takes (30)
  --steady N    how long the run takes that looks at failures and at memory; 0 leaves it out (60)
  --json        the figures as JSON

Builds the server in release mode. Fails where a request fails or the p99 of a login is above 5 ms. The long run
is wrk with 200 connections. Fairness takes about 45 s more.

cargo xtask bench bridge [options]

  --rounds N    each with frames of its own (10)
  --json        the figures as JSON
  --plot FILE   a picture of them, SVG

Builds the package and asks for calls from frames of another site in Chromium: over Calldock's bridge,
over Penpal and over Comlink, in turn.

cargo xtask bench page [options]

  --rounds N    openings of each way (10)
  --json        the figures as JSON
  --plot FILE   a picture of them, SVG

Opens the workbench and reads screen pops in Chromium, beside the same by hand.";

/// What `bench` is to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Benchmark {
    /// Print [`HELP`].
    Help,
    /// Measure the bridge.
    Bridge(bridge::Options),
    /// Measure the page's other work.
    Page(bridge::Options),
    /// Measure the server.
    Server(Options),
}

/// How the server is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Logins a second.
    pub rate: u32,
    /// Of one run.
    pub seconds: u32,
    /// Of the run that looks at failures and at memory.
    pub steady: u32,
    /// JSON instead of tables.
    pub json: bool,
}

/// Reads the arguments after `cargo xtask bench`.
pub fn parse(arguments: &[String]) -> Result<Benchmark> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let Some((what, mut rest)) = words.split_first() else { return Ok(Benchmark::Help) };
    if words.iter().any(|word| ["help", "--help", "-h"].contains(word)) {
        return Ok(Benchmark::Help);
    }
    if let "bridge" | "page" = *what {
        let options = bridge::parse(what, rest)?;
        return Ok(if *what == "page" {
            Benchmark::Page(options)
        } else {
            Benchmark::Bridge(options)
        });
    }
    if *what != "server" {
        bail!("there is no `bench {what}`; `cargo xtask bench --help` tells what there is");
    }
    let mut options = Options { rate: 500, seconds: 30, steady: 60, json: false };
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
        let usual = Options { rate: 500, seconds: 30, steady: 60, json: false };
        assert_eq!(parsed("server").unwrap(), Benchmark::Server(usual));
        let given = Options { rate: 1, seconds: 2, steady: 0, json: true };
        let line = "server --rate 1 --json --seconds 2 --steady 0";
        assert_eq!(parsed(line).unwrap(), Benchmark::Server(given));
        assert_eq!(parsed("").unwrap(), Benchmark::Help);
        assert_eq!(parsed("server --help").unwrap(), Benchmark::Help);
    }

    #[test]
    fn what_is_not_known_is_refused_in_one_sentence() {
        for (line, expected) in [
            ("site", "there is no `bench site`"),
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
