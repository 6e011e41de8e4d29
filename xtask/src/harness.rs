//! What the harness of the end-to-end tests needs, which the benchmarks use too: the browsers, the playground and
//! the programs behind it, each by the environment variable that names it.

use std::ffi::OsString;

use anyhow::Result;

use crate::browser::{self, Engine};
use crate::{playground, test};

/// Finds, installs or builds all of it.
pub fn environment(engines: &[Engine]) -> Result<Vec<(&'static str, OsString)>> {
    // What a test asks of Chromium alone (the extension) is there whatever engine is tested.
    let mut programs = Engine::Chromium.programs()?;
    for engine in engines.iter().filter(|engine| **engine != Engine::Chromium) {
        programs.extend(engine.programs()?);
    }
    // As the native tests have them: for these three packages alone, cargo would choose other features of what they
    // depend on, and compile that again.
    test::build_programs()?;
    let playground = playground::with_programs()?;
    programs.extend([
        ("CALLDOCK_SERVER", playground.server),
        ("CALLDOCK_EDGE", playground.edge),
        ("CALLDOCK_DOUBLES", playground.doubles),
        ("CALLDOCK_PLAYGROUND", playground.site),
    ]);
    let mut environment: Vec<(&str, OsString)> =
        programs.into_iter().map(|(name, path)| (name, path.into())).collect();
    let names: Vec<&str> = engines.iter().map(|engine| engine.name()).collect();
    environment.push(("CALLDOCK_BROWSERS", names.join(" ").into()));
    environment.push(("CALLDOCK_CHROMIUM_FLAGS", browser::FLAGS.join(" ").into()));
    Ok(environment)
}
