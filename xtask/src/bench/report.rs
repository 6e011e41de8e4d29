//! What is printed.

use anyhow::Result;
use serde::Serialize;

use super::fair::Fairness;
use super::figures::Figures;
use super::load::Seen;
use super::memory::Memory;
use super::paced::Paced;
use super::vendor::Route;

/// Everything that was measured.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// At a fixed rate.
    pub logins: Vec<Latency>,
    /// The long runs.
    pub steady: Vec<Steady>,
    /// Who was served while too much was asked for.
    pub fairness: Option<Fairness>,
    /// Beside the doubles.
    pub vendor: Vec<Route>,
}

/// One kind of login at a fixed rate.
#[derive(Debug, Serialize)]
pub struct Latency {
    /// Its name.
    pub name: &'static str,
    /// How long it took.
    pub paced: Paced,
}

/// A long run of the server.
#[derive(Debug, Serialize)]
pub struct Steady {
    /// What was asked.
    pub name: &'static str,
    /// Requests a second.
    pub rate: f64,
    /// What wrk saw.
    pub seen: Seen,
    /// What the server held.
    pub memory: Memory,
    /// How much the server logged for each request, in bytes.
    pub logged_bytes: f64,
}

impl Report {
    /// All failed requests.
    pub fn failures(&self) -> u64 {
        let logins = self.logins.iter().map(|login| login.paced.failures as u64);
        logins.chain(self.steady.iter().map(|steady| steady.seen.failures())).sum()
    }

    /// As JSON, or as tables for a document.
    pub fn print(&self, json: bool) -> Result<()> {
        if json {
            println!("{}", serde_json::to_string_pretty(self)?);
        } else {
            print!("{self}");
        }
        Ok(())
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        writeln!(
            out,
            "| login, one core | requests/s | requests | failures | median | p99 | longest |"
        )?;
        writeln!(out, "|---|---:|---:|---:|---:|---:|---:|")?;
        for Latency { name, paced } in &self.logins {
            let Paced { rate, requests, failures, median_ms, p99_ms, longest_ms } = paced;
            writeln!(
                out,
                "| {name} | {rate} | {requests} | {failures} | {median_ms:.2} ms | {p99_ms:.2} ms | {longest_ms:.1} ms |"
            )?;
        }
        if !self.steady.is_empty() {
            writeln!(
                out,
                "\n| | requests | requests/s | not 2xx | socket errors | p99 | memory, first third | last third | most | log, bytes a request |"
            )?;
            writeln!(out, "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")?;
        }
        for Steady { name, rate, seen, memory, logged_bytes } in &self.steady {
            let mib = |kib: f64| kib / 1024.0;
            writeln!(
                out,
                "| {name} | {} | {rate:.0} | {} | {} | {:.1} ms | {:.1} MiB | {:.1} MiB{} | {:.1} MiB | {logged_bytes:.0} |",
                seen.requests,
                seen.non_2xx,
                seen.socket_errors,
                seen.p99_us as f64 / 1e3,
                mib(memory.first_third_kib),
                mib(memory.last_third_kib),
                if memory.flat { "" } else { " (grows)" },
                mib(memory.most_kib),
            )?;
        }
        if let Some(Fairness { served, least, office_seconds, others_ms }) = &self.fairness {
            let served: Vec<_> = served.iter().map(ToString::to_string).collect();
            writeln!(out, "\n| fairness | |")?;
            writeln!(out, "|---|---|")?;
            writeln!(out, "| logins of each network | {} |", served.join(", "))?;
            writeln!(out, "| the least, of an equal share | {least:.2} |")?;
            writeln!(
                out,
                "| 500 people behind one address, the last after | {office_seconds:.1} s |"
            )?;
            writeln!(out, "| others meanwhile, the longest wait | {others_ms:.0} ms |")?;
        }
        writeln!(out, "\n| | median | least | most |")?;
        writeln!(out, "|---|---:|---:|---:|")?;
        for Route { route, milliseconds: Figures { least, median, most } } in &self.vendor {
            writeln!(out, "| `POST {route}` | {median:.2} ms | {least:.2} ms | {most:.2} ms |")?;
        }
        Ok(())
    }
}
