//! Our server and the backends of `examples/`, each asked what `cargo xtask conformance` asks.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::counts::Counts;
use super::rust::build_programs;
use crate::conformance::{self, Route, Settings};
use crate::process::{self, Running};
use crate::{java, node, paths, progress};

/// What the doubles know, and nobody else: credentials that open nothing.
const SECRET_ID: &str = "AKIDdemo-calldock-not-a-secret";
const SECRET_KEY: &str = "demo-calldock-not-a-secret";
const CEC_KEY: &str = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG";
const TENANT: &str = "202007159031";
const CHANNEL: &str = "817854979183314945";

/// The examples' peerSource: a program that reads its environment as ASCII shows agents another text.
const PEER_SOURCE: &str = "XX商城";

/// Who is signed in at the examples.
const SESSION: &str = "demo-session-of-the-conformance-test";

const JAVA: &str = "examples/backend-java/CalldockBackend.java";
const NODE: &str = "examples/backend-node/server.mjs";

/// Every backend, in both of CEC's modes.
pub fn run() -> Result<Counts> {
    node::ensure()?;
    one_express()?;
    let java = java::ensure()?;
    let built = build()?;
    let mut doubles = Command::new(built.join("calldock-doubles"));
    let (_doubles, vendor) = Running::listening(doubles.args(["--listen", "127.0.0.1:0"]))?;
    let mut counts = ours(&built, &vendor)? + another_locale(&java)?;
    for (program, source) in [(java.as_path(), JAVA), (Path::new("node"), NODE)] {
        for mode in ["authorization", "token"] {
            counts = counts + example(program, source, mode, &vendor)?;
        }
    }
    Ok(counts)
}

fn build() -> Result<PathBuf> {
    progress::step("compiling the server and the doubles");
    build_programs()?;
    Ok(paths::target().join("debug"))
}

/// `calldock-server --demo` has both modes at once.
fn ours(built: &Path, vendor: &str) -> Result<Counts> {
    let mut server = Command::new(built.join("calldock-server"));
    server.args(["--demo", "--listen", "127.0.0.1:0", "--vendor", vendor]);
    server.env("RUST_LOG", "warn");
    let (_server, address) = Running::listening(&mut server)?;
    let settings = settings(&address)?;
    let token = Settings {
        routes: vec![Route::Cec],
        cec_path: "/calldock/v1/cec/login/token".into(),
        ..settings.clone()
    };
    Ok(check("calldock-server", "authorization", &settings)?
        + check("calldock-server", "token", &token)?)
}

fn example(program: &Path, source: &str, mode: &str, vendor: &str) -> Result<Counts> {
    let mut backend = Command::new(program);
    backend.arg(paths::root().join(source)).current_dir(paths::root());
    backend.envs([
        ("LISTEN", "127.0.0.1:0"),
        ("DEMO_SESSION", SESSION),
        ("TCCC_ENDPOINT", vendor),
        ("TCCC_SECRET_ID", SECRET_ID),
        ("TCCC_SECRET_KEY", SECRET_KEY),
        ("TCCC_SDK_APP_ID", "1400000000"),
        ("CHAT_WEB_APP_ID", "9903496b6be2e67ad291dd2323f3ae9f"),
        ("CHAT_PEER_SOURCE", PEER_SOURCE),
        ("CEC_MODE", mode),
        ("CEC_TENANT_SPACE_ID", TENANT),
        ("CEC_CHANNEL_CONFIG_ID", CHANNEL),
        // Java reads its environment in the encoding of the locale.
        ("LC_ALL", "C.UTF-8"),
    ]);
    if mode == "authorization" {
        backend.env("CEC_SECRET_KEY", CEC_KEY);
    }
    let (_backend, address) = Running::listening(&mut backend)?;
    let mut settings = settings(&address)?;
    settings.session.push(("cookie".into(), format!("session={SESSION}")));
    settings.peer_source = Some(PEER_SOURCE.into());
    check(source, mode, &settings)
}

/// Java does not start with a variable that it cannot read in the locale, and names it.
fn another_locale(java: &Path) -> Result<Counts> {
    let mut backend = Command::new(java);
    backend.arg(paths::root().join(JAVA));
    // Whatever it makes of the text, it cannot listen there and ends.
    backend.envs([("LC_ALL", "C"), ("LISTEN", "nowhere"), ("CHAT_PEER_SOURCE", PEER_SOURCE)]);
    match process::output(&mut backend) {
        Err(error) if error.to_string().contains("\n  CHAT_PEER_SOURCE: expected") => {
            Ok(Counts::one())
        }
        other => bail!("{JAVA}: expected that LC_ALL=C is refused, found {other:?}"),
    }
}

fn settings(address: &str) -> Result<Settings> {
    let secrets = [("the cloud API's key", SECRET_KEY), ("the channel's key", CEC_KEY)];
    Ok(Settings {
        cec_secret: Some(CEC_KEY.into()),
        secrets: secrets.map(|(name, secret)| (name.into(), secret.into())).into(),
        ..Settings::new(address)?
    })
}

fn check(name: &str, mode: &str, settings: &Settings) -> Result<Counts> {
    let report = conformance::check(settings).with_context(|| name.to_owned())?;
    println!("{name}, {mode}: {} passed, {} failed", report.passed(), report.failed());
    if report.failed() > 0 {
        println!("{report}");
    }
    Ok(Counts { passed: report.passed(), failed: report.failed(), ..Counts::default() })
}

/// The example is run with the Express that the root package pins; it must pin the same.
fn one_express() -> Result<()> {
    let version = |file: &str, group: &str| -> Result<String> {
        let text = std::fs::read_to_string(paths::root().join(file))?;
        let package: serde_json::Value = serde_json::from_str(&text)?;
        let version = package[group]["express"].as_str();
        Ok(version.with_context(|| format!("{file}: expected express in {group}"))?.to_owned())
    };
    let example = version("examples/backend-node/package.json", "dependencies")?;
    let root = version("package.json", "devDependencies")?;
    if example != root {
        bail!(
            "express: expected one version, found {root} in package.json and {example} in the example"
        );
    }
    Ok(())
}
