//! The server and axum alone, as they are measured.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use anyhow::{Context, Result, bail};

use super::load::COOKIE;
use crate::process::{self, Running};
use crate::{paths, progress};

/// Where a page asks.
pub const LOGIN: &str = "/calldock/v1/cec/login";
/// Where CEC asks about a token.
pub const VALIDATE: &str = "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate";

/// A server as a company runs it behind a gateway: it logs, counts for Prometheus and counts callers, who
/// may ask as often as can be configured.
const CONFIGURATION: &str = r#"
[listen]
address = "127.0.0.1:0"
gateways = ["127.0.0.1"]

[operator]
address = "127.0.0.1:0"

[limits]
per_address = "1000000/s"
per_identity = "1000000/s"

[visitor]
kind = "guest"
name = "Guest"

[cec]
tenant_space_id = "202007159031"
channel_config_id = "817854979183314945"
"#;

const AUTHORIZATION: &str = r#"mode = "authorization"
secret_key = "not-a-secret-of-the-benchmark"
"#;

const TOKEN: &str = r#"mode = "token"
token_lifetime = 10

[callback]
callers = ["203.0.113.7"]
rate = "1000000/s"
"#;

/// CEC's two modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Each answer is signed.
    Authorization,
    /// Each answer is a token, which is kept.
    Token,
}

/// A program that answers.
pub struct Program {
    /// It ends with this value.
    pub running: Running,
    /// `http://127.0.0.1:…`.
    pub address: String,
    logged: Arc<AtomicU64>,
}

impl Program {
    /// How many bytes it has logged.
    pub fn logged(&self) -> u64 {
        self.logged.load(Ordering::Relaxed)
    }

    /// The processor time it has had so far, its own and the system's for it, in µs.
    pub fn cpu_us(&self) -> Result<f64> {
        // Linux tells every program of hundredths of a second (USER_HZ), whatever its own clock.
        const TICK_US: f64 = 10_000.0;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.running.id()))?;
        let (_, fields) = stat.rsplit_once(") ").context("/proc/…/stat has no name")?;
        // The 14th and 15th field; the 3rd stands behind the name.
        let ticks = fields.split(' ').skip(11).take(2).map(str::parse::<f64>);
        Ok(ticks.sum::<Result<f64, _>>()? * TICK_US)
    }

    /// Starts it. What it logs is read and counted, as by a container's runtime.
    fn start(command: &mut Command) -> Result<Self> {
        let (mut log, stderr) = std::io::pipe()?;
        let logged = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&logged);
        thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(read @ 1..) = log.read(&mut buffer) {
                counted.fetch_add(read as u64, Ordering::Relaxed);
            }
        });
        let (running, address) = Running::listening(command.stderr(stderr))?;
        Ok(Self { running, address, logged })
    }
}

/// What is measured, and where its files are.
pub struct Programs {
    built: PathBuf,
    files: PathBuf,
}

impl Programs {
    /// Builds them.
    pub fn build() -> Result<Self> {
        progress::step("compiling the server, axum alone and the doubles, in release mode");
        // One by one: together, one package would get features that only another one asks for.
        for package in ["calldock-server", "calldock-bare", "calldock-doubles"] {
            let mut cargo = Command::new("cargo");
            cargo.current_dir(paths::root()).args(["build", "--release", "--package", package]);
            process::run(&mut cargo)?;
        }
        let files = paths::target().join("bench");
        std::fs::create_dir_all(&files)?;
        Ok(Self { built: paths::target().join("release"), files })
    }

    /// The server in a mode of CEC's.
    pub fn server(&self, mode: Mode) -> Result<Program> {
        let config = self.files.join("calldock.toml");
        let of_mode = if mode == Mode::Token { TOKEN } else { AUTHORIZATION };
        std::fs::write(&config, [CONFIGURATION, of_mode].concat())?;
        Program::start(self.command("calldock-server").arg("--config").arg(config))
    }

    /// The server as the demo has it, with the vendor's double.
    pub fn demo(&self) -> Result<(Program, Program)> {
        let vendor =
            Program::start(self.command("calldock-doubles").args(["--listen", "127.0.0.1:0"]))?;
        let mut server = self.command("calldock-server");
        server.args(["--demo", "--listen", "127.0.0.1:0", "--vendor", &vendor.address]);
        Ok((Program::start(&mut server)?, vendor))
    }

    /// axum alone, which answers what a server answers.
    pub fn bare(&self, server: &Program, mode: Mode) -> Result<Program> {
        let mut bare = self.command("calldock-bare");
        let login = ask(&server.address, LOGIN, "{}")?;
        bare.arg(self.kept(LOGIN, "login", &login)?);
        if mode == Mode::Token {
            let verdict = ask(&server.address, VALIDATE, &question(&login)?)?;
            bare.arg(self.kept(VALIDATE, "verdict", &verdict)?);
        }
        Program::start(&mut bare)
    }

    fn kept(&self, path: &str, name: &str, answer: &str) -> Result<String> {
        let file = self.files.join(name);
        std::fs::write(&file, answer)?;
        Ok(format!("{path}={}", file.display()))
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.built.join(program));
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CALLDOCK_") || text == "RUST_LOG" {
                command.env_remove(&name);
            }
        }
        command
    }
}

/// CEC's question about the token of a login.
fn question(login: &str) -> Result<String> {
    let (_, body) = login.split_once("\r\n\r\n").context("an answer has no end of its head")?;
    let login: serde_json::Value = serde_json::from_str(body)?;
    let question = serde_json::json!({
        "Token": login["token"],
        "userName": login["thirdUserName"],
        "userId": login["thirdUserId"],
        "tenantSpaceId": login["tenantSpaceId"],
    });
    Ok(question.to_string())
}

/// An answer without its first line and without what every HTTP server writes by itself.
fn ask(address: &str, path: &str, body: &str) -> Result<String> {
    let host = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host)?;
    let length = body.len();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: shop.example\r\norigin: https://shop.example\r\nx-forwarded-for: 203.0.113.7\r\n\
         sec-fetch-site: same-origin\r\ncontent-type: application/json\r\ncookie: {COOKIE}\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("an answer has no end of its head")?;
    let mut lines = head.split("\r\n");
    let first = lines.next().unwrap_or_default();
    if !first.contains(" 200 ") {
        bail!("{path}: expected 200, found {first}\n{body}");
    }
    let written_by_hyper = ["date:", "content-length:", "connection:"];
    let ours = lines.filter(|line| !written_by_hyper.iter().any(|name| line.starts_with(name)));
    Ok(format!("{}\r\n\r\n{body}", ours.collect::<Vec<_>>().join("\r\n")))
}

/// The page's address.
pub fn login_of(program: &Program) -> String {
    format!("{}{LOGIN}", program.address)
}
