//! `[store]`: memory or Redis, and how Redis is reached.

use std::num::NonZeroU32;

use redis::cluster::{ClusterClient, ClusterClientBuilder};
use redis::sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType};
use redis::{
    Client, ClientTlsConfig, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, TlsCertificates,
    TlsMode,
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::address::is_loopback;
use crate::settings::{Reader, values};

/// Where asked tokens, sessions, guesses and the pace are kept.
#[derive(Clone, Debug, Default)]
pub enum StoreSettings {
    /// In this process, which shares nothing with others.
    #[default]
    Memory,
    /// In a Redis that all instances share.
    Redis(Box<RedisSettings>),
}

/// A Redis. `Debug` shows neither addresses nor passwords.
#[derive(Clone)]
pub struct RedisSettings {
    /// What is connected to.
    pub topology: Topology,
    /// What all keys begin with.
    pub prefix: String,
    /// How many instances share the budgets, for the time Redis is unavailable.
    pub instances: NonZeroU32,
    /// Whether the connection is neither encrypted nor within this machine.
    pub in_the_clear: bool,
}

/// `store.kind`, apart from `memory`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `redis`: one server.
    Single,
    /// `sentinel`: the master that Sentinel names.
    Sentinel,
    /// `cluster`: any of its nodes.
    Cluster,
}

/// A Redis, ready to be connected to. Passwords are plain text inside the clients, which send them again
/// with every new connection.
#[derive(Clone)]
pub enum Topology {
    /// One server.
    Single(Client),
    /// The master of a name.
    Sentinel(Sentinel),
    /// A cluster.
    Cluster(ClusterClient),
}

/// What a Sentinel's client is made from; it cannot be cloned.
#[derive(Clone)]
pub struct Sentinel {
    first: ConnectionInfo,
    addresses: Vec<ConnectionAddr>,
    master: String,
    password: Option<SecretString>,
    tls: TlsCertificates,
}

/// What is wrong, and with which key.
pub type Mistake = (&'static str, &'static str);

/// The default of `store.prefix`.
pub const PREFIX: &str = "calldock:";
/// The default of `store.instances`.
pub const INSTANCES: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);

/// Reads `[store]`, which need not be there.
pub fn read(reader: &mut Reader) -> Option<StoreSettings> {
    let kinds = [
        ("memory", None),
        ("redis", Some(Kind::Single)),
        ("sentinel", Some(Kind::Sentinel)),
        ("cluster", Some(Kind::Cluster)),
    ];
    let Some(kind) = reader.choice("store.kind", &kinds, false) else {
        reader.pass_over(&["store"]);
        return None;
    };
    let Some(kind) = kind else { return Some(StoreSettings::Memory) };
    let tls = certificates(reader);
    let prefix = reader.parsed("store.prefix", Some(PREFIX), prefix);
    let instances = reader.number("store.instances", 1..=1000, "instances");
    let (mut master, mut sentinel_password) = (None, None);
    if kind == Kind::Sentinel {
        master = reader.parsed("store.master", None, self::prefix);
        sentinel_password = reader.optional_secret("store.sentinel_password", values::credential);
    }
    let from_file = reader.has_key("store.url_file");
    let url = reader.secret("store.url", values::credential)?;
    let (prefix, instances) = (prefix?, instances.and_then(NonZeroU32::new).unwrap_or(INSTANCES));
    match Topology::new(kind, &url, master, sentinel_password, tls) {
        Ok((topology, in_the_clear)) => {
            let redis = RedisSettings { topology, prefix, instances, in_the_clear };
            Some(StoreSettings::Redis(Box::new(redis)))
        }
        Err((key, what)) => {
            let key = if from_file && key == "store.url" { "store.url_file" } else { key };
            // Without the address: in one that is mistyped the password may be anywhere.
            if !reader.is_wrong(key) {
                reader.wrong(key, what);
            }
            None
        }
    }
}

