//! How much memory the metrics take while nothing reads them: a process of its own, so that nothing else counts.

mod memory;

use std::thread;
use std::time::Duration;

use calldock_server::observe::metrics;
use memory::resident;

/// Over some seconds, because the durations are added up each second. All of them, kept, are 90 MiB and more.
#[test]
fn six_million_requests_that_no_scrape_follows_take_less_than_48_mib() {
    metrics::start().expect("the metrics start");
    let before = resident();
    assert!(before > 0, "this test reads /proc");
    let mut most = 0;
    for _ in 0..600 {
        for _ in 0..10_000 {
            metrics::queue_waited("cec", Duration::from_millis(3));
        }
        most = most.max(resident());
        thread::park_timeout(Duration::from_millis(8));
    }
    let taken = most.saturating_sub(before);
    println!("{taken} KiB more");
    assert!(taken < 48 * 1024, "{taken} KiB");
}
