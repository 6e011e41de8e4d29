//! The programs that are measured.

use std::io::Read;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use anyhow::{Context, Result};

use crate::process::{self, Running};
use crate::{paths, progress};

/// The login's path.
pub const LOGIN: &str = "/calldock/v1/cec/login";
/// The path of CEC's question.
pub const VALIDATE: &str = "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate";

/// A server as a company runs it behind a gateway: log, audit and metrics are on. Its own budget of CEC logins is
/// as large as can be configured.
const CONFIGURATION: &str = r#"
[listen]
address = "127.0.0.1:0"
gateways = ["127.0.0.1"]

[operator]
address = "127.0.0.1:0"

[limits]
cec_per_second = 100000

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
"#;

/// CEC's two modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Each login is signed.
    Authorization,
    /// Each login is a token.
    Token,
}

/// A running program.
pub struct Program {
    /// Stopped when it is dropped.
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

    /// A new guest's cookie, as `name=value`.
    pub fn guest(&self) -> Result<String> {
        let agent = agent();
        let request = agent
            .post(&login_of(self))
            .header("content-type", "application/json")
            .header("host", "shop.example")
            .header("origin", "https://shop.example")
            .header("x-forwarded-proto", "https");
        let response = request.send("{}")?;
        let cookie = response.headers().get("set-cookie").context("the login set no cookie")?;
        let cookie = cookie.to_str()?.split(';').next().unwrap_or_default();
        Ok(cookie.to_owned())
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

/// The built programs, and where their files are.
pub struct Programs {
    built: PathBuf,
    files: PathBuf,
}

impl Programs {
    /// Builds them.
    pub fn build() -> Result<Self> {
        progress::step("compiling the server and the doubles in release mode");
        // One by one: together, one package would get features that only another one needs.
        for package in ["calldock-server", "calldock-doubles"] {
            let mut cargo = Command::new("cargo");
            cargo.current_dir(paths::root()).args(["build", "--release", "--package", package]);
            process::run(&mut cargo)?;
        }
        let files = paths::target().join("bench");
        std::fs::create_dir_all(&files)?;
        Ok(Self { built: paths::target().join("release"), files })
    }

    /// Starts the server in a mode of CEC's, on one core if `pinned`.
    pub fn server(&self, mode: Mode, pinned: bool) -> Result<Program> {
        let config = self.files.join("calldock.toml");
        let of_mode = if mode == Mode::Token { TOKEN } else { AUTHORIZATION };
        std::fs::write(&config, [CONFIGURATION, of_mode].concat())?;
        let mut server = self.command("calldock-server");
        server.arg("--config").arg(config);
        if !pinned {
            return Program::start(&mut server);
        }
        let mut taskset = self.command("taskset");
        taskset.args(["-c", "0"]).arg(server.get_program()).args(server.get_args());
        Program::start(&mut taskset)
    }

    /// Starts the server with a budget of CEC logins and the visitors' section.
    pub fn budget(&self, per_second: u32, visitors: &str) -> Result<Program> {
        let config = self.files.join("budget.toml");
        let usual = ["cec_per_second = 100000", "kind = \"guest\"\nname = \"Guest\""];
        let text = CONFIGURATION.replace(usual[0], &format!("cec_per_second = {per_second}"));
        std::fs::write(&config, [&text.replace(usual[1], visitors), AUTHORIZATION].concat())?;
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

    fn command(&self, program: &str) -> Command {
        let built = self.built.join(program);
        // A program that was not built here is one of the system's.
        let mut command = Command::new(if built.exists() { built } else { program.into() });
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CALLDOCK_") || text == "RUST_LOG" {
                command.env_remove(&name);
            }
        }
        command
    }
}

/// A client of the programs. They are on this machine: no proxy is asked.
pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build().new_agent()
}

/// The login's address.
pub fn login_of(program: &Program) -> String {
    format!("{}{LOGIN}", program.address)
}
