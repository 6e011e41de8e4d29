//! Command `fuzz`: libFuzzer over every reader of foreign text (`fuzz/`).
//!
//! The targets are one program, built with the coverage flags that cargo-fuzz sets. libFuzzer needs a C++ compiler.
//! Without one the command fails, and the stage of the tests replays the committed inputs in plain Rust.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};

use crate::process::{self, Running};
use crate::test::{Counts, NATIVE, cargo};
use crate::{java, paths, progress};

/// How long all targets run together, in seconds, where nothing else is asked for.
pub const SECONDS: u32 = 60;

/// How many inputs the gate gives each target: over a minute for all together on two cores. With [`SEED`] they are
/// the same in each run, so that the gate fails after a change and never by itself.
const INPUTS: u32 = 20_000;

/// Where the gate's random numbers begin.
const SEED: u32 = 1;

/// The longest input libFuzzer makes, in bytes. Long texts are the soak's: here they only make runs slow.
const MAX_LENGTH: u32 = 1024;

/// An input that takes this many seconds is a failure; the slowest takes milliseconds.
const TIMEOUT: u32 = 10;

/// What cargo-fuzz passes to rustc for coverage; no sanitizer, because there is no unsafe code to watch. Only
/// the crates of this workspace are compiled so: counters of all crates together made a run ten times slower.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// How much is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// The gate's inputs.
    Gate,
    /// Other inputs in each run, and what earlier runs found; for so many seconds, all targets together.
    Seconds(u32),
}

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// How much is tried.
    pub amount: Amount,
    /// The targets; none is all.
    pub targets: Vec<String>,
}

const NO_COMPILER: &str =
    "libFuzzer needs a C++ compiler (c++, or what CXX names); install it: sudo apt-get install g++";

const NO_JDK: &str = "auth-v2 is compared with the guide's Java by a JDK of version 17 or newer; \
    install it: sudo apt-get install default-jdk-headless";

/// Runs the targets, and fails if an input breaks a property, or if there is nothing to compile them with.
pub fn run(options: &Options) -> Result<()> {
    run_with(has_cpp(), options)
}

fn run_with(has_cpp: bool, options: &Options) -> Result<()> {
    if !has_cpp {
        bail!("{NO_COMPILER}");
    }
    let counts = stage(options)?;
    println!("\n{counts}");
    if counts.failed > 0 { bail!("a property is broken") } else { Ok(()) }
}

/// The same for the stage of the tests: a target is a test.
pub fn stage(options: &Options) -> Result<Counts> {
    let known = targets()?;
    if let Some(name) = options.targets.iter().find(|name| !known.contains(name)) {
        bail!("there is no target `{name}`; expected one of {}", known.join(", "));
    }
    let mut counts = replay()? + against_java(options.amount)?;
    if !has_cpp() {
        progress::note(NO_COMPILER);
        let left_out = Counts { skipped: known.len() as u64, ..Counts::not_run(NO_COMPILER) };
        return Ok(counts + left_out);
    }
    let program = build(options.amount)?;
    let chosen: Vec<_> = known
        .iter()
        .filter(|name| options.targets.is_empty() || options.targets.contains(name))
        .collect();
    let processors = thread::available_parallelism()?.get();
    let amount = match options.amount {
        Amount::Seconds(seconds) => {
            Amount::Seconds((seconds * processors as u32 / chosen.len() as u32).max(1))
        }
        Amount::Gate => Amount::Gate,
    };
    let left = Mutex::new(chosen.into_iter());
    let next = || left.lock().ok()?.next();
    let run = || -> Result<Counts> {
        let mut counts = Counts::default();
        while let Some(name) = next() {
            let passed = fuzz(&program, name, amount)?;
            let (passed, failed) = (passed.into(), (!passed).into());
            counts = counts + Counts { passed, failed, ..Counts::default() };
        }
        Ok(counts)
    };
    thread::scope(|scope| {
        let started: Vec<_> = (0..processors).map(|_| scope.spawn(run)).collect();
        for thread in started {
            counts = counts + thread.join().map_err(|_| anyhow!("a thread panicked"))??;
        }
        Ok(counts)
    })
}

