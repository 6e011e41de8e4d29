//! Command `demo`: the playground with its server, its edge and the vendor's double, until Ctrl-C.

use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::process::Running;
use crate::{playground, progress};

/// Where the playground is unless `--port` says otherwise. The programs behind it choose ports of their own.
pub const PORT: u16 = 8700;

/// Builds, starts and shows the playground; returns only when one of the programs has ended.
pub fn run(port: u16) -> Result<()> {
    free(port)?;
    let playground = playground::build()?;
    progress::step("starting the server, the edge and the doubles");
    let any_port = ["--listen", "127.0.0.1:0"];
    let mut doubles = Command::new(&playground.doubles);
    doubles.args(any_port).arg("--site").arg(&playground.site);
    doubles.args(["--site-listen", &format!("127.0.0.1:{port}")]);
    let (doubles, vendor) = Running::listening(&mut doubles)?;
    let demo = |program| {
        let mut command = Command::new(program);
        command.arg("--demo").args(any_port).args(["--vendor", &vendor]);
        Running::listening(&mut command)
    };
    let (server, server_at) = demo(&playground.server)?;
    let (edge, edge_at) = demo(&playground.edge)?;
    let upstreams = json!({ "server": server_at, "edge": edge_at }).to_string();
    let named = ureq::Agent::config_builder().proxy(None).build().new_agent();
    let named = named.post(format!("{vendor}/control/upstreams")).send(&upstreams);
    named.context("calldock-doubles do not take the addresses of the server and the edge")?;
    println!("\n  The playground is at http://localhost:{port}/ (Ctrl-C ends it)\n");
    let mut programs =
        [("calldock-doubles", doubles), ("calldock-server", server), ("calldock-edge", edge)];
    loop {
        for (name, running) in &mut programs {
            if let Some(status) = running.ended()? {
                bail!("{name} has ended by itself ({status})");
            }
        }
        thread::sleep(Duration::from_millis(200));
    }
}

/// Reports a busy port before minutes are spent on building.
fn free(port: u16) -> Result<()> {
    if let Err(busy) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        let other = if port < 60_000 { port + 10 } else { PORT };
        bail!("port {port} is not free ({busy}); try: cargo xtask demo --port {other}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_port_is_reported_with_the_command_that_takes_another() {
        let busy = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = busy.local_addr().unwrap().port();
        let reported = free(port).unwrap_err().to_string();
        assert!(reported.starts_with(&format!("port {port} is not free")), "{reported}");
        let other = if port < 60_000 { port + 10 } else { PORT };
        assert!(reported.ends_with(&format!("cargo xtask demo --port {other}")), "{reported}");
    }
}
