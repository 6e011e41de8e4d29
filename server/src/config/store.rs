//! `[store]`.

use std::path::Path;

use redis::{Client, IntoConnectionInfo};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::reader::Reader;
use crate::address;

/// Where tokens, sessions, guesses and limits are kept.
#[derive(Clone, Debug, Default)]
pub enum StoreConfig {
    /// In this process; others know nothing of it.
    #[default]
    Memory,
    /// In a Redis that all instances share.
    Redis(Box<RedisConfig>),
}

/// One Redis. `Debug` shows neither its address nor its password.
#[derive(Clone)]
pub struct RedisConfig {
    /// Where it is, and the password it wants: a plain text within the client, which says it again at
    /// every new connection.
    pub client: Client,
    /// What all keys begin with.
    pub prefix: String,
    /// Whether the way to it is neither encrypted nor within this machine.
    pub in_the_clear: bool,
}

/// What keys begin with unless told otherwise.
pub const PREFIX: &str = "calldock:";

const KEYS: [&str; 3] = ["store.url", "store.url_file", "store.prefix"];

enum Kind {
    Memory,
    Redis,
}

/// The section, which need not be there.
pub fn read(reader: &mut Reader, file: Option<&Path>) -> Option<StoreConfig> {
    let kind = reader.parsed("store.kind", Some("memory"), |kind| match kind {
        "memory" => Ok(Kind::Memory),
        "redis" => Ok(Kind::Redis),
        _ => Err("expected \"memory\" or \"redis\""),
    });
    match kind {
        None => {
            reader.pass_over(&KEYS);
            None
        }
        Some(Kind::Memory) => Some(StoreConfig::Memory),
        Some(Kind::Redis) => {
            let prefix = reader.parsed("store.prefix", Some(PREFIX), prefix);
            let from_file = reader.has_key("store.url_file");
            let url = reader.secret_or_file("store.url", "store.url_file", file)?;
            let key = if from_file { "store.url_file" } else { "store.url" };
            match RedisConfig::new(&url, prefix?) {
                Ok(redis) => Some(StoreConfig::Redis(Box::new(redis))),
                Err(what) => {
                    reader.wrong(key, what);
                    None
                }
            }
        }
    }
}

impl RedisConfig {
    /// A Redis by its address.
    ///
    /// # Errors
    /// What was expected of the address.
    pub fn new(url: &SecretString, prefix: String) -> Result<Self, &'static str> {
        const EXPECTED: &str = "expected an address like rediss://:password@redis.example:6380/0";
        let url = Url::parse(url.expose_secret()).map_err(|_| EXPECTED)?;
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
        // Only of an address on the web the parser tells names from numbers.
        let host = url.host_str().and_then(|host| Url::parse(&format!("http://{host}")).ok());
        let in_the_clear = !encrypted && !host.is_some_and(|host| address::is_loopback(&host));
        let info = url.as_str().into_connection_info().map_err(|_| EXPECTED)?;
        let client = Client::open(info).map_err(|_| EXPECTED)?;
        Ok(Self { client, prefix, in_the_clear })
    }
}

impl std::fmt::Debug for RedisConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisConfig").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

fn prefix(text: &str) -> Result<String, &'static str> {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.');
    if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("expected 1 to 64 letters, digits, or - _ : .")
    }
}
