//! What is printed.

use anyhow::Result;
use serde::Serialize;

use super::figures::Figures;
use super::load::Seen;
use super::memory::Memory;
use super::vendor::Latency;

/// Everything that was measured.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Side by side.
    pub pairs: Vec<Pair>,
    /// For long.
    pub steady: Vec<Steady>,
    /// Beside the doubles.
    pub vendor: Vec<Latency>,
}

/// The server and axum alone.
#[derive(Debug, Serialize)]
pub struct Pair {
    /// What was asked.
    pub name: &'static str,
    /// Requests a second of the server.
    pub server: Figures,
    /// The same of axum alone.
    pub bare: Figures,
    /// The one by the other, round by round.
    pub ratio: Figures,
    /// What the server did not answer as it should have.
    pub failures: u64,
    /// The median of the server's runs' medians, in µs.
    pub server_median_us: f64,
    /// The same of axum alone.
    pub bare_median_us: f64,
    /// Processor time of the server for each request, in µs.
    pub server_cpu_us: Figures,
    /// The same of axum alone.
    pub bare_cpu_us: Figures,
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

impl Pair {
    /// Of rounds of two runs each.
    pub fn new(name: &'static str, servers: &[[Seen; 2]], bares: &[[Seen; 2]]) -> Self {
        let rates = |rounds: &[[Seen; 2]]| Figures::of(rounds.iter().flatten().map(Seen::rate));
        let together = |round: &[Seen; 2]| round.iter().map(Seen::rate).sum::<f64>();
        let ratios = servers.iter().zip(bares).map(|(one, other)| together(one) / together(other));
        let middle = |rounds: &[[Seen; 2]]| {
            Figures::of(rounds.iter().flatten().map(|seen| seen.median_us as f64)).median
        };
        let cpu =
            |rounds: &[[Seen; 2]]| Figures::of(rounds.iter().flatten().map(|seen| seen.cpu_us));
        Self {
            name,
            server_cpu_us: cpu(servers),
            bare_cpu_us: cpu(bares),
            server: rates(servers),
            bare: rates(bares),
            ratio: Figures::of(ratios),
            failures: servers.iter().chain(bares).flatten().map(Seen::failures).sum(),
            server_median_us: middle(servers),
            bare_median_us: middle(bares),
        }
    }
}

impl Report {
    /// Everything that was not answered as it should have been.
    pub fn failures(&self) -> u64 {
        let pairs = self.pairs.iter().map(|pair| pair.failures);
        pairs.chain(self.steady.iter().map(|steady| steady.seen.failures())).sum()
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
            "| | server, requests/s | bare axum, requests/s | ratio | median latency | processor time a request |"
        )?;
        writeln!(out, "|---|---:|---:|---:|---:|---:|")?;
        for pair in &self.pairs {
            let Pair { name, server, bare, ratio, .. } = pair;
            let (cpu, bare_cpu) = (pair.server_cpu_us.median, pair.bare_cpu_us.median);
            let (ms, bare_ms) = (pair.server_median_us / 1e3, pair.bare_median_us / 1e3);
            writeln!(
                out,
                "| {name} | {:.0} ({:.0}–{:.0}) | {:.0} ({:.0}–{:.0}) | **{:.2}** ({:.2}–{:.2}) | {ms:.1} ms; bare {bare_ms:.1} ms | {cpu:.1} µs; bare {bare_cpu:.1} µs |",
                server.median,
                server.least,
                server.most,
                bare.median,
                bare.least,
                bare.most,
                ratio.median,
                ratio.least,
                ratio.most,
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
        writeln!(out, "\n| | median | least | most |")?;
        writeln!(out, "|---|---:|---:|---:|")?;
        for Latency { route, milliseconds: Figures { least, median, most } } in &self.vendor {
            writeln!(out, "| `POST {route}` | {median:.2} ms | {least:.2} ms | {most:.2} ms |")?;
        }
        Ok(())
    }
}
