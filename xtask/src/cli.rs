//! What the command line asks for.

use anyhow::{Result, bail};

use crate::demo;
use crate::fuzz::{self, Amount};
use crate::test::Length;

/// Shown by `cargo xtask` alone.
pub const HELP: &str = "\
cargo xtask <command>

  demo [--port N]   build everything, start the playground and print its address (8700)
  test [names…]     run every check, or the named ones; `cargo xtask test --list` names them
       --quick      what needs no browser and no service, in minutes
       --long       everything in full length, every file that opens a browser in every engine
       --repeat N   the same N times, to find tests that fail now and then
  build             make pkg/, the npm package
  fuzz [targets…]   libFuzzer over every reader of foreign text, or the named ones
       --seconds N  for all of them together (60)
  docs              make the documentation site in target/docs-site/, with the TypeScript and Rust references
  api               write docs/api/, the reports of the package's public types
  generate          write the tables of contract/ into js/generated/ and docs/
  size [--json]     what a page downloads, entry by entry: raw, gzip, brotli
  size --crates     where the core's bytes are, crate by crate
  lines             lines of code of the server's crates with their budgets, and circles of imports
  supply            licences, sources and hashes of everything that is built in
  sbom              the same as lists in CycloneDX, in target/sbom/
  reproduce         build the package twice and compare the bytes
  mutants           changes of contract/ and signing/ that no test notices (cargo-mutants)
  bench …           how fast it is, beside others; `bench --help` lists what is measured
  extension …       make the cobrowse browser extension; `extension --help` lists its options
  conformance …     test a backend of your own; `conformance --help` lists its options";

/// One command with its options.
#[derive(Debug, PartialEq, Eq)]
pub enum Invocation {
    /// Print [`HELP`].
    Help,
    /// Write the reports of the public types.
    Api,
    /// Measure.
    Bench {
        /// Its own options.
        arguments: Vec<String>,
    },
    /// Make `pkg/`.
    Build,
    /// Test a backend.
    Conformance {
        /// Its own options.
        arguments: Vec<String>,
    },
    /// Show the playground.
    Demo {
        /// Where.
        port: u16,
    },
    /// Make the documentation site.
    Docs,
    /// Make the browser extension.
    Extension {
        /// Its own options.
        arguments: Vec<String>,
    },
    /// Fuzz.
    Fuzz(fuzz::Options),
    /// Write what is generated from the contract.
    Generate,
    /// Count lines of code.
    Lines,
    /// Change code, to see whether a test notices.
    Mutants,
    /// Build twice.
    Reproduce,
    /// Write lists of what is built in.
    Sbom,
    /// Check what is built in.
    Supply,
    /// Name the stages of `test`.
    List,
    /// Run a wasm test program in the browser, for cargo.
    Runner {
        /// The program and what cargo passes on.
        arguments: Vec<String>,
    },
    /// Print where the core's bytes are.
    Crates,
    /// Print the sizes, as a table or as JSON.
    Size {
        /// JSON instead of a table.
        json: bool,
    },
    /// Run checks.
    Test {
        /// The stages; none is all.
        names: Vec<String>,
        /// How much of them.
        length: Length,
        /// How often.
        repeat: u32,
    },
}

/// Reads the arguments after `cargo xtask`.
pub fn parse(arguments: &[String]) -> Result<Invocation> {
    let Some((command, rest)) = arguments.split_first() else { return Ok(Invocation::Help) };
    let words: Vec<&str> = rest.iter().map(String::as_str).collect();
    match (command.as_str(), words.as_slice()) {
        ("bench", _) => Ok(Invocation::Bench { arguments: rest.to_vec() }),
        ("conformance", _) => Ok(Invocation::Conformance { arguments: rest.to_vec() }),
        ("extension", _) => Ok(Invocation::Extension { arguments: rest.to_vec() }),
        ("help" | "--help" | "-h", _) | (_, ["--help" | "-h", ..]) => Ok(Invocation::Help),
        ("api", []) => Ok(Invocation::Api),
        ("build", []) => Ok(Invocation::Build),
        ("docs", []) => Ok(Invocation::Docs),
        ("demo", []) => Ok(Invocation::Demo { port: demo::PORT }),
        ("demo", ["--port", port]) => Ok(Invocation::Demo { port: port_number(port)? }),
        ("demo", ["--port"]) => bail!("--port: expected a number from 1 to 65534, found none"),
        ("generate", []) => Ok(Invocation::Generate),
        ("size", []) => Ok(Invocation::Size { json: false }),
        ("size", ["--json"]) => Ok(Invocation::Size { json: true }),
        ("size", ["--crates"]) => Ok(Invocation::Crates),
        ("mutants", []) => Ok(Invocation::Mutants),
        ("reproduce", []) => Ok(Invocation::Reproduce),
        ("sbom", []) => Ok(Invocation::Sbom),
        ("supply", []) => Ok(Invocation::Supply),
        ("lines", []) => Ok(Invocation::Lines),
        ("fuzz", words) => fuzzing(words),
        ("test", ["--list"]) => Ok(Invocation::List),
        ("test", words) => tests(words),
        (crate::RUNNER, _) => Ok(Invocation::Runner { arguments: rest.to_vec() }),
        (
            "api" | "build" | "demo" | "docs" | "lines" | "mutants" | "reproduce" | "sbom" | "size"
            | "supply",
            [option, ..],
        ) => {
            bail!("`{command}` has no option `{option}`; `cargo xtask` lists the commands")
        }
        _ => bail!("there is no command `{command}`; `cargo xtask` lists the commands"),
    }
}

