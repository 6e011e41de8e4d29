//! How fast the server is, beside the fastest that could answer the same.
//!
//! * [`figures`]: many runs become a median and a spread.
//! * [`load`]: one run of wrk.
//! * [`memory`]: how much a process holds, second by second.
//! * [`options`]: what is asked for.
//! * [`programs`]: the server and axum alone, as they are measured.
//! * [`report`]: what is printed.
//! * [`server`]: command `bench server`.
//! * [`vendor`]: TCCC's routes beside the doubles.

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
        Asked::Server(options) => server::run(&options),
    }
}
