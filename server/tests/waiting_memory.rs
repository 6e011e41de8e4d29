//! How much memory a million who all wait take: a process of its own, so that nothing else counts.

mod memory;

use calldock_server::queue::Who;
use calldock_server::queue::fair::{Fair, Rules};
use memory::resident;

#[test]
fn as_many_who_all_wait_take_less_than_64_mib() {
    // A budget so fast that all are let in: the table itself is full, and new keys share.
    let before = resident();
    let mut fair = Fair::new(Rules { interval: 1, deadline: 3_600_000_000 });
    for number in 0..1_000_000u64 {
        let (site, network) = (number % 4000, number / 4000);
        let bits = 0x2001_0000_0000_0000 | site << 16 | network << 8;
        let address = std::net::Ipv6Addr::from_bits(u128::from(bits) << 64).into();
        let _ = fair.enter(&Who::network(address), None, number);
    }
    let taken = resident().saturating_sub(before);
    println!("{taken} KiB with {} waiting and {} keys", fair.len(), fair.keys());
    assert!(taken < 64 * 1024, "{taken} KiB");
    let mut served = 0;
    while fair.next(1_000_000 + served).is_some() {
        served += 1;
    }
    assert_eq!((fair.len(), fair.keys()), (0, 0));
}
