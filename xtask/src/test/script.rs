//! The checks of JavaScript and TypeScript.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::Length;
use super::counts::Counts;
use crate::{build, node, paths, process, stamp};

/// Biome finds nothing.
pub fn lint() -> Result<Counts> {
    node::ensure()?;
    process::run(node::tool("biome").args(["check", "--error-on-warnings"]))?;
    Ok(Counts::one())
}

/// What uses the package agrees with its types. (`js/` itself is checked whenever it is built.)
pub fn types() -> Result<Counts> {
    build::package()?;
    let projects = ["www/tsconfig.json", "tests/tsconfig.json", "tests/tsconfig.examples.json"];
    for project in projects {
        process::run(node::tool("tsc").args(["--project", project]))?;
    }
    Ok(Counts { passed: projects.len() as u64, ..Counts::default() })
}

/// Applications' compilers, by folders of `node_modules`: this project's own, and the last 5.x.
const COMPILERS: [&str; 2] = ["typescript", "typescript-5"];

/// How applications resolve the package, each with the module setting that goes with it.
const RESOLUTIONS: [(&str, &str); 3] =
    [("bundler", "esnext"), ("node16", "node16"), ("nodenext", "nodenext")];

/// The fixtures compile against the packed package as in an application. What must not compile is
/// marked there by `@ts-expect-error`, which is an error itself where nothing is wrong.
pub fn fixtures(length: Length) -> Result<Counts> {
    let compilers = if length == Length::Quick { &COMPILERS[..1] } else { &COMPILERS };
    build::package()?;
    let application = paths::root().join("target/types");
    if application.exists() {
        fs::remove_dir_all(&application)?;
    }
    build::unpack(&application.join("node_modules"))?;
    let fixtures = sources(&paths::root().join("tests/types"), ".ts")?;
    for fixture in &fixtures {
        if let Some(name) = fixture.file_name() {
            fs::copy(fixture, application.join(name))?;
        }
    }
    fs::write(application.join("package.json"), r#"{ "private": true, "type": "module" }"#)?;
    for (resolution, module) in RESOLUTIONS {
        let settings = serde_json::json!({
            "extends": "../../tsconfig.base.json",
            "compilerOptions": {
                "noEmit": true,
                "module": module,
                "moduleResolution": resolution,
                // The package's types must be sound by themselves.
                "skipLibCheck": false,
                "noUnusedLocals": false,
            },
            "include": ["*.ts"],
        });
        fs::write(application.join("tsconfig.json"), settings.to_string())?;
        for compiler in compilers {
            println!("{} fixtures, {compiler}, moduleResolution {resolution}", fixtures.len());
            // Both are called `tsc`; `.bin` has one of them.
            let mut tsc = Command::new("node");
            tsc.arg(format!("node_modules/{compiler}/bin/tsc")).current_dir(paths::root());
            process::run(tsc.args(["--project", "target/types/tsconfig.json"]))?;
        }
    }
    let times = RESOLUTIONS.len() * compilers.len();
    Ok(Counts { passed: (fixtures.len() * times) as u64, ..Counts::default() })
}

/// Tests that need the built package and Node.js, and no browser.
pub fn node_tests(folder: &str) -> Result<Counts> {
    build::package()?;
    let files = sources(&paths::root().join(folder), ".test.mjs")?;
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec"]).args(files).current_dir(paths::root());
    let (status, output) = process::shown_output(&mut node)?;
    Ok(Counts::of_node(&output).unless_failed(status.success()))
}

/// The files beneath a folder whose name ends so.
pub fn sources(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        bail!("there is no folder {}", folder.display());
    }
    let ends = |file: &PathBuf| file.to_string_lossy().ends_with(ending);
    Ok(stamp::files(folder)?.into_iter().filter(ends).collect())
}
