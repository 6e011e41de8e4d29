//! What the checks look at.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::Client;
use url::Url;

use super::checks::{self, CHECKS, Check};
use super::door::{Door, Site};
use super::finding::{Finding, Said, said};
use super::http::{self, Answer};
use super::report::Row;
use super::trouble::Trouble;
use crate::address::PlainHttp;
use crate::app::App;
use crate::config::{CecConfig, CecMode, Config, ProxyConfig, StoreConfig};
use crate::identity::OpenError;
use crate::proxy::client;
use crate::routes;
use crate::tccc::{HttpTransport, Transport};

/// One check may take this long, and all of them together [`WHOLE`]; the first questions before them have
/// [`http::PATIENCE`] each.
const CHECK: Duration = Duration::from_secs(20);
/// See [`CHECK`].
const WHOLE: Duration = Duration::from_secs(60);

/// A part of the configuration that can be looked at alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Tencent Cloud Contact Center.
    Tccc,
    /// Huawei Cloud CEC.
    Cec,
}

/// What the operator says beside the configuration.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// One part alone.
    pub only: Option<Part>,
    /// The running site, as pages see it.
    pub site: Option<Url>,
    /// The address CEC asks about tokens at.
    pub callback: Option<Url>,
}

/// A vendor's address, and what it said at first.
pub struct Contact {
    /// The key it is configured by.
    pub key: &'static str,
    /// The address.
    pub url: Url,
    /// What it said to a question that changes nothing.
    pub answer: Result<Answer, Trouble>,
}

impl Contact {
    /// The address's host and port.
    pub fn place(&self) -> String {
        crate::address::host_header(&self.url)
    }
}

/// What the checks look at.
pub struct Examination {
    /// The configuration, which was whole.
    pub config: Config,
    /// What was asked for.
    pub asked: Asked,
    /// How calls travel to TCCC.
    pub transport: Arc<dyn Transport>,
    /// Each vendor's address.
    pub contacts: Vec<Contact>,
    /// The way to CEC that pages take, if there is one.
    pub site: Option<Site>,
    failed: Mutex<Vec<&'static str>>,
}

impl Examination {
    /// Prepares: the vendors are asked for the first time.
    ///
    /// # Errors
    /// The system has no certificate authorities to trust.
    pub async fn begin(config: Config, asked: Asked) -> Result<Self, OpenError> {
        let plain = config.tccc.as_ref().map_or(PlainHttp::Refused, |tccc| tccc.plain_http);
        let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new(plain, http::PATIENCE)?);
        let site = site(&config, &asked, Arc::clone(&transport))?;
        let mut contacts = Vec::new();
        let wants = |part| asked.only.is_none_or(|only| only == part);
        if let Some(tccc) = config.tccc.as_ref().filter(|_| wants(Part::Tccc)) {
            let client = http::client(tccc.plain_http)?;
            contacts.push(contact("tccc.endpoint", &tccc.endpoint, &client, "/").await);
        }
        let cec = config.cec.as_ref().filter(|_| wants(Part::Cec));
        if let Some(proxy) = cec.and_then(|cec| cec.proxy.as_ref()) {
            let client = client_to_cec(proxy)?;
            let question = checks::proxy::QUESTION;
            contacts.push(contact("cec.origin", &proxy.origin, &client, question).await);
        }
        Ok(Self { config, asked, transport, contacts, site, failed: Mutex::default() })
    }

    /// Whether this part is looked at.
    pub fn wants(&self, part: Part) -> bool {
        self.asked.only.is_none_or(|only| only == part)
    }

    /// The vendor's address of this key, if it is configured.
    pub fn contact(&self, key: &str) -> Option<&Contact> {
        self.contacts.iter().find(|contact| contact.key == key)
    }

    /// `[cec]`, if it is looked at.
    pub fn cec(&self) -> Option<&CecConfig> {
        self.config.cec.as_ref().filter(|_| self.wants(Part::Cec))
    }

    /// Whether a login mints tokens, so that CEC has something to ask.
    pub fn mints_tokens(&self) -> bool {
        let logins = self.cec().into_iter().flat_map(|cec| &cec.logins);
        logins.map(|login| &login.mode).any(|mode| matches!(mode, CecMode::Token(_)))
    }

    /// Whether a check before this one failed.
    pub fn has_failed(&self, check: &str) -> bool {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).contains(&check)
    }

    /// Every check after the other, each within its time.
    pub async fn run(&self) -> Vec<Row> {
        let end = tokio::time::Instant::now() + WHOLE;
        let mut rows = Vec::new();
        for check in &CHECKS {
            let limit = end.min(tokio::time::Instant::now() + CHECK);
            let findings = match tokio::time::timeout_at(limit, (check.run)(self)).await {
                Ok(findings) => findings,
                Err(_) => vec![late(check)],
            };
            if findings.iter().any(Finding::is_bad) {
                self.failed.lock().unwrap_or_else(PoisonError::into_inner).push(check.name);
            }
            rows.extend(findings.into_iter().map(|finding| Row::of(check, finding)));
        }
        rows
    }
}

/// Asks an address for the first time.
async fn contact(key: &'static str, url: &Url, client: &Client, path: &str) -> Contact {
    let mut question = url.clone();
    question.set_path(path);
    Contact { key, url: url.clone(), answer: http::send(client, http::get(&question)).await }
}

/// The way to CEC that the proxy has: its authorities, its address.
///
/// # Errors
/// The system has no certificate authorities to trust.
pub fn client_to_cec(proxy: &ProxyConfig) -> Result<Client, reqwest::Error> {
    client::client(proxy)
}

fn late(check: &Check) -> Finding {
    Finding::failed(
        check.name,
        said!("it was not done in time", "未在时限内完成"),
        said!(
            "Try again; if it keeps happening, look for what is slow between this machine and the vendor.",
            "请重试；若反复出现，请查找本机与厂商之间的缓慢环节。"
        ),
    )
}

/// The running site if one was named, else our own routes.
fn site(
    config: &Config,
    asked: &Asked,
    transport: Arc<dyn Transport>,
) -> Result<Option<Site>, OpenError> {
    if let Some(base) = &asked.site {
        let client = http::client(plain_for(base))?;
        return Ok(Some(Site { door: Door::There(client), base: base.clone() }));
    }
    let Some(proxy) = config.cec.as_ref().and_then(|cec| cec.proxy.as_ref()) else {
        return Ok(None);
    };
    // Browsers treat the demo's localhost as they treat https.
    let scheme = if proxy.plain_http == PlainHttp::OnLoopback { "http" } else { "https" };
    let Ok(base) = Url::parse(&format!("{scheme}://localhost/")) else { return Ok(None) };
    let app = App::new(proxy_alone(config), transport, None)?;
    Ok(Some(Site { door: Door::Here(Box::new(routes::router(app))), base }))
}

/// The way to CEC and nothing else: no accounts are opened and no store is asked for it.
fn proxy_alone(config: &Config) -> Config {
    let cec = config.cec.clone().map(|cec| CecConfig { logins: Vec::new(), ..cec });
    let store = StoreConfig::Memory;
    Config { tccc: None, identity: None, chat: None, cec, store, ..config.clone() }
}

/// Plain HTTP will do on this machine, where tests and trials are.
pub fn plain_for(url: &Url) -> PlainHttp {
    if url.scheme() == "http" { PlainHttp::OnLoopback } else { PlainHttp::Refused }
}

/// What is said where something before failed.
pub fn after(of: &'static str, before: &str) -> Finding {
    Finding::skipped(
        of,
        said!("not looked at: {before} failed", "未检查：{before} 未通过"),
        None::<Said>,
    )
}
