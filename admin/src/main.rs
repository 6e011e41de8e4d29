//! `calldock-admin`: see [`calldock_admin`].
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    calldock_admin::run()
}
