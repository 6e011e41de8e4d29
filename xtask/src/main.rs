//! `cargo xtask`: builds, tests, measures and shows Calldock, doing all of its own set-up.

/// Installs Debian packages, or says what to install.
mod apt;
/// Command `bench`: how fast Calldock is.
mod bench;
/// Finds the browsers of the tests with their drivers, or installs them.
mod browser;
/// Command `build`: makes `pkg/`, the npm package.
mod build;
/// What the command line asks for.
mod cli;
/// Command `conformance`: whether a backend answers as it must.
mod conformance;
/// Command `demo`: shows the playground.
mod demo;
/// Commands `docs` and `api`: the documentation site, and the reports of the public types.
mod docs;
/// Command `extension`: makes the cobrowse browser extension.
mod extension;
/// Command `fuzz`: libFuzzer over every reader of foreign text.
mod fuzz;
/// Command `generate`: writes the tables of the contract into `js/generated/` and `docs/`.
mod generate;
/// Finds hadolint for the check of the container file, or installs it.
mod hadolint;
/// What the harness of the end-to-end tests needs.
mod harness;
/// Finds a JDK for the test of `examples/backend-java/`, or installs one.
mod java;
/// Command `lines`: how long the server's crates are, and who imports whom.
mod lines;
/// Command `mutants`: changes of the code that no test notices.
mod mutants;
/// The example with Next.js, built.
mod next;
/// Finds nginx and OpenSSL for the test of `deploy/nginx/`, or installs them.
mod nginx;
/// Node.js, npm and the tools that npm installs.
mod node;
/// Other projects' bundlers with the packed package.
mod packaging;
/// Where things are.
mod paths;
/// The playground as it is served.
mod playground;
/// Child processes, which end with their parent.
mod process;
/// What xtask says while it works.
mod progress;
/// Python with the packages of a list.
mod python;
/// Finds Redis for the tests of several instances, or installs it.
mod redis;
/// Command `reproduce`: two builds, byte for byte the same.
mod reproduce;
/// Proves that no secret reaches the page.
mod secrets;
/// Command `size`: what a page downloads.
mod size;
/// Remembers what an output was made from, so that nothing is made twice.
mod stamp;
/// Commands `supply` and `sbom`: the work of others that is built in.
mod supply;
/// Finds systemd's judge of units, or installs it.
mod systemd;
/// Command `test`: every check.
mod test;
/// Chooses the toolchain that builds std for the browser.
mod toolchain;
/// Finds wrk for the benchmark of the server, or installs it.
mod wrk;

use std::process::ExitCode;

use anyhow::Result;

use cli::Invocation;

/// Asks this program to be cargo's runner of wasm tests; only [`test`] says so.
const RUNNER: &str = "__runner";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            process::wait_if_ending();
            eprintln!("\nxtask: {failure:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let invocation = cli::parse(arguments)?;
    // The runner starts no child of ours: it ends as the child that it is.
    if !matches!(invocation, Invocation::Runner { .. }) {
        process::end_children_on_signals()?;
    }
    match invocation {
        Invocation::Help => {
            println!("{}", cli::HELP);
            Ok(())
        }
        Invocation::Api => docs::write_reports(),
        Invocation::Bench { arguments } => bench::run(&arguments),
        Invocation::Build => build::run(),
        Invocation::Conformance { arguments } => conformance::run(&arguments),
        Invocation::Crates => size::run_crates(),
        Invocation::Demo { port } => demo::run(port),
        Invocation::Docs => docs::run(),
        Invocation::Extension { arguments } => extension::run(&arguments),
        Invocation::Fuzz(options) => fuzz::run(&options),
        Invocation::Generate => generate::run(),
        Invocation::Lines => lines::run(),
        Invocation::List => {
            test::list();
            Ok(())
        }
        Invocation::Mutants => mutants::run(),
        Invocation::Reproduce => reproduce::run(),
        Invocation::Sbom => supply::run_sbom(),
        Invocation::Supply => supply::run(),
        Invocation::Runner { arguments } => test::run_wasm_tests(&arguments),
        Invocation::Size { json } => size::run(json),
        Invocation::Test { names, length, repeat } => test::run(&names, length, repeat),
    }
}
