//! How fast Calldock is.
//!
//! * [`browser`]: what pages download and what is measured in browsers: `bench`, and `bench bytes`, `bridge`, `page`,
//!   `chat` and `growth`.
//! * [`fair`]: who is served while too much is asked for.
//! * [`figures`]: many runs become a median and a spread.
//! * [`load`]: one run of wrk.
//! * [`memory`]: the resident memory of a process, second by second.
//! * [`options`]: the command's arguments.
//! * [`paced`]: requests at a fixed rate.
//! * [`programs`]: the programs that are measured.
//! * [`report`]: what is printed.
//! * [`server`]: command `bench server`.
//! * [`vendor`]: TCCC's routes beside the doubles.

mod browser;
mod fair;
mod figures;
mod load;
mod memory;
mod options;
mod paced;
mod programs;
mod report;
mod server;
mod vendor;

use anyhow::Result;

use options::Benchmark;

/// Does what the arguments after `bench` ask for.
pub fn run(arguments: &[String]) -> Result<()> {
    match options::parse(arguments)? {
        Benchmark::Help => {
            println!("{}", options::HELP);
            Ok(())
        }
        Benchmark::Browser(options) => browser::run(&options),
        Benchmark::Server(options) => server::run(&options),
    }
}
