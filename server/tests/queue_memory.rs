//! How much memory the queue takes for a million networks: a process of its own, so that nothing else counts.

mod memory;

use calldock_server::queue::Who;
use calldock_server::queue::fair::{Fair, Rules};
use calldock_server::queue::{Buckets, Rate};
use memory::resident;

#[test]
fn a_million_networks_of_4000_sites_take_less_than_64_mib() {
    let before = resident();
    assert!(before > 0, "this test reads /proc");
    let mut fair = Fair::new(Rules { interval: 50_000, deadline: 5_000_000 });
    let buckets = Buckets::new(Rate::parse("60/m").expect("a rate"));
    let (mut waiting, mut refused) = (0, 0);
    let mut most = 0;
    for number in 0..1_000_000u64 {
        // 250 networks (/64, each in a /56 of its own) in each of 4,000 sites (/48).
        let (site, network) = (number % 4000, number / 4000);
        let bits = 0x2001_0000_0000_0000 | site << 16 | network << 8;
        let address = std::net::Ipv6Addr::from_bits(u128::from(bits) << 64).into();
        let _ = buckets.take(address);
        let who = Who::guest(&format!("guest-{number}"), number % 2 == 0, address);
        match fair.enter(&who, None, number) {
            Ok(_) => waiting += 1,
            Err(_) => refused += 1,
        }
        if number % 10_000 == 0 {
            most = most.max(resident());
        }
    }
    let taken = most.max(resident()).saturating_sub(before);
    println!(
        "{taken} KiB more for a million networks: {waiting} wait, {refused} refused, {} keys, {} promises, {} buckets",
        fair.keys(),
        fair.promised(),
        buckets.networks()
    );
    assert!(taken < 64 * 1024, "{taken} KiB");
}
