//! `calldock-server`: see [`calldock_server`].
#![forbid(unsafe_code)]

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A request is many small pieces of memory on several threads, which the C library's allocator is slow at.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    calldock_server::cli::run()
}
