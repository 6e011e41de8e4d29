//! `cargo xtask`: builds, tests, measures and shows Calldock, doing all of its own set-up.

/// Installs Debian packages, or says what to install.
mod apt;
/// Command `build`: makes `pkg/`, the npm package.
mod build;
/// What the command line asks for.
mod cli;
/// Node.js, npm and the tools that npm installs.
mod node;
/// Where things are.
mod paths;
/// Child processes, which end with their parent.
mod process;
/// What xtask says while it works.
mod progress;
/// Command `size`: what a page downloads.
mod size;
/// Remembers what an output was made from, so that nothing is made twice.
mod stamp;
/// Chooses the toolchain that builds std for the browser.
mod toolchain;

use std::process::ExitCode;

use anyhow::Result;

use cli::Asked;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match process::end_children_on_signals().and_then(|()| run(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    match cli::parse(arguments)? {
        Asked::Help => {
            println!("{}", cli::HELP);
            Ok(())
        }
        Asked::Build => build::run(),
        Asked::Size { json } => size::run(json),
    }
}
