//! One run of wrk.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::{paths, process};

/// What `load.lua` makes of a page and its gateway.
pub const SCRIPT: &str = "xtask/src/bench/load.lua";

/// As many pages as ask at once.
pub const CONNECTIONS: u32 = 200;

/// Where and how long.
pub struct Load<'a> {
    /// The program.
    pub wrk: &'a Path,
    /// The whole address.
    pub url: &'a str,
    /// The guest's cookie.
    pub cookie: &'a str,
    /// How long.
    pub seconds: u32,
    /// Where the tokens that are handed out are asked about, if they are.
    pub validate: Option<&'a str>,
}

/// What wrk saw.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Seen {
    /// Answered, whatever the answer.
    pub requests: u64,
    /// How long it took.
    pub microseconds: u64,
    /// Answers of another status than 2xx or 3xx.
    pub non_2xx: u64,
    /// Connections that failed, and answers that did not come within two seconds.
    pub socket_errors: u64,
    /// Tokens that were not good for a visitor.
    pub refused: u64,
    /// Half of the answers came sooner.
    pub median_us: u64,
    /// 99 of 100 answers came sooner.
    pub p99_us: u64,
    /// The slowest answer.
    pub longest_us: u64,
    /// Processor time of the program that answered, for each request, in µs. What else the machine does
    /// changes it less than anything else here.
    #[serde(default)]
    pub cpu_us: f64,
}

impl Seen {
    /// Requests a second.
    pub fn rate(&self) -> f64 {
        self.requests as f64 * 1e6 / self.microseconds.max(1) as f64
    }

    /// Whatever should not have been.
    pub fn failures(&self) -> u64 {
        self.non_2xx + self.socket_errors + self.refused
    }
}

impl Load<'_> {
    /// Asks until the time is over.
    pub fn run(&self) -> Result<Seen> {
        let output = process::output(&mut self.command())?;
        let line = output.lines().rfind(|line| line.starts_with('{'));
        let line = line.with_context(|| format!("wrk did not say what it saw:\n{output}"))?;
        Ok(serde_json::from_str(line)?)
    }

    /// As a person would type it at the root.
    fn command(&self) -> Command {
        let mut wrk = Command::new(self.wrk);
        wrk.current_dir(paths::root());
        wrk.arg("--threads=2").arg(format!("--connections={CONNECTIONS}"));
        wrk.arg(format!("--duration={}s", self.seconds));
        wrk.arg(format!("--script={SCRIPT}"))
            .args([self.url, "--", self.cookie])
            .args(self.validate);
        wrk
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_of_a_second() {
        let line = r#"{"requests":1000,"microseconds":500000,"non_2xx":1,"socket_errors":2,"refused":3,"median_us":1,"p99_us":2,"longest_us":3}"#;
        let seen: Seen = serde_json::from_str(line).unwrap();
        assert_eq!((seen.rate(), seen.failures()), (2000.0, 6));
    }
}
