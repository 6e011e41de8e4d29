//! Debian's nginx with one of the files for CEC alone.

use std::fs;
use std::net::SocketAddr;

use tempfile::TempDir;

use crate::authority::Authority;
use crate::nginx_process::Nginx;

const DEPLOYED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/nginx");

/// Which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// `service-cloud.conf`.
    Stock,
    /// `service-cloud-njs.conf`.
    Njs,
}

pub const BOTH: [Variant; 2] = [Variant::Stock, Variant::Njs];

/// nginx for pages. Its folder is dropped after it, since it is stopped by what is in there.
pub struct Pages {
    /// Where it listens.
    pub at: SocketAddr,
    _nginx: Nginx,
    _folder: TempDir,
}

/// Starts nginx with a deployed file, with CEC under this name and at this port.
pub fn start(
    variant: Variant,
    host: &str,
    resolver: SocketAddr,
    cec: SocketAddr,
    authority: &Authority,
) -> Pages {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("ca.pem"), authority.pem()).unwrap();
    let (name, main, import) = match variant {
        Variant::Stock => ("service-cloud.conf", String::new(), ""),
        Variant::Njs => {
            let module = crate::program("CALLDOCK_NGINX_JS").into_string().unwrap();
            fs::copy(format!("{DEPLOYED}/service-cloud.js"), at.join("service-cloud.js")).unwrap();
            let import = "js_import calldock from service-cloud.js;";
            ("service-cloud-njs.conf", format!("load_module {module};"), import)
        }
    };
    let mut text = fs::read_to_string(format!("{DEPLOYED}/{name}")).unwrap();
    for (theirs, ours) in [
        // What an operator changes …
        ("CEC_HOST;", format!("{host};")),
        ("resolver 127.0.0.53 ", format!("resolver {resolver} ")),
        ("/etc/ssl/certs/ca-certificates.crt", format!("{}/ca.pem", at.display())),
        // … and the port, which only a test has.
        ("https://$cec_host;", format!("https://$cec_host:{};", cec.port())),
    ] {
        assert!(text.contains(theirs), "{name}: expected {theirs}");
        text = text.replace(theirs, &ours);
    }
    fs::write(at.join("location.conf"), text).unwrap();
    fs::copy(format!("{DEPLOYED}/service-cloud-http.conf"), at.join("http.conf")).unwrap();
    fs::create_dir(at.join("private")).unwrap();
    fs::write(at.join("private/secret.txt"), "INTERNAL").unwrap();
    let (nginx, [listen]) = Nginx::start(at, &main, |[listen]| {
        format!(
            "include http.conf;\n{import}\nserver {{ listen {listen}; include location.conf; location /private/ {{ internal; alias {}/private/; }} location ~ \\.js$ {{ return 404; }} }}",
            at.display()
        )
    });
    Pages { at: listen, _nginx: nginx, _folder: folder }
}
