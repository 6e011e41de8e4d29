//! What the vendor's calls are signed with: a fixed key, or temporary ones of a cloud role.
//!
//! * [`cvm`]: the role of a virtual machine, from its metadata service.
//! * [`web_identity`]: a role for a token of the cluster's own (`AssumeRoleWithWebIdentity`).
//!
//! Keys are wiped when they are dropped. What leaves the server is the headers of a call (`Authorization`
//! with the SecretId, `X-TC-Token`).

mod cvm;
mod web_identity;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;
use url::Url;

use crate::fetch::{self, FetchError};

/// A key pair of the vendor's, with the session token that temporary ones have. `Debug` shows none of it.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// SecretId: names the key.
    pub secret_id: SecretString,
    /// SecretKey: signs.
    pub secret_key: SecretString,
    /// The session token of temporary credentials (`X-TC-Token`).
    pub token: Option<SecretString>,
}

impl Credentials {
    /// Whether a text from outside holds one of the secrets, so that it must not be passed on.
    pub fn leak_in(&self, text: &str) -> bool {
        [Some(&self.secret_id), Some(&self.secret_key), self.token.as_ref()]
            .into_iter()
            .flatten()
            .any(|secret| text.contains(secret.expose_secret()))
    }
}

impl PartialEq for Credentials {
    fn eq(&self, other: &Self) -> bool {
        fn texts(keys: &Credentials) -> [Option<&str>; 3] {
            [Some(&keys.secret_id), Some(&keys.secret_key), keys.token.as_ref()]
                .map(|text| text.map(|text| text.expose_secret()))
        }
        texts(self) == texts(other)
    }
}

/// Where the credentials come from.
#[derive(Clone, Debug, PartialEq)]
pub enum CredentialSource {
    /// `tccc.secret_id` and `tccc.secret_key`.
    Fixed(Credentials),
    /// `tccc.credentials = "cvm"`.
    Cvm {
        /// The metadata service, `http://metadata.tencentyun.com/`.
        metadata: Url,
        /// The role bound to the machine; without it, the first that the service names.
        role: Option<String>,
    },
    /// `tccc.credentials = "web-identity"`.
    WebIdentity {
        /// The security token service, `https://sts.tencentcloudapi.com/`.
        sts: Url,
        /// The region the service is asked in.
        region: String,
        /// The identity provider's name.
        provider_id: String,
        /// The role's ARN.
        role_arn: String,
        /// The file that holds the token; the cluster renews it.
        token_file: PathBuf,
    },
}

/// No credentials could be had; what was wrong, without anything that came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoCredentials(pub &'static str);

/// Temporary credentials and their end.
struct Temporary {
    credentials: Credentials,
    end: SystemTime,
}

/// Temporary credentials are renewed so long before their end.
const AHEAD: Duration = Duration::from_secs(300);
/// The longest that temporary credentials last.
const LONGEST: Duration = Duration::from_secs(12 * 3600);
/// After a failure there is no attempt for so long: the former ones are used, or the failure is told at once.
const PAUSE: Duration = Duration::from_secs(10);
/// A metadata service or STS that takes longer is treated as unreachable.
const TIMEOUT: Duration = Duration::from_secs(3);
/// Their responses have a kilobyte or two.
const LIMIT: usize = 64 * 1024;

/// The credentials in use. They are fetched when they are first needed, and again before they end.
pub struct CredentialProvider {
    source: CredentialSource,
    client: Option<reqwest::Client>,
    current: RwLock<Option<(Arc<Credentials>, SystemTime)>>,
    /// One caller at a time fetches. Inside: when and why that failed last.
    fetching: tokio::sync::Mutex<Option<(Instant, NoCredentials)>>,
}

impl CredentialProvider {
    /// A provider; nothing is fetched yet.
    pub fn new(source: CredentialSource) -> Self {
        let current = match &source {
            CredentialSource::Fixed(credentials) => {
                Some((Arc::new(credentials.clone()), SystemTime::UNIX_EPOCH))
            }
            _ => None,
        };
        // The metadata service has no certificate, and no service is behind a proxy.
        let client = || fetch::builder(TIMEOUT, fetch::AGENT).no_proxy().build().ok();
        Self {
            client: if current.is_none() { client() } else { None },
            source,
            current: RwLock::new(current),
            fetching: tokio::sync::Mutex::new(None),
        }
    }

