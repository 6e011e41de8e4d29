//! Command `bench server`: how long a login takes at a fixed rate with the server on one core, then a long run
//! that looks at failures and at memory.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::fair;
use super::load::{Load, Seen};
use super::memory;
use super::paced;
use super::programs::{Mode, Program, Programs, VALIDATE, login_of};
use super::report::{Latency, Report, Steady};
use super::vendor;
use crate::{progress, wrk};

/// One kind of login.
struct Case {
    name: &'static str,
    mode: Mode,
    /// CEC's question follows each login.
    validated: bool,
}

const CASES: [Case; 2] = [
    Case { name: "signature", mode: Mode::Authorization, validated: false },
    Case { name: "token, and CEC's question", mode: Mode::Token, validated: true },
];

/// Before a run counts.
const WARM_UP: u32 = 2;

/// The most that a login may take, 99 of 100 times, beside the vendor's own time.
const P99_MS: f64 = 5.0;

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

impl Default for Options {
    fn default() -> Self {
        Self { rate: 500, seconds: 30, steady: 60, json: false }
    }
}

/// Measures and reports.
///
/// # Errors
/// As of [`measure`] and [`check`].
pub fn run(options: &Options) -> Result<()> {
    let report = measure(options)?;
    report.print(options.json)?;
    check(&report)
}

/// Measures.
///
/// # Errors
/// A program cannot be built or started.
pub fn measure(options: &Options) -> Result<Report> {
    let bench = Bench { wrk: wrk::ensure()?, programs: Programs::build()?, options };
    let mut report = Report::default();
    for case in &CASES {
        report.logins.push(bench.login(case)?);
    }
    for case in CASES.iter().filter(|_| options.steady > 0) {
        report.steady.push(bench.steady(case)?);
    }
    progress::step("fairness: networks that keep asking, and 500 people behind one address");
    report.fairness = Some(fair::measure(&bench.programs)?);
    progress::step("TCCC's routes beside the doubles");
    report.vendor = vendor::latencies(&bench.programs)?;
    Ok(report)
}

/// Looks at what was measured.
///
/// # Errors
/// A request failed, memory grew, [`P99_MS`] was passed, or shares were not fair.
pub fn check(report: &Report) -> Result<()> {
    let failures = report.failures();
    if failures > 0 {
        bail!("{failures} requests failed");
    }
    if let Some(fairness) = &report.fairness {
        fairness.check()?;
    }
    if let Some(Steady { name, memory, .. }) = report.steady.iter().find(|run| !run.memory.flat) {
        let (first, last) = (memory.first_third_kib / 1024.0, memory.last_third_kib / 1024.0);
        bail!("{name}: memory grows from {first:.1} to {last:.1} MiB");
    }
    let slow = report.logins.iter().find(|login| login.paced.p99_ms > P99_MS);
    if let Some(Latency { name, paced }) = slow {
        bail!(
            "{name}: p99 is {:.1} ms, expected at most {P99_MS} ms; is the machine idle?",
            paced.p99_ms
        );
    }
    Ok(())
}

struct Bench<'a> {
    wrk: PathBuf,
    programs: Programs,
    options: &'a Options,
}

impl Bench<'_> {
    fn login(&self, case: &Case) -> Result<Latency> {
        let Options { rate, seconds, .. } = *self.options;
        progress::step(&format!("{}: {rate} logins a second for {seconds} s", case.name));
        let server = self.programs.server(case.mode, true)?;
        let (url, cookie) = (login_of(&server), server.guest()?);
        paced::run(&url, &cookie, rate, WARM_UP)?;
        Ok(Latency { name: case.name, paced: paced::run(&url, &cookie, rate, seconds)? })
    }

    fn steady(&self, case: &Case) -> Result<Steady> {
        progress::step(&format!("{}: {} s", case.name, self.options.steady));
        let server = self.programs.server(case.mode, false)?;
        let cookie = server.guest()?;
        let work = || self.load(case, &server, &cookie);
        let (seen, memory) = memory::during(server.running.id(), work)?;
        let logged = server.logged() as f64 / seen.requests.max(1) as f64;
        Ok(Steady { name: case.name, rate: seen.rate(), seen, memory, logged_bytes: logged })
    }

    fn load(&self, case: &Case, program: &Program, cookie: &str) -> Result<Seen> {
        let validate = case.validated.then_some(VALIDATE);
        let (url, seconds) = (login_of(program), self.options.steady);
        let before = program.cpu_us()?;
        let seen = Load { wrk: &self.wrk, url: &url, cookie, seconds, validate }.run()?;
        let cpu_us = (program.cpu_us()? - before) / seen.requests.max(1) as f64;
        Ok(Seen { cpu_us, ..seen })
    }
}
