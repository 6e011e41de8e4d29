//! Child processes. Each has a process group of its own, remembered by its id until it has ended;
//! an interrupted xtask ends exactly those.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// Set once a signal has told this program to end.
static ENDING: AtomicBool = AtomicBool::new(false);

/// How long a child may take to end by itself before it is killed.
const GRACE: Duration = Duration::from_secs(5);

/// How long a server may take until it listens; Java compiles its source first.
const STARTING: Duration = Duration::from_secs(60);

/// A child that ends when this value is dropped.
pub struct Running {
    child: Child,
}

impl Running {
    /// Starts the command, with nothing to read on its stdin.
    pub fn start(command: &mut Command) -> Result<Self> {
        command.stdin(Stdio::null()).process_group(0);
        let child = command.spawn().with_context(|| format!("cannot start {}", shown(command)))?;
        running().push(child.id());
        Ok(Self { child })
    }

    /// Starts a server on a port of its own choice, and waits until it says `listening on http://…`;
    /// gives that address.
    pub fn listening(command: &mut Command) -> Result<(Self, String)> {
        let name = shown(command);
        let mut running = Self::start(command.stdout(Stdio::piped()))?;
        let (sender, address) = mpsc::channel();
        if let Some(stdout) = running.child.stdout.take() {
            // Read to its end, so that the server is never stopped by a full pipe.
            thread::spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    if let Some(address) = line.strip_prefix("listening on ") {
                        // The caller may have stopped waiting.
                        let _ = sender.send(address.to_owned());
                    }
                }
            });
        }
        let address = address.recv_timeout(STARTING);
        let address = address.with_context(|| format!("{name} does not say where it listens"))?;
        Ok((running, address))
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the end.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.child.wait()?;
        running().retain(|id| *id != self.child.id());
        Ok(status)
    }

    /// Whether it has ended, and how.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            signal_group(self.child.id(), Signal::TERM);
            let deadline = Instant::now() + GRACE;
            while matches!(self.child.try_wait(), Ok(None)) {
                if Instant::now() > deadline {
                    signal_group(self.child.id(), Signal::KILL);
                    // A killed child is reaped at once; there is nobody to tell if not.
                    let _ = self.child.wait();
                    break;
                }
                thread::sleep(Duration::from_millis(20));
            }
        }
        running().retain(|id| *id != self.child.id());
    }
}

/// Runs the command to its end; an error names it when it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let status = Running::start(command)?.wait()?;
    if !status.success() {
        bail!("{} failed ({status})", shown(command));
    }
    Ok(())
}

/// Runs the command and gives what it wrote to stderr, for example how cargo called rustc. When it fails,
/// that is in the error, without cargo's lines about each crate.
pub fn stderr(command: &mut Command) -> Result<String> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let output = command.output().with_context(|| format!("cannot start {}", shown(command)))?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        let of_a_crate = |line: &&str| {
            ["Fresh", "Running", "Compiling", "Dirty"]
                .iter()
                .any(|word| line.trim_start().starts_with(word))
        };
        let rest: Vec<&str> = text.lines().filter(|line| !of_a_crate(line)).collect();
        bail!("{} failed ({})\n{}", shown(command), output.status, rest.join("\n"));
    }
    Ok(text)
}

/// Runs the command and gives its stdout; what it says on stderr is in the error when it fails.
pub fn output(command: &mut Command) -> Result<String> {
    command.stdin(Stdio::null());
    let output = command.output().with_context(|| format!("cannot start {}", shown(command)))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        bail!("{} failed ({})\n{}", shown(command), output.status, text.trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs the command, shows its stdout as it comes and gives it afterwards, without the colours that a program
/// may write where its stderr is a terminal.
pub fn shown_output(command: &mut Command) -> Result<(ExitStatus, String)> {
    let mut running = Running::start(command.stdout(Stdio::piped()))?;
    let mut text = String::new();
    if let Some(stdout) = running.child.stdout.take() {
        let mut lines = BufReader::new(stdout);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            let mut terminal = std::io::stdout().lock();
            terminal.write_all(&line)?;
            terminal.flush()?;
            text.push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    }
    Ok((running.wait()?, anstream::adapter::strip_str(&text).to_string()))
}

/// The command as a person would type it.
pub fn shown(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let words = command.get_args().map(|word| word.to_string_lossy());
    let line = std::iter::once(program).chain(words).collect::<Vec<_>>().join(" ");
    format!("`{line}`")
}

/// From now on Ctrl-C, SIGTERM and SIGHUP end the children first, then xtask.
pub fn end_children_on_signals() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            ENDING.store(true, Ordering::SeqCst);
            let ids = running().clone();
            for id in &ids {
                signal_group(*id, Signal::TERM);
            }
            let deadline = Instant::now() + GRACE;
            while Instant::now() < deadline && ids.iter().any(|id| group_exists(*id)) {
                thread::sleep(Duration::from_millis(20));
            }
            for id in &ids {
                signal_group(*id, Signal::KILL);
            }
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}

/// Comes back unless a signal is ending this program: what fails then fails because of that.
pub fn wait_if_ending() {
    while ENDING.load(Ordering::SeqCst) {
        thread::park();
    }
}

fn running() -> std::sync::MutexGuard<'static, Vec<u32>> {
    RUNNING.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn pid(id: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(id).ok()?)
}

fn signal_group(id: u32, signal: Signal) {
    if let Some(pid) = pid(id) {
        // It may have ended meanwhile.
        let _ = kill_process_group(pid, signal);
    }
}

fn group_exists(id: u32) -> bool {
    pid(id).is_some_and(|pid| rustix::process::test_kill_process_group(pid).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coloured_output_is_given_without_its_colours() -> Result<()> {
        let coloured = r"\033[34mℹ pass 7\033[39m\n\033[1;31m✖ failing tests:\033[0m\n\ta\n";
        let (status, text) = shown_output(Command::new("printf").arg(coloured))?;
        assert!(status.success());
        assert_eq!(text, "ℹ pass 7\n✖ failing tests:\n\ta\n");
        Ok(())
    }
}
