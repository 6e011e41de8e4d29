//! What the command line asks for.

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

use super::address::{self, Aicc};
use crate::paths;

/// Every option, with an example.
pub const HELP: &str = "\
cargo xtask extension --aicc https://… --hosts https://…/*,… [options]

  --aicc URL         the contact centre, https and a domain (with its port, if it has one)
  --hosts LIST       the sites that are cobrowsed, with commas: https://shop.example.com/*
  --bundle FILE      the tenant's cobrowse.js; with it, the store builds are made too
  --frames           also inside other pages, as an agent's workbench shows a shared page
  --gecko-id ID      Firefox's name for the extension (cobrowse@ and the contact centre's host)
  --firefox-min N    the oldest Firefox (128); 142 is what Firefox's store wants
  --version N.N.N    the extension's version (Calldock's own)
  --out FOLDER       where the builds go (target/extension)

docs/en/guides/extension.md tells how they are installed.";

/// The first Firefox with `"world": "MAIN"` in a manifest (docs/vendor/huawei.md §4).
const FIREFOX: u16 = 128;

/// What the builds are set to.
#[derive(Debug)]
pub struct Options {
    /// The contact centre.
    pub aicc: Aicc,
    /// Match patterns.
    pub hosts: Vec<String>,
    /// The tenant's cobrowse.js.
    pub bundle: Option<PathBuf>,
    /// Also in frames.
    pub frames: bool,
    /// Firefox's name for the extension.
    pub gecko_id: String,
    /// Its oldest version that takes the extension.
    pub firefox_min: u16,
    /// One to four numbers with dots.
    pub version: String,
    /// Where the builds go.
    pub out: PathBuf,
}

impl Options {
    /// Reads the arguments after `cargo xtask extension`.
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let given = Given::collect(arguments)?;
        let aicc = given.aicc.context("--aicc is needed: the contact centre's https address")?;
        let aicc = Aicc::parse(&aicc)?;
        let hosts = given.hosts.context("--hosts is needed: the sites that are cobrowsed")?;
        let own_id = || format!("cobrowse@{}", aicc.host().replace(['[', ':', ']'], "-"));
        Ok(Self {
            hosts: address::hosts(&hosts)?,
            bundle: given.bundle.map(PathBuf::from),
            frames: given.frames,
            gecko_id: given.gecko_id.map_or_else(|| Ok(own_id()), gecko_id)?,
            firefox_min: given.firefox_min.map_or(Ok(FIREFOX), firefox_min)?,
            version: version(given.version.unwrap_or(env!("CARGO_PKG_VERSION").to_owned()))?,
            out: paths::root().join(given.out.as_deref().unwrap_or("target/extension")),
            aicc,
        })
    }
}

/// The options as they stand on the command line.
#[derive(Default)]
struct Given {
    aicc: Option<String>,
    hosts: Option<String>,
    bundle: Option<String>,
    gecko_id: Option<String>,
    firefox_min: Option<String>,
    version: Option<String>,
    out: Option<String>,
    frames: bool,
}

impl Given {
    fn collect(arguments: &[String]) -> Result<Self> {
        let mut given = Self::default();
        let mut words = arguments.iter();
        while let Some(option) = words.next() {
            let place = match option.as_str() {
                "--frames" => {
                    given.frames = true;
                    continue;
                }
                "--aicc" => &mut given.aicc,
                "--hosts" => &mut given.hosts,
                "--bundle" => &mut given.bundle,
                "--gecko-id" => &mut given.gecko_id,
                "--firefox-min" => &mut given.firefox_min,
                "--version" => &mut given.version,
                "--out" => &mut given.out,
                _ => bail!(
                    "`extension` has no option `{option}`; `cargo xtask extension --help` lists them"
                ),
            };
            let value = words.next().filter(|word| !word.starts_with("--"));
            let value = value.with_context(|| format!("{option}: expected a value, found none"))?;
            ensure!(place.replace(value.clone()).is_none(), "{option} is given twice");
        }
        Ok(given)
    }
}

