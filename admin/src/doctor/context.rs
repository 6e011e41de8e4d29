//! What the checks read.

use std::sync::{Arc, Mutex, PoisonError};

use calldock_server::address::{self, PlainHttp};
use calldock_server::cec::settings::{CecMode, CecSettings};
use calldock_server::config::Config;
use calldock_server::identity::AgentId;
use calldock_server::tccc::{HttpTransport, Transport};
use calldock_signing::auth_v2::Signer;
use reqwest::Client;
use url::Url;

use super::edge::Edge;
use super::http::{self, Response};
use super::network_error::NetworkError;

/// A documented GET of CEC that changes nothing; without the cookie CEC refuses it in its own format.
pub const CEC_PATH: &str =
    "/service-cloud/rest/webadapter/v1/webadapterfacade/queryChannelConfigByChannelAndId";

/// A part of the configuration that can be checked alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Tencent Cloud Contact Center.
    Tccc,
    /// Huawei Cloud CEC.
    Cec,
}

/// The command line's options.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Checks one part alone.
    pub only: Option<Part>,
    /// The running site, with the prefix of `/service-cloud` if there is one.
    pub site: Option<Url>,
    /// The URL that CEC sends its questions about tokens to.
    pub callback: Option<Url>,
    /// An agent for whom one login is made.
    pub agent: Option<AgentId>,
}

/// The address of a vendor, and its first response.
pub struct Contact {
    /// The key it is configured by.
    pub key: &'static str,
    /// The address.
    pub url: Url,
    /// The response to a request that changes nothing.
    pub response: Result<Response, NetworkError>,
}

impl Contact {
    async fn new(key: &'static str, url: &Url, client: &Client, path: &str) -> Self {
        let mut request = url.clone();
        request.set_path(path);
        Self { key, url: url.clone(), response: http::send(client.get(request)).await }
    }

    /// Returns host and port.
    pub fn place(&self) -> String {
        address::host_header(&self.url)
    }
}

/// What the checks read.
pub struct Context {
    /// The server's configuration.
    pub config: Config,
    /// The command line's options.
    pub options: Options,
    /// Sends calls to TCCC.
    pub transport: Arc<dyn Transport>,
    /// The edge's configuration, if it was given.
    pub edge: Option<Edge>,
    /// The vendors' addresses.
    pub contacts: Vec<Contact>,
    /// Requests the running site, if one was given.
    pub site: Option<Client>,
    failed: Mutex<Vec<&'static str>>,
}

impl Context {
    /// Sends the first request to each vendor.
    ///
    /// # Errors
    /// The system trusts no certificate authority.
    pub async fn new(
        config: Config,
        edge: Option<Edge>,
        options: Options,
    ) -> Result<Self, reqwest::Error> {
        let wants = |part| options.only.is_none_or(|only| only == part);
        let plain = config.tccc.as_ref().map_or(PlainHttp::Refused, |tccc| tccc.plain_http);
        let transport = Arc::new(HttpTransport::new(plain, http::TIMEOUT)?);
        let mut contacts = Vec::new();
        if let Some(tccc) = config.tccc.as_ref().filter(|_| wants(Part::Tccc)) {
            let client = http::client(tccc.plain_http)?;
            contacts.push(Contact::new("tccc.endpoint", &tccc.endpoint, &client, "/").await);
        }
        if let Some(edge) = edge.as_ref().filter(|_| wants(Part::Cec)) {
            let contact = Contact::new("cec.origin", &edge.origin, &edge.client, CEC_PATH);
            contacts.push(contact.await);
        }
        let site = options.site.as_ref().map(|url| http::client(http::plain_for(url)));
        let site = site.transpose()?;
        Ok(Self { config, options, transport, edge, contacts, site, failed: Mutex::default() })
    }

    /// Returns whether a part is checked.
    pub fn wants(&self, part: Part) -> bool {
        self.options.only.is_none_or(|only| only == part)
    }

    /// Finds the contact of a configuration key.
    pub fn contact(&self, key: &str) -> Option<&Contact> {
        self.contacts.iter().find(|contact| contact.key == key)
    }

    /// Returns `[cec]`, if it is checked.
    pub fn cec(&self) -> Option<&CecSettings> {
        self.config.cec.as_ref().filter(|_| self.wants(Part::Cec))
    }

    /// Returns the site's client and the URL of a path below its prefix, if a site was given.
    pub fn on_site(&self, path_and_query: &str) -> Option<(&Client, Url)> {
        let (client, base) = (self.site.as_ref()?, self.options.site.as_ref()?);
        let prefix = base.path().trim_end_matches('/');
        Some((client, base.join(&format!("{prefix}{path_and_query}")).ok()?))
    }

    /// Returns whether an earlier check failed.
    pub fn has_failed(&self, check: &str) -> bool {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).contains(&check)
    }

    /// Marks a check as failed, for the checks after it.
    pub fn set_failed(&self, check: &'static str) {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).push(check);
    }
}

/// Returns the signer of the Authorization mode, if a login uses it.
pub fn signer(cec: &CecSettings) -> Option<&Signer> {
    match &cec.mode {
        CecMode::Authorization(signer) => Some(signer),
        CecMode::Token { .. } => None,
    }
}
