//! Debian's nginx with `deploy/nginx/calldock.conf`, the built server and edge behind it, and CEC behind TLS.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use axum::Router;
use reqwest::{Certificate, Client, Identity};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tempfile::TempDir;

use crate::authority::Authority;
use crate::cec_tls;
use crate::nginx_process::Nginx;

/// The name in `deploy/nginx/calldock.conf`.
pub const NAME: &str = "shop.example.com";
const CEC: &str = "cec.test";
const DEPLOYED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/nginx/calldock.conf");

/// All of them; they end with this value.
pub struct Front {
    /// `https://shop.example.com:…`, as a page there says it.
    pub origin: String,
    /// The same for callers with a certificate.
    pub callback: String,
    /// The port that leads to `origin`.
    pub plain: SocketAddr,
    https: SocketAddr,
    callers: Authority,
    authority: Authority,
    _nginx: Nginx,
    _server: Program,
    _edge: Program,
    // Last, since what is dropped first still uses it.
    _folder: TempDir,
}

/// A process that ends with this value.
struct Program(Child);

impl Front {
    /// Starts everything, with this as CEC.
    pub async fn start(cec: Router) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (authority, callers) = (Authority::new(), Authority::new());
        let at = folder.path();
        fs::write(at.join("ca.pem"), authority.pem()).unwrap();
        fs::write(at.join("cec-callers.pem"), callers.pem()).unwrap();
        let (certificate, key) = authority.certify(NAME);
        fs::write(at.join("fullchain.pem"), certificate).unwrap();
        fs::write(at.join("privkey.pem"), key).unwrap();
        fs::create_dir(at.join("site")).unwrap();
        fs::write(at.join("site/index.html"), "the shop").unwrap();
        fs::create_dir(at.join("private")).unwrap();
        fs::write(at.join("private/secret.txt"), "INTERNAL").unwrap();
        let cec_at = cec_tls::serve(cec, authority.certify(CEC)).await;
        let (server, server_at) = start_server(at);
        let (edge, edge_at) = start_edge(at, cec_at);
        let (nginx, [plain, https, callback]) =
            Nginx::start(at, "", |ports| front(at, server_at, edge_at, ports));
        Self {
            origin: format!("https://{NAME}:{}", https.port()),
            callback: format!("https://{NAME}:{}", callback.port()),
            plain,
            https,
            callers,
            authority,
            _nginx: nginx,
            _server: server,
            _edge: edge,
            _folder: folder,
        }
    }

    /// A caller at 127.0.0.2, so that it is not nginx.
    pub fn client(&self) -> Client {
        self.caller().build().unwrap()
    }

    /// The same with a certificate by the callers' authority.
    pub fn certified(&self) -> Client {
        let (certificate, key) = self.callers.certify("cec-caller");
        let identity = Identity::from_pem((key + &certificate).as_bytes()).unwrap();
        self.caller().identity(identity).build().unwrap()
    }

    fn caller(&self) -> reqwest::ClientBuilder {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let trusted = Certificate::from_pem(self.authority.pem().as_bytes()).unwrap();
        Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .tls_certs_only([trusted])
            .resolve(NAME, SocketAddr::from(([127, 0, 0, 1], 0)))
            .local_address(Some(Ipv4Addr::new(127, 0, 0, 2).into()))
    }

    /// A connection to nginx, encrypted, for what reqwest does not speak.
    pub async fn stream(&self) -> tokio_rustls::client::TlsStream<tokio::net::TcpStream> {
        let mut roots = rustls::RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(self.authority.pem().as_bytes()).unwrap())
            .unwrap();
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = tokio::net::TcpStream::connect(self.https).await.unwrap();
        let connector = tokio_rustls::TlsConnector::from(std::sync::Arc::new(config));
        connector.connect(NAME.try_into().unwrap(), stream).await.unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The built server, with what `deploy/nginx/calldock.conf` asks of its settings.
fn start_server(folder: &Path) -> (Program, SocketAddr) {
    let settings = r#"
        [listen]
        address = "127.0.0.1:0"
        gateways = ["127.0.0.1"]
        [operator]
        address = "127.0.0.1:0"
        [visitor]
        kind = "guest"
        name = "Guest"
        [cec]
        tenant_space_id = "202007159031"
        channel_config_id = "817854979183314945"
        mode = "token"
        "#;
    start(crate::program("CALLDOCK_SERVER"), &folder.join("calldock.toml"), settings)
}

/// The built edge, in front of CEC at this address.
fn start_edge(folder: &Path, cec: SocketAddr) -> (Program, SocketAddr) {
    let settings = format!(
        r#"
        [listen]
        address = "127.0.0.1:0"
        gateways = ["127.0.0.1"]
        [operator]
        address = "127.0.0.1:0"
        [cec]
        origin = "https://{CEC}"
        connect_to = "{cec}"
        ca_file = "ca.pem"
        "#
    );
    let program = env!("CARGO_BIN_EXE_calldock-edge").into();
    start(program, &folder.join("calldock-edge.toml"), &settings)
}

fn start(program: OsString, file: &Path, settings: &str) -> (Program, SocketAddr) {
    fs::write(file, settings).unwrap();
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CALLDOCK_") {
            command.env_remove(name);
        }
    }
    let log = fs::File::create(file.with_extension("log")).unwrap();
    command.arg("--config").arg(file);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    let mut program = Program(command.spawn().unwrap());
    let lines = BufReader::new(program.0.stdout.take().unwrap()).lines().map_while(Result::ok);
    let address = lines
        .filter_map(|line| line.strip_prefix("listening on http://").map(str::to_owned))
        .next()
        .unwrap_or_else(|| panic!("{}", fs::read_to_string(file.with_extension("log")).unwrap()));
    (program, address.parse().unwrap())
}

/// Writes the deployed file, and returns what includes it; changed is only what an operator changes.
fn front(folder: &Path, server: SocketAddr, edge: SocketAddr, ports: [SocketAddr; 3]) -> String {
    let mut text = fs::read_to_string(DEPLOYED).unwrap();
    let [plain, https, callback] = ports;
    for (theirs, ours) in [
        ("listen 80;", format!("listen {plain};")),
        ("listen 443 ssl;", format!("listen {https} ssl;")),
        ("listen 8443 ssl;", format!("listen {callback} ssl;")),
        ("server 127.0.0.1:8700;", format!("server {server};")),
        ("server 127.0.0.1:8704;", format!("server {edge};")),
        ("/etc/ssl/shop.example.com/", format!("{}/", folder.display())),
        ("/var/www/shop;", format!("{}/site;", folder.display())),
        // Locations of the site's own: one that CEC must not reach, and one that takes no part of ours.
        (
            "    # Your own site.",
            format!(
                "    location /private/ {{ internal; alias {}/private/; }}\n    location ~ (\\.js|/login)$ {{ return 404; }}\n    # Your own site.",
                folder.display()
            ),
        ),
    ] {
        assert!(text.contains(theirs), "{DEPLOYED}: expected {theirs}");
        text = text.replace(theirs, &ours);
    }
    fs::write(folder.join("calldock.conf"), text).unwrap();
    "include calldock.conf;".to_owned()
}
