//! TCCC's routes beside the doubles. The vendor grants 20 requests a second and the server keeps to it, so
//! how many it could answer says nothing; how long one takes does.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde::Serialize;

use super::figures::Figures;
use super::programs::{Programs, agent};

const ROUTES: [&str; 2] = ["/calldock/v1/tccc/login", "/calldock/v1/tccc/chat"];

/// Within the pace that the vendor grants.
const PAUSE: Duration = Duration::from_millis(100);

/// How often each route is asked.
const TIMES: usize = 40;

/// How long a route takes with the vendor's double on the same machine.
#[derive(Clone, Debug, Serialize)]
pub struct Route {
    /// Its path.
    pub route: &'static str,
    /// In milliseconds, with the call of the cloud API.
    pub milliseconds: Figures,
}

/// Asks each route, one request after the other.
pub fn latencies(programs: &Programs) -> Result<Vec<Route>> {
    let (server, _vendor) = programs.demo()?;
    let agent = agent();
    let mut latencies = Vec::new();
    for route in ROUTES {
        let mut milliseconds = Vec::new();
        for _ in 0..TIMES {
            thread::sleep(PAUSE);
            let started = Instant::now();
            let url = format!("{}{route}", server.address);
            let request = agent.post(&url).header("content-type", "application/json");
            let mut answer = request.send("{}")?;
            let body = answer.body_mut().read_to_string()?;
            milliseconds.push(started.elapsed().as_secs_f64() * 1e3);
            if answer.status() != 200 {
                bail!("{route}: expected 200, found {}\n{body}", answer.status());
            }
        }
        latencies.push(Route { route, milliseconds: Figures::of(milliseconds) });
    }
    Ok(latencies)
}