    /// A provider for a new configuration: this one where the source is the same.
    pub fn after(self: &Arc<Self>, new: &Arc<Self>) -> Arc<Self> {
        Arc::clone(if self.source == new.source { self } else { new })
    }

    /// Credentials to sign one call with.
    ///
    /// # Errors
    /// [`NoCredentials`] where there are none that have not ended.
    pub async fn current(&self) -> Result<Arc<Credentials>, NoCredentials> {
        let known = self.known();
        if let Some((credentials, end)) = &known {
            let fixed = matches!(self.source, CredentialSource::Fixed(_));
            if fixed || SystemTime::now() + AHEAD < *end {
                return Ok(Arc::clone(credentials));
            }
        }
        let usable = known.filter(|(_, end)| SystemTime::now() < *end);
        let mut failed = match (&usable, self.fetching.try_lock()) {
            (_, Ok(guard)) => guard,
            // Another caller renews them; these have not ended.
            (Some((credentials, _)), Err(_)) => return Ok(Arc::clone(credentials)),
            (None, Err(_)) => self.fetching.lock().await,
        };
        // Renewed by the caller before this one.
        if let Some((credentials, end)) = self.known()
            && SystemTime::now() + AHEAD < end
        {
            return Ok(credentials);
        }
        let usable = usable.map(|(credentials, _)| credentials);
        if let Some((_, error)) = failed.filter(|(at, _)| at.elapsed() < PAUSE) {
            return usable.ok_or(error);
        }
        match self.fetch().await {
            Ok(Temporary { credentials, end }) => {
                *failed = None;
                let credentials = Arc::new(credentials);
                *self.current.write().unwrap_or_else(PoisonError::into_inner) =
                    Some((Arc::clone(&credentials), end));
                tracing::info!("temporary credentials renewed");
                Ok(credentials)
            }
            Err(error) => {
                tracing::error!(%error, "no temporary credentials");
                *failed = Some((Instant::now(), error));
                usable.ok_or(error)
            }
        }
    }

    /// Whether a text repeats a secret of those in use.
    pub fn leak_in(&self, text: &str) -> bool {
        self.known().is_some_and(|(credentials, _)| credentials.leak_in(text))
    }

    fn known(&self) -> Option<(Arc<Credentials>, SystemTime)> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn fetch(&self) -> Result<Temporary, NoCredentials> {
        let client = self.client.as_ref().ok_or(NoCredentials("no HTTP client could be made"))?;
        match &self.source {
            CredentialSource::Fixed(_) => Err(NoCredentials("fixed credentials are not fetched")),
            CredentialSource::Cvm { metadata, role } => {
                cvm::fetch(client, metadata, role.as_deref()).await
            }
            CredentialSource::WebIdentity { sts, region, provider_id, role_arn, token_file } => {
                let identity = web_identity::Identity { provider_id, role_arn, token_file };
                web_identity::fetch(client, sts, region, identity).await
            }
        }
    }
}

/// The body of a response, if it is short and its status is 200.
async fn body(
    request: reqwest::RequestBuilder,
    unreachable: NoCredentials,
    refused: NoCredentials,
) -> Result<Vec<u8>, NoCredentials> {
    match fetch::send(request, LIMIT).await {
        Ok(response) if response.status == 200 => Ok(response.body),
        Ok(_) | Err(FetchError::TooLarge) => Err(refused),
        Err(_) => Err(unreachable),
    }
}

/// The end that a service names, and no later than temporary credentials can last: a time in another unit would
/// never come.
fn end(seconds: u64) -> SystemTime {
    let latest = SystemTime::now() + LONGEST;
    let named = UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
    named.map_or(latest, |end| end.min(latest))
}

#[cfg(test)]
mod tests;
