//! Runs the program.

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// Runs the program with this standard input, without the environment's CALLDOCK_… variables.
pub fn run(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_calldock-admin"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CALLDOCK_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.args(arguments).env("LC_ALL", "C.UTF-8").spawn().unwrap();
    // A program that ends before it reads is judged by its status.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Returns the error text of a run with wrong arguments, input or configuration.
pub fn error(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr.clone()).unwrap()
}
