//! Command `bench server`: the signing endpoints beside a bare axum route that answers the same bytes,
//! then a long run that looks at failures and at memory.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::load::{Load, Seen};
use super::memory;
use super::options::Options;
use super::programs::{Mode, Program, Programs, VALIDATE, login_of};
use super::report::{Pair, Report, Steady};
use super::vendor;
use crate::{progress, wrk};

/// What is asked again and again.
struct Case {
    name: &'static str,
    mode: Mode,
    /// CEC's question follows each login.
    spends: bool,
}

impl Case {
    /// Whether it can go on for as long as one likes.
    fn is_endless(&self) -> bool {
        self.spends || self.mode == Mode::Authorization
    }
}

/// Before a run counts.
const WARM_UP: u32 = 1;

/// A run with tokens that nobody asks about: no more than 100,000 are kept, so it is short and has no warm-up.
const UNSPENT: u32 = 1;

const CASES: [Case; 3] = [
    Case { name: "signature", mode: Mode::Authorization, spends: false },
    Case { name: "token, login alone", mode: Mode::Token, spends: false },
    Case { name: "token, login and CEC's question", mode: Mode::Token, spends: true },
];

/// Measures and reports.
///
/// # Errors
/// Whatever cannot be started, and every answer that is none; slowness is none.
pub fn run(options: &Options) -> Result<()> {
    let bench = Bench { wrk: wrk::ensure()?, programs: Programs::build()?, options };
    let mut report = Report::default();
    for case in &CASES {
        report.pairs.push(bench.pair(case)?);
    }
    for case in CASES.iter().filter(|case| options.steady > 0 && case.is_endless()) {
        report.steady.push(bench.steady(case)?);
    }
    progress::step("TCCC's routes beside the doubles");
    report.vendor = vendor::latencies(&bench.programs)?;
    report.print(options.json)?;
    let failures = report.failures();
    if failures > 0 {
        bail!("{failures} requests were not answered as they should have been");
    }
    Ok(())
}

struct Bench<'a> {
    wrk: PathBuf,
    programs: Programs,
    options: &'a Options,
}

impl Bench<'_> {
    /// Runs in the order server, bare, bare, server: whatever else the machine does meanwhile meets both.
    /// Each run has a program of its own, just started.
    fn pair(&self, case: &Case) -> Result<Pair> {
        let (mut servers, mut bares) = (Vec::new(), Vec::new());
        for round in 1..=self.options.rounds {
            progress::step(&format!("{}: round {round} of {}", case.name, self.options.rounds));
            let server = self.programs.server(case.mode)?;
            let bare = self.programs.bare(&server, case.mode)?;
            let first = self.measure(case, &server)?;
            let bare_first = self.measure(case, &bare)?;
            drop((server, bare));
            let server = self.programs.server(case.mode)?;
            let bare = self.programs.bare(&server, case.mode)?;
            bares.push([bare_first, self.measure(case, &bare)?]);
            servers.push([first, self.measure(case, &server)?]);
        }
        Ok(Pair::new(case.name, &servers, &bares))
    }

    fn measure(&self, case: &Case, program: &Program) -> Result<Seen> {
        if !case.is_endless() {
            return self.load(case, program, UNSPENT);
        }
        self.load(case, program, WARM_UP)?;
        self.load(case, program, self.options.seconds)
    }

    fn steady(&self, case: &Case) -> Result<Steady> {
        progress::step(&format!("{}: {} s", case.name, self.options.steady));
        let server = self.programs.server(case.mode)?;
        let work = || self.load(case, &server, self.options.steady);
        let (seen, memory) = memory::during(server.running.id(), work)?;
        let logged = server.logged() as f64 / seen.requests.max(1) as f64;
        Ok(Steady { name: case.name, rate: seen.rate(), seen, memory, logged_bytes: logged })
    }

    fn load(&self, case: &Case, program: &Program, seconds: u32) -> Result<Seen> {
        let validate = case.spends.then_some(VALIDATE);
        let before = program.cpu_us()?;
        let seen = Load { wrk: &self.wrk, url: &login_of(program), seconds, validate }.run()?;
        let cpu_us = (program.cpu_us()? - before) / seen.requests.max(1) as f64;
        Ok(Seen { cpu_us, ..seen })
    }
}
