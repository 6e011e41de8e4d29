//! The way to a backend: HTTP, following nothing and keeping the cookies of its own session.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use ureq::http::{Request, Response};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use super::options::Settings;
use super::wire::{Answer, Ask, Backend};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often, and how long at most, a backend that asks for time is given it.
const RETRIES: u32 = 5;
const LONGEST_PAUSE: u64 = 30;

/// No answer of a route has a hundredth of that.
const LIMIT: u64 = 1024 * 1024;

/// A backend at the end of a wire.
pub struct Http {
    agent: Agent,
    session: Vec<(String, String)>,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Http {
    /// A client for the backend of the settings.
    pub fn new(settings: &Settings) -> Result<Self> {
        let url = url::Url::parse(&settings.base)?;
        // `SSL_CERT_FILE` names the authority of a test system.
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            .user_agent("calldock-conformance")
            .tls_config(tls);
        let config = if is_loopback(&url) { config.proxy(None) } else { config };
        Ok(Self {
            agent: config.build().new_agent(),
            session: settings.session.clone(),
            cookies: Mutex::default(),
        })
    }

    fn send(&self, ask: &Ask) -> Result<Response<Body>> {
        let mut request = Request::builder().method(ask.method).uri(&ask.url);
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        if ask.session {
            let mut cookies: Vec<_> =
                self.cookies().iter().map(|(n, v)| format!("{n}={v}")).collect();
            for (name, value) in &self.session {
                if name.eq_ignore_ascii_case("cookie") {
                    cookies.insert(0, value.clone());
                } else {
                    request = request.header(name, value);
                }
            }
            if !cookies.is_empty() {
                request = request.header("cookie", cookies.join("; "));
            }
        }
        let response = match (&ask.body, ask.method) {
            (None, "GET" | "OPTIONS") => self.agent.run(request.body(())?),
            (body, _) => self.agent.run(request.body(body.clone().unwrap_or_default())?),
        };
        Ok(response?)
    }

    fn read(&self, ask: &Ask, response: Response<Body>) -> Result<Answer> {
        let (parts, mut body) = response.into_parts();
        let headers = parts.headers.iter();
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers: Vec<_> =
            headers.map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect();
        if ask.session {
            for (name, value) in &headers {
                if let ("set-cookie", Some((name, value))) = (name.as_str(), pair(value)) {
                    self.cookies().insert(name.to_owned(), value.to_owned());
                }
            }
        }
        let body = body.with_config().limit(LIMIT).read_to_vec()?;
        Ok(Answer { status: parts.status.as_u16(), headers, body: text(&body) })
    }

    fn cookies(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Backend for Http {
    fn ask(&self, ask: &Ask) -> Result<Answer, String> {
        let exchange = || {
            let answer = self.send(ask).and_then(|response| self.read(ask, response));
            answer.map_err(|error| format!("none ({error:#})"))
        };
        let mut answer = exchange()?;
        for _ in 0..RETRIES {
            let Some(seconds) = asked_to_wait(&answer) else { break };
            std::thread::sleep(Duration::from_secs(seconds));
            answer = exchange()?;
        }
        Ok(answer)
    }
}

/// The seconds a limit or an overload asks for.
fn asked_to_wait(answer: &Answer) -> Option<u64> {
    let seconds = answer.header("retry-after").parse().ok()?;
    (matches!(answer.status, 429 | 503) && seconds <= LONGEST_PAUSE).then_some(seconds)
}

/// `name=value; Path=/` → name and value.
fn pair(cookie: &str) -> Option<(&str, &str)> {
    cookie.split(';').next()?.trim().split_once('=')
}

fn is_loopback(url: &url::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
