//! The server, the edge and the admin tool beside the real programs they work with.

use anyhow::Result;

use super::counts::Counts;
use super::rust::{NATIVE, build_programs, cargo};
use crate::{hadolint, nginx, paths, process, python, redis, systemd};

/// Finds or installs what the tests start, and tells them where it is.
pub fn services() -> Result<Counts> {
    let (redis, nginx, systemd) = (redis::ensure()?, nginx::ensure()?, systemd::ensure()?);
    let python = python::ensure("vendor-client", "server/tests/services/requirements.txt")?;
    let schemathesis = python::ensure("schemathesis", "server/tests/services/schemathesis.txt")?
        .with_file_name("schemathesis");
    build_programs()?;
    let doubles = paths::target().join("debug/calldock-doubles");
    let mut tests = cargo("test");
    tests.args(NATIVE).args(["--test", "services", "--no-fail-fast"]);
    tests.env("CALLDOCK_SERVER", paths::target().join("debug/calldock-server"));
    tests.env("CALLDOCK_REDIS_SERVER", redis);
    tests.env("CALLDOCK_NGINX", nginx);
    tests.env("CALLDOCK_NGINX_JS", nginx::ensure_js()?);
    tests.env("CALLDOCK_SYSTEMD_ANALYZE", systemd);
    tests.env("CALLDOCK_HADOLINT", hadolint::ensure()?);
    tests.env("CALLDOCK_DOUBLES", doubles);
    tests.env("CALLDOCK_PYTHON", python);
    tests.env("CALLDOCK_SCHEMATHESIS", schemathesis);
    let (status, output) = process::shown_output(&mut tests)?;
    Ok(Counts::of_cargo(&output).unless_failed(status.success()))
}