impl Topology {
    /// A Redis of this kind at an address, or several separated by commas or white space, and whether the connection
    /// is neither encrypted nor within this machine. A Sentinel needs the master's name; `password` is the Sentinels'
    /// own. Without a root among the certificates, this machine's trusted ones count.
    ///
    /// # Errors
    /// The key that is wrong, and what was expected; no value.
    pub fn new(
        kind: Kind,
        url: &SecretString,
        master: Option<String>,
        password: Option<SecretString>,
        tls: TlsCertificates,
    ) -> Result<(Self, bool), Mistake> {
        const URL: &str = "store.url";
        let mut in_the_clear = false;
        let mut nodes = Vec::new();
        let texts = url.expose_secret().split([',', ' ', '\t', '\r', '\n']);
        for text in texts.filter(|text| !text.is_empty()) {
            let (info, clear) = node(text).map_err(|what| (URL, what))?;
            in_the_clear |= clear;
            nodes.push(info);
        }
        let Some(first) = nodes.first().cloned() else { return Err((URL, EXPECTED)) };
        let encrypted =
            |info: &ConnectionInfo| matches!(info.addr(), ConnectionAddr::TcpTls { .. });
        if nodes.iter().any(|node| encrypted(node) != encrypted(&first)) {
            return Err((URL, "expected only rediss: addresses, or only redis: ones"));
        }
        let unusable = |_| (URL, EXPECTED);
        let topology = match kind {
            Kind::Single if nodes.len() > 1 => {
                return Err((
                    URL,
                    "expected one address; store.kind = \"cluster\" or \"sentinel\" takes several",
                ));
            }
            Kind::Single if encrypted(&first) => {
                Self::Single(Client::build_with_tls(first, tls).map_err(unusable)?)
            }
            Kind::Single => Self::Single(Client::open(first).map_err(unusable)?),
            Kind::Cluster => {
                if first.redis_settings().db() != 0 {
                    return Err((URL, "expected no database number: a cluster has only 0"));
                }
                let mut builder = ClusterClientBuilder::new(nodes)
                    .retries(3)
                    .connection_timeout(std::time::Duration::from_millis(500))
                    .response_timeout(std::time::Duration::from_millis(700));
                if encrypted(&first) {
                    builder = builder.tls(TlsMode::Secure).certs(tls);
                }
                Self::Cluster(builder.build().map_err(unusable)?)
            }
            Kind::Sentinel => {
                let master = master.ok_or((
                    "store.master",
                    "expected the name that Sentinel knows the master by",
                ))?;
                let addresses = nodes.iter().map(|node| node.addr().clone()).collect();
                let mut sentinel = Sentinel { first, addresses, master, password, tls };
                sentinel.client().map_err(unusable)?;
                Self::Sentinel(sentinel)
            }
        };
        Ok((topology, in_the_clear))
    }
}

impl Sentinel {
    /// A client, which waits for its first address before the others: another one each time.
    ///
    /// # Errors
    /// None: the settings were checked by [`Topology::new`].
    pub fn client(&mut self) -> redis::RedisResult<SentinelClient> {
        self.addresses.rotate_left(1);
        let addresses = self.addresses.iter().cloned();
        let mut builder =
            SentinelClientBuilder::new(addresses, &self.master, SentinelServerType::Master)?;
        let redis = self.first.redis_settings();
        builder = builder.set_client_to_redis_db(redis.db());
        if let Some(user) = redis.username() {
            builder = builder.set_client_to_redis_username(user);
        }
        if let Some(password) = redis.password() {
            builder = builder.set_client_to_redis_password(password);
        }
        if let Some(password) = &self.password {
            builder = builder.set_client_to_sentinel_password(password.expose_secret());
        }
        if matches!(self.first.addr(), ConnectionAddr::TcpTls { .. }) {
            builder = builder
                .set_client_to_redis_tls_mode(TlsMode::Secure)
                .set_client_to_redis_certificates(self.tls.clone())
                .set_client_to_sentinel_tls_mode(TlsMode::Secure)
                .set_client_to_sentinel_certificates(self.tls.clone());
        }
        builder.build()
    }
}

/// Reads the certificates; of the client's, both files or none.
fn certificates(reader: &mut Reader) -> TlsCertificates {
    const CERTIFICATE: &str = "store.certificate_file";
    const KEY: &str = "store.key_file";
    let has = [CERTIFICATE, KEY].map(|key| reader.has_key(key));
    let mut read = |key| reader.file(key, |bytes| Ok(bytes.to_vec()));
    let root_cert = read("store.ca_file");
    let pair = read(CERTIFICATE).zip(read(KEY));
    match has {
        [true, false] => reader.wrong(KEY, "expected the private key of store.certificate_file"),
        [false, true] => reader.wrong(CERTIFICATE, "expected the certificate of store.key_file"),
        _ => {}
    }
    let client_tls =
        pair.map(|(client_cert, client_key)| ClientTlsConfig { client_cert, client_key });
    TlsCertificates { client_tls, root_cert }
}

const EXPECTED: &str = "expected an address like rediss://:password@redis.example:6380/0";

/// One address, and whether it is neither encrypted nor within this machine.
fn node(text: &str) -> Result<(ConnectionInfo, bool), &'static str> {
    let url = Url::parse(text).map_err(|_| EXPECTED)?;
    let database = url.path().trim_start_matches('/');
    let plain = url.host_str().is_some_and(|host| !host.is_empty())
        && url.query().is_none()
        && url.fragment().is_none()
        && (database.is_empty() || database.parse::<u16>().is_ok());
    let encrypted = match url.scheme() {
        "rediss" => true,
        "redis" => false,
        _ => return Err(EXPECTED),
    };
    if !plain {
        return Err(EXPECTED);
    }
    // Only in an address of the web the parser tells names from numbers.
    let host = url.host_str().and_then(|host| Url::parse(&format!("http://{host}")).ok());
    let local = host.as_ref().is_some_and(is_loopback);
    let info = url.as_str().into_connection_info().map_err(|_| EXPECTED)?;
    Ok((info, !encrypted && !local))
}

/// Reads `store.prefix`.
///
/// # Errors
/// What was expected.
pub fn prefix(text: &str) -> Result<String, &'static str> {
    values::word(text, 64, "-_:.", "expected 1 to 64 letters, digits, or - _ : .")
}

impl std::fmt::Debug for RedisSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisSettings").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}
