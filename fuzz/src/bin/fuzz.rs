//! One program for all targets: `CALLDOCK_FUZZ_TARGET` names the one that libFuzzer calls.
#![no_main]

use std::sync::OnceLock;

use calldock_fuzz::Target;
use libfuzzer_sys::fuzz_target;

static TARGET: OnceLock<&Target> = OnceLock::new();

fn target() -> &'static Target {
    TARGET.get_or_init(|| {
        let name = std::env::var("CALLDOCK_FUZZ_TARGET").unwrap_or_default();
        calldock_fuzz::target(&name).unwrap_or_else(|| {
            panic!("CALLDOCK_FUZZ_TARGET: expected the name of a target, found {name:?}")
        })
    })
}

fuzz_target!(|data: &[u8]| (target().run)(data));
