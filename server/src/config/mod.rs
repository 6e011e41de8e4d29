//! File and environment become a [`Config`], or a list of all that is wrong.
//!
//! * [`errors`]: that list.
//! * [`reader`]: one key after the other, every mistake noted.
//! * [`source`]: where values come from: a TOML file, and `CALLDOCK_…` over it.

pub mod errors;
mod reader;
mod source;

use std::net::SocketAddr;
use std::path::Path;

use secrecy::SecretString;
use url::Url;

use crate::address::{self, PlainHttp};
use crate::guard::BrowserPolicy;
use crate::identity::{AgentId, Identity};
use crate::tccc::Credentials;
pub use errors::ConfigErrors;
use reader::Reader;

/// Everything an operator decides. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct Config {
    /// `[listen] address`: where the pages' requests arrive.
    pub listen: SocketAddr,
    /// `[tccc]`.
    pub tccc: TcccConfig,
    /// `[identity]`: who is asking.
    pub identity: Identity,
    /// `[browser]`: which pages may ask.
    pub browser: BrowserPolicy,
}

/// One contact centre and the key to it.
#[derive(Clone, Debug)]
pub struct TcccConfig {
    /// The cloud API.
    pub endpoint: Url,
    /// `X-TC-Region`, which only the international site asks for.
    pub region: Option<String>,
    /// The application.
    pub sdk_app_id: u64,
    /// What calls are signed with.
    pub credentials: Credentials,
    /// Whether `http:` will do for the endpoint and the script; a configuration file cannot say so.
    pub plain_http: PlainHttp,
}

const ENDPOINT: &str = "https://ccc.tencentcloudapi.com/";
const LISTEN: &str = "127.0.0.1:8700";

/// Every key there is. The environment's name for `tccc.secret_id` is `CALLDOCK_TCCC_SECRET_ID`.
pub const KEYS: &[&str] = &[
    "listen.address",
    "tccc.endpoint",
    "tccc.region",
    "tccc.sdk_app_id",
    "tccc.secret_id",
    "tccc.secret_key",
    "tccc.secret_key_file",
    "tccc.token",
    "identity.kind",
    "identity.user_id",
    "browser.allowed_origins",
];

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// Every mistake at once, each with its key and how to mend it, none with a value that may be secret.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(source::read(file, environment)?);
        let listen = reader.parsed("listen.address", Some(LISTEN), address::listen);
        let endpoint = reader.parsed("tccc.endpoint", Some(ENDPOINT), endpoint);
        let region = reader.optional("tccc.region", region);
        let sdk_app_id = reader.sdk_app_id("tccc.sdk_app_id");
        let secret_id = reader.secret("tccc.secret_id");
        let secret_key = reader.secret_or_file("tccc.secret_key", "tccc.secret_key_file", file);
        let token = reader.optional_secret("tccc.token");
        let identity = identity(&mut reader);
        let allowed_origins = reader.list("browser.allowed_origins", origin);
        reader.finish()?;
        let (
            Some(listen),
            Some(endpoint),
            Some(sdk_app_id),
            Some(secret_id),
            Some(secret_key),
            Some(identity),
        ) = (listen, endpoint, sdk_app_id, secret_id, secret_key, identity)
        else {
            return Err(ConfigErrors::one(
                "configuration",
                "a required key was not read",
                "report this",
            ));
        };
        Ok(Self {
            listen,
            tccc: TcccConfig {
                endpoint,
                region,
                sdk_app_id,
                credentials: Credentials { secret_id, secret_key, token },
                plain_http: PlainHttp::Refused,
            },
            identity,
            browser: BrowserPolicy { allowed_origins, loopback_names_only: false },
        })
    }
}

/// The kinds of identity, each with keys of its own.
fn identity(reader: &mut Reader) -> Option<Identity> {
    let kind = reader.parsed("identity.kind", None, |kind| match kind {
        "fixed" => Ok(()),
        _ => Err("expected \"fixed\", the one kind there is so far"),
    });
    let agent = reader.parsed("identity.user_id", None, AgentId::parse);
    kind.and(agent).map(Identity::Fixed)
}

fn endpoint(text: &str) -> Result<Url, &'static str> {
    let url = address::secure_url(text, PlainHttp::Refused)?;
    if url.path() == "/" && url.query().is_none() && url.fragment().is_none() {
        Ok(url)
    } else {
        Err(
            "expected an address without path, query or hash, like https://ccc.tencentcloudapi.com/",
        )
    }
}

fn region(text: &str) -> Result<String, &'static str> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("expected a region's name, like ap-singapore")
    }
}

/// An origin just as a browser writes it, since it is compared letter by letter.
fn origin(text: &str) -> Result<String, &'static str> {
    const EXPECTED: &str = "expected origins as browsers write them, like https://crm.example.com: https (http only for this machine), lower case, no path, no default port, no *";
    let url = address::secure_url(text, PlainHttp::OnLoopback).map_err(|_| EXPECTED)?;
    let origin = url.origin().ascii_serialization();
    if origin == text { Ok(origin) } else { Err(EXPECTED) }
}

/// A credential must fit into a header; and a very short one would be found in every text.
fn credential(text: &str) -> Result<SecretString, &'static str> {
    if (8..=4096).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(text.into())
    } else {
        Err("expected 8 to 4096 visible ASCII characters without spaces")
    }
}