/// Every target has a folder of inputs.
fn targets() -> Result<Vec<String>> {
    let folder = paths::root().join("fuzz/corpus");
    let entries = fs::read_dir(&folder).with_context(|| format!("{}", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The committed inputs, in plain Rust.
fn replay() -> Result<Counts> {
    progress::step("replaying the committed inputs");
    test("corpus", &[])
}

/// auth-v2 against the guide's own Java, where there is a JDK. A long run installs one, as it does for other stages.
fn against_java(amount: Amount) -> Result<Counts> {
    let java = match amount {
        Amount::Gate => java::find(),
        Amount::Seconds(_) => java::ensure().ok(),
    };
    let Some(java) = java else {
        progress::note(NO_JDK);
        return Ok(Counts::not_run(NO_JDK));
    };
    test("java", &[("CALLDOCK_JAVA", &java)])
}

fn test(name: &str, environment: &[(&str, &Path)]) -> Result<Counts> {
    let mut tests = cargo("test");
    // The whole workspace, so that no crate is built with other features than for the other tests.
    tests.args(["--quiet", "--workspace", "--exclude", "calldock", "--test", name]);
    tests.envs(environment.iter().copied());
    let (status, output) = process::shown_output(&mut tests)?;
    Ok(Counts::of_cargo(&output).unless_failed(status.success()))
}

fn has_cpp() -> bool {
    let named = std::env::var("CXX").unwrap_or_else(|_| "c++".into());
    Path::new(&named).is_file() || paths::on_path(&named).is_some()
}

/// The program of all targets. For the gate only this workspace's crates are compiled again, with the
/// dependencies that the native tests have: 52 s instead of 3 min 47 s, and a minute of that is lost in slower runs.
fn build(amount: Amount) -> Result<PathBuf> {
    progress::step("compiling the targets with libFuzzer");
    let mut cargo = cargo("build");
    cargo.args(NATIVE).args(["--bin", "fuzz", "--features", "calldock-fuzz/libfuzzer"]);
    let profile = match amount {
        Amount::Gate => {
            cargo.args(["--config", "profile.dev.opt-level=2"]);
            cargo.args(["--config", "profile.dev.package.'*'.opt-level=0"]);
            "debug"
        }
        Amount::Seconds(_) => {
            cargo.args(["--profile", "fuzz"]);
            "fuzz"
        }
    };
    process::run(cargo.env("RUSTC_WORKSPACE_WRAPPER", wrapper(&folder())?))?;
    Ok(paths::target().join(profile).join("fuzz"))
}

/// A program that calls rustc with [`FLAGS`]; cargo uses it for the crates of this workspace.
fn wrapper(folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let file = folder.join("rustc-with-coverage");
    let script = format!("#!/bin/sh\nexec \"$@\" {FLAGS}\n");
    if fs::read_to_string(&file).ok().as_ref() != Some(&script) {
        fs::write(&file, script)?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755))?;
    }
    Ok(file)
}

fn folder() -> PathBuf {
    paths::target().join("fuzzing")
}

/// Runs one target, beginning with its corpus.
fn fuzz(program: &Path, name: &str, amount: Amount) -> Result<bool> {
    let found = match amount {
        Amount::Gate => folder().join("gate").join(name),
        Amount::Seconds(_) => folder().join("found").join(name),
    };
    if amount == Amount::Gate && found.exists() {
        fs::remove_dir_all(&found)?;
    }
    let failures = folder().join("failures");
    let log = folder().join(format!("{name}.log"));
    fs::create_dir_all(&found)?;
    fs::create_dir_all(&failures)?;
    let mut command = Command::new(program);
    command.arg(&found).arg(paths::root().join("fuzz/corpus").join(name));
    command.args(match amount {
        Amount::Gate => [format!("-runs={INPUTS}"), format!("-seed={SEED}")],
        Amount::Seconds(seconds) => [format!("-max_total_time={seconds}"), "-seed=0".into()],
    });
    command.args([
        format!("-max_len={MAX_LENGTH}"),
        format!("-timeout={TIMEOUT}"),
        format!("-artifact_prefix={}/{name}-", failures.display()),
        "-rss_limit_mb=1024".into(),
        "-print_final_stats=1".into(),
    ]);
    command.env("CALLDOCK_FUZZ_TARGET", name).env("RUST_BACKTRACE", "0");
    command.stderr(File::create(&log)?);
    let begun = Instant::now();
    let passed = Running::start(&mut command)?.wait()?.success();
    let output = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    let runs = stat(&output, "number_of_executed_units");
    println!(
        "{name:<18} {runs:>9} inputs in {:.1} s, {} kept",
        begun.elapsed().as_secs_f32(),
        stat(&output, "new_units_added")
    );
    if !passed {
        let broken: Vec<&str> = output
            .lines()
            .skip_while(|line| !line.contains("panicked at") && !line.contains("ERROR:"))
            .take(12)
            .collect();
        println!("{}\nthe input: {}", broken.join("\n"), failures.display());
        println!("after the fix, add it to fuzz/corpus/{name}/ and write a unit test");
    }
    Ok(passed)
}

/// `stat::name: 12` → 12.
fn stat(output: &str, name: &str) -> u64 {
    let line = output.lines().find_map(|line| line.strip_prefix("stat::")?.strip_prefix(name));
    line.and_then(|rest| rest.trim_start_matches(':').trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_are_read_from_the_closing_lines() {
        let output =
            "Done 12 runs\nstat::number_of_executed_units: 4711\nstat::new_units_added: 3\n";
        assert_eq!(stat(output, "number_of_executed_units"), 4711);
        assert_eq!(stat(output, "new_units_added"), 3);
        assert_eq!(stat(output, "slowest_unit_time_sec"), 0);
    }

    #[test]
    fn without_a_compiler_the_command_fails_and_says_what_to_install() {
        for targets in [vec![], vec!["hash".to_owned()]] {
            let options = Options { amount: Amount::Seconds(5), targets };
            let message = run_with(false, &options).unwrap_err().to_string();
            assert!(message.ends_with("sudo apt-get install g++"), "{message}");
        }
    }

    #[test]
    fn an_unknown_target_is_refused_by_name() {
        let options = Options { amount: Amount::Gate, targets: vec!["hush".into()] };
        let output = stage(&options).unwrap_err().to_string();
        assert!(
            output.starts_with("there is no target `hush`; expected one of ")
                && output.contains("hash")
        );
    }
}
