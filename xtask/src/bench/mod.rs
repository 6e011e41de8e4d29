//! How fast Calldock is, beside the fastest that could do the same.
//!
//! * [`bridge`]: commands `bench bridge` and `bench page`.
//! * [`figures`]: many runs become a median and a spread.
//! * [`load`]: one run of wrk.
//! * [`memory`]: how much a process holds, second by second.
//! * [`options`]: what is asked for.
//! * [`programs`]: the server and axum alone, as they are measured.
//! * [`report`]: what is printed.
//! * [`server`]: command `bench server`.
//! * [`vendor`]: TCCC's routes beside the doubles.

mod bridge;
mod figures;
mod load;
mod memory;
mod options;
mod programs;
mod report;
mod server;
mod vendor;

use anyhow::Result;

use options::Asked;

/// Does what the arguments after `bench` ask for.
pub fn run(arguments: &[String]) -> Result<()> {
    match options::parse(arguments)? {
        Asked::Help => {
            println!("{}", options::HELP);
            Ok(())
        }
        Asked::Bridge(options) => bridge::run("bridge", options),
        Asked::Page(options) => bridge::run("page", options),
        Asked::Server(options) => server::run(&options),
    }
}