/// As Firefox wants it: like an e-mail address, at most 80 characters.
fn gecko_id(id: String) -> Result<String> {
    let fits = |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    let good = id.len() <= 80
        && id.split_once('@').is_some_and(|(name, at)| fits(name) && !at.is_empty() && fits(at));
    ensure!(good, "--gecko-id: expected a name like cobrowse@shop.example.com, found `{id}`");
    Ok(id)
}

fn firefox_min(word: String) -> Result<u16> {
    let version = word.parse().ok().filter(|version| (FIREFOX..=9999).contains(version));
    version.with_context(|| {
        format!("--firefox-min: expected a version from {FIREFOX} on, found `{word}`")
    })
}

/// As Chrome wants it: one to four numbers up to 65535 without leading zeros, not all zero.
fn version(version: String) -> Result<String> {
    let number = |part: &str| part.parse::<u16>().ok().filter(|number| number.to_string() == part);
    let numbers: Option<Vec<u16>> = version.split('.').map(number).collect();
    let good = numbers.is_some_and(|all| all.len() <= 4 && all.iter().any(|number| *number > 0));
    ensure!(good, "--version: expected one to four numbers like 1.2.0, found `{version}`");
    Ok(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEEDED: &str = "--aicc https://aicc.example.com --hosts https://shop.example.com/*";

    fn parse(line: &str) -> Result<Options> {
        Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    fn refused(line: &str) -> String {
        parse(line).unwrap_err().to_string()
    }

    #[test]
    fn two_options_are_enough() {
        let options = parse(NEEDED).unwrap();
        assert_eq!(options.gecko_id, "cobrowse@aicc.example.com");
        assert_eq!(options.firefox_min, 128);
        assert_eq!(options.version, env!("CARGO_PKG_VERSION"));
        assert!(options.out.ends_with("target/extension"));
        assert!(!options.frames && options.bundle.is_none());
    }

    #[test]
    fn every_option_is_taken() {
        let rest = "--frames --bundle cobrowse.js --gecko-id a@b --version 2.10 --out /tmp/builds";
        let options = parse(&format!("{NEEDED} {rest}")).unwrap();
        assert!(options.frames);
        assert_eq!(options.bundle.unwrap(), PathBuf::from("cobrowse.js"));
        assert_eq!((options.gecko_id.as_str(), options.version.as_str()), ("a@b", "2.10"));
        assert_eq!(options.out, PathBuf::from("/tmp/builds"));
    }

    #[test]
    fn what_is_needed_and_missing_is_named() {
        assert!(refused("--hosts https://a.example/*").starts_with("--aicc is needed"));
        assert!(refused("--aicc https://a.example").starts_with("--hosts is needed"));
        let message = refused("--aicc --hosts https://a.example/*");
        assert_eq!(message, "--aicc: expected a value, found none");
        assert_eq!(refused("--hosts"), "--hosts: expected a value, found none");
    }

    #[test]
    fn what_is_unknown_or_given_twice_is_refused() {
        assert!(refused(&format!("{NEEDED} --domain x")).contains("has no option `--domain`"));
        let twice = format!("{NEEDED} --aicc https://b.example");
        assert_eq!(refused(&twice), "--aicc is given twice");
    }

    #[test]
    fn an_id_that_firefox_refuses_is_refused() {
        for id in ["cobrowse", "a@", "a@b@c", "名@b"] {
            let message = refused(&format!("{NEEDED} --gecko-id {id}"));
            assert!(message.starts_with("--gecko-id: expected a name like"), "{message}");
        }
    }

    #[test]
    fn a_firefox_without_the_pages_world_is_refused() {
        assert_eq!(parse(&format!("{NEEDED} --firefox-min 142")).unwrap().firefox_min, 142);
        for version in ["127", "128.0", "x", "99999"] {
            let message = refused(&format!("{NEEDED} --firefox-min {version}"));
            let expected = "--firefox-min: expected a version from 128 on, found";
            assert_eq!(message, format!("{expected} `{version}`"));
        }
    }

    #[test]
    fn a_version_that_chrome_refuses_is_refused() {
        for version in ["1.2.3.4.5", "1.02", "1.x", "70000", "0.0", "1..2", "+1"] {
            let message = refused(&format!("{NEEDED} --version {version}"));
            assert!(message.starts_with("--version: expected one to four numbers"), "{message}");
        }
    }
}
