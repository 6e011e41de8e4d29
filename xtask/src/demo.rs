//! Command `demo`: the playground with its server and the vendor's double, until Ctrl-C.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process::Running;
use crate::{playground, progress};

/// Where the playground is unless `--port` says otherwise. The vendor's double has the next port.
pub const PORT: u16 = 8700;

/// How long the two may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Builds, starts and shows the playground; comes back only when one of the two has ended.
pub fn run(port: u16) -> Result<()> {
    let vendor = port.checked_add(1).context("--port: expected 1 to 65534, found 65535")?;
    free(port, port)?;
    free(vendor, port)?;
    let playground = playground::build()?;
    progress::step("starting the server and the doubles");
    let mut doubles = Command::new(&playground.doubles);
    doubles.args(["--listen", &format!("127.0.0.1:{vendor}")]);
    doubles.args(["--site-origin", &format!("http://localhost:{port}")]);
    let callback = "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate";
    doubles.args(["--cec-callback", &format!("http://127.0.0.1:{port}{callback}")]);
    let mut server = Command::new(&playground.server);
    server.args(["--demo", "--listen", &format!("127.0.0.1:{port}")]);
    server.args(["--vendor", &format!("http://127.0.0.1:{vendor}"), "--site"]);
    server.arg(&playground.site);
    // What they print is where they listen, which is said below.
    let mut doubles = Running::start(doubles.stdout(Stdio::null()))?;
    let mut server = Running::start(server.stdout(Stdio::null()))?;
    wait_for("calldock-doubles", &mut doubles, vendor)?;
    wait_for("calldock-server", &mut server, port)?;
    println!("\n  The playground is at http://localhost:{port}/ (Ctrl-C ends it)\n");
    loop {
        for (name, running) in
            [("calldock-doubles", &mut doubles), ("calldock-server", &mut server)]
        {
            if let Some(status) = running.ended()? {
                bail!("{name} has ended by itself ({status})");
            }
        }
        thread::sleep(Duration::from_millis(200));
    }
}

/// A busy port is told before minutes are spent on building.
fn free(port: u16, first: u16) -> Result<()> {
    if let Err(busy) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        let other = if first < 60_000 { first + 10 } else { PORT };
        bail!("port {port} cannot be had ({busy}); try: cargo xtask demo --port {other}");
    }
    Ok(())
}

fn wait_for(name: &str, running: &mut Running, port: u16) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while !answers(port) {
        if let Some(status) = running.ended()? {
            bail!("{name} ended before it answered on port {port} ({status})");
        }
        if Instant::now() > deadline {
            bail!("{name} has not answered on port {port} for {} s", PATIENCE.as_secs());
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Whether an HTTP server answers there, whatever it answers.
fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(stream, "GET /healthz HTTP/1.0\r\nHost: localhost:{port}\r\n\r\n")?;
        let mut start = [0; 5];
        stream.read_exact(&mut start)?;
        Ok(&start == b"HTTP/")
    };
    ask().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_port_is_told_with_the_command_that_takes_another() {
        let busy = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = busy.local_addr().unwrap().port();
        let said = free(port, 8700).unwrap_err().to_string();
        assert!(said.starts_with(&format!("port {port} cannot be had")), "{said}");
        assert!(said.ends_with("cargo xtask demo --port 8710"), "{said}");
    }

    #[test]
    fn only_an_http_server_counts_as_answering() {
        let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = silent.local_addr().unwrap().port();
        let other = thread::spawn(move || {
            let (mut stream, _) = silent.accept().unwrap();
            stream.write_all(b"220 mail\r\n").unwrap();
        });
        assert!(!answers(port));
        other.join().unwrap();
    }
}