/// Stages and options of `test`, in any order.
fn tests(words: &[&str]) -> Result<Invocation> {
    let (mut names, mut length, mut repeat) = (Vec::new(), Length::Gate, 1);
    let mut words = words.iter();
    while let Some(&word) = words.next() {
        match word {
            "--quick" => length = Length::Quick,
            "--long" => length = Length::Long,
            "--repeat" => {
                repeat = whole_number("--repeat", words.next())?;
            }
            option if option.starts_with('-') => {
                bail!("`test` has no option `{option}`; `cargo xtask` lists the commands")
            }
            name => names.push(name.to_owned()),
        }
    }
    Ok(Invocation::Test { names, length, repeat })
}

/// Targets and options of `fuzz`, in any order.
fn fuzzing(words: &[&str]) -> Result<Invocation> {
    let mut options = fuzz::Options { amount: Amount::Seconds(fuzz::SECONDS), targets: Vec::new() };
    let mut words = words.iter();
    while let Some(&word) = words.next() {
        match word {
            "--seconds" => {
                options.amount = Amount::Seconds(whole_number("--seconds", words.next())?);
            }
            option if option.starts_with('-') => {
                bail!("`fuzz` has no option `{option}`; `cargo xtask` lists the commands")
            }
            target => options.targets.push(target.to_owned()),
        }
    }
    Ok(Invocation::Fuzz(options))
}

fn whole_number(option: &str, word: Option<&&str>) -> Result<u32> {
    let word = word.copied().unwrap_or("nothing");
    match word.parse() {
        Ok(number @ 1..) => Ok(number),
        _ => bail!("{option}: expected a whole number above 0, found `{word}`"),
    }
}

/// The vendor's double takes the port after it.
fn port_number(word: &str) -> Result<u16> {
    match word.parse() {
        Ok(port @ 1..=65534) => Ok(port),
        _ => bail!("--port: expected a number from 1 to 65534, found `{word}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Invocation> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    fn refused(line: &str) -> String {
        parsed(line).unwrap_err().to_string()
    }

    #[test]
    fn nothing_asks_for_help() {
        assert_eq!(parsed("").unwrap(), Invocation::Help);
        assert_eq!(parsed("demo --help").unwrap(), Invocation::Help);
    }

    #[test]
    fn the_commands_take_their_options() {
        assert_eq!(parsed("api").unwrap(), Invocation::Api);
        assert_eq!(parsed("build").unwrap(), Invocation::Build);
        assert_eq!(parsed("docs").unwrap(), Invocation::Docs);
        assert_eq!(parsed("demo").unwrap(), Invocation::Demo { port: 8700 });
        assert_eq!(parsed("demo --port 9000").unwrap(), Invocation::Demo { port: 9000 });
        assert_eq!(parsed("size --json").unwrap(), Invocation::Size { json: true });
        assert_eq!(parsed("size --crates").unwrap(), Invocation::Crates);
        assert_eq!(parsed("lines").unwrap(), Invocation::Lines);
        assert_eq!(parsed("supply").unwrap(), Invocation::Supply);
        assert_eq!(parsed("sbom").unwrap(), Invocation::Sbom);
        assert_eq!(parsed("reproduce").unwrap(), Invocation::Reproduce);
        assert_eq!(parsed("mutants").unwrap(), Invocation::Mutants);
        assert_eq!(parsed("test --list").unwrap(), Invocation::List);
        let names = vec!["native".to_owned(), "e2e".to_owned()];
        let gate = |names, repeat| Invocation::Test { names, length: Length::Gate, repeat };
        assert_eq!(parsed("test native e2e").unwrap(), gate(names.clone(), 1));
        assert_eq!(parsed("test native --repeat 10 e2e").unwrap(), gate(names, 10));
        let quick = Invocation::Test { names: Vec::new(), length: Length::Quick, repeat: 1 };
        assert_eq!(parsed("test --quick").unwrap(), quick);
    }

    #[test]
    fn what_is_not_known_is_refused_in_one_sentence() {
        assert_eq!(refused("ship"), "there is no command `ship`; `cargo xtask` lists the commands");
        let option = "has no option `--fast`; `cargo xtask` lists the commands";
        assert_eq!(refused("build --fast"), format!("`build` {option}"));
        assert_eq!(refused("test --fast"), format!("`test` {option}"));
    }

    #[test]
    fn a_number_of_repetitions_that_is_none_is_refused() {
        for times in ["0", "-1", "x", ""] {
            assert!(refused(&format!("test --repeat {times}")).starts_with("--repeat: expected"));
        }
    }

    #[test]
    fn fuzz_takes_targets_and_seconds() {
        let targets = vec!["hash".to_owned()];
        let expected = Invocation::Fuzz(fuzz::Options { amount: Amount::Seconds(5), targets });
        assert_eq!(parsed("fuzz --seconds 5 hash").unwrap(), expected);
        assert!(refused("fuzz --seconds 0").starts_with("--seconds: expected"));
        assert!(refused("fuzz --minutes 1").starts_with("`fuzz` has no option"));
    }

    #[test]
    fn a_port_that_leaves_none_for_the_vendor_is_refused() {
        for port in ["0", "65535", "x", "-1"] {
            let message = refused(&format!("demo --port {port}"));
            assert_eq!(
                message,
                format!("--port: expected a number from 1 to 65534, found `{port}`")
            );
        }
        assert!(refused("demo --port").ends_with("found none"));
    }
}
