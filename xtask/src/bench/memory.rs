//! How much a process holds, second by second.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::Serialize;

use super::figures::Figures;

/// Growth that is no leak: what an allocator keeps comes and goes in pieces of this size.
const NOISE_KIB: f64 = 4096.0;

/// The resident memory of a process, before and after.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Memory {
    /// The median of the first third, in KiB; the first tenth, when buffers are made, is left out.
    pub first_third_kib: f64,
    /// The median of the last third, in KiB.
    pub last_third_kib: f64,
    /// The most, in KiB.
    pub most_kib: f64,
    /// Whether it did not grow: by less than 5 %, or by less than 4 MiB.
    pub flat: bool,
}

impl Memory {
    fn of(samples: &[f64]) -> Self {
        let warm = &samples[samples.len() / 10..];
        let third = (warm.len() / 3).max(1).min(warm.len());
        let first = Figures::of(warm[..third].iter().copied()).median;
        let last = Figures::of(warm[warm.len() - third..].iter().copied()).median;
        Self {
            first_third_kib: first,
            last_third_kib: last,
            most_kib: Figures::of(samples.iter().copied()).most,
            flat: last - first < NOISE_KIB || last < first * 1.05,
        }
    }
}

/// Looks at a process each second while something is done.
pub fn during<T>(process: u32, work: impl FnOnce() -> Result<T>) -> Result<(T, Memory)> {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let watching = scope.spawn(|| {
            let mut samples = Vec::new();
            while !done.load(Ordering::Relaxed) {
                samples.extend(resident_kib(process));
                thread::park_timeout(Duration::from_secs(1));
            }
            samples
        });
        let worked = work();
        done.store(true, Ordering::Relaxed);
        watching.thread().unpark();
        let samples = watching.join().unwrap_or_default();
        if samples.is_empty() {
            anyhow::bail!("the memory of process {process} cannot be read from /proc");
        }
        Ok((worked?, Memory::of(&samples)))
    })
}

fn resident_kib(process: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.context("VmRSS")?.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_on_and_on_is_not_flat() {
        let leak: Vec<f64> = (0..60).map(|second| 20_000.0 + 500.0 * f64::from(second)).collect();
        assert!(!Memory::of(&leak).flat);
        // Buffers that are made in the first seconds are none.
        let warm: Vec<f64> =
            (0..60).map(|second| if second < 6 { 8_000.0 } else { 20_000.0 }).collect();
        assert!(Memory::of(&warm).flat);
        assert_eq!(Memory::of(&[5.0]).last_third_kib, 5.0);
    }

    #[test]
    fn this_process_holds_something() {
        assert!(resident_kib(std::process::id()).unwrap() > 0.0);
    }
}
