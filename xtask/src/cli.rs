//! What the command line asks for.

use anyhow::{Result, bail};

/// Shown by `cargo xtask` alone.
pub const HELP: &str = "\
cargo xtask <command>

  demo [--port N]   build everything, start the playground and print its address (8700)
  test [names…]     run every check, or the named ones; `cargo xtask test --list` names them
  build             make pkg/, the npm package
  size [--json]     what a page downloads, entry by entry: raw, gzip, brotli";

/// One command with its options.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    /// Print [`HELP`].
    Help,
    /// Make `pkg/`.
    Build,
    /// Print the sizes, as a table or as JSON.
    Size {
        /// JSON instead of a table.
        json: bool,
    },
}

/// Reads the arguments after `cargo xtask`.
pub fn parse(arguments: &[String]) -> Result<Asked> {
    let Some((command, options)) = arguments.split_first() else { return Ok(Asked::Help) };
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    match (command.as_str(), options.as_slice()) {
        ("help" | "--help" | "-h", _) => Ok(Asked::Help),
        ("build", []) => Ok(Asked::Build),
        ("size", []) => Ok(Asked::Size { json: false }),
        ("size", ["--json"]) => Ok(Asked::Size { json: true }),
        ("build" | "size", [option, ..]) => {
            bail!("`{command}` has no option `{option}`; `cargo xtask` lists the commands")
        }
        _ => bail!("there is no command `{command}`; `cargo xtask` lists the commands"),
    }
}
