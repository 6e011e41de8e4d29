//! Finds nginx and OpenSSL for the tests of `deploy/nginx/`, or installs them.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{apt, paths};

/// nginx of this machine. `CALLDOCK_NGINX` names another.
pub fn ensure() -> Result<PathBuf> {
    if find().is_none() || paths::on_path("openssl").is_none() {
        apt::ensure(&["nginx", "openssl"], "nginx with OpenSSL, for the test of deploy/nginx")?;
    }
    find().context("nginx is needed; put `nginx` on PATH")
}

/// nginx's module for njs. `CALLDOCK_NGINX_JS` names another.
pub fn ensure_js() -> Result<PathBuf> {
    if find_js().is_none() {
        apt::ensure(&["libnginx-mod-http-js"], "njs, for the test of deploy/nginx")?;
    }
    find_js().context("njs is needed; name ngx_http_js_module.so in CALLDOCK_NGINX_JS")
}

fn find_js() -> Option<PathBuf> {
    let named = std::env::var_os("CALLDOCK_NGINX_JS").map(PathBuf::from);
    let debians = PathBuf::from("/usr/lib/nginx/modules/ngx_http_js_module.so");
    named.or_else(|| Some(debians).filter(|path| path.is_file()))
}

/// Debian keeps it where only root looks.
fn find() -> Option<PathBuf> {
    let named = std::env::var_os("CALLDOCK_NGINX").map(PathBuf::from);
    let debians = || Some(PathBuf::from("/usr/sbin/nginx")).filter(|path| path.is_file());
    named.or_else(|| paths::on_path("nginx")).or_else(debians)
}
