//! `doctor cec --readings`: signs the same visitor in each reading to find the one that the tenant accepts.
//!
//! * [`table`]: the readings by name.

pub mod table;

use std::time::Duration;

use calldock_server::address;
use calldock_server::cec::Channel;
use calldock_server::problem::Remedy;
use calldock_signing::Members;
use calldock_signing::auth_v2::{BODY_MEMBER, Reading, SignError, Signer, URI, User};
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use url::Url;

use super::checks::cookie::{FORM, millis, posted, rest};
use super::finding::{Finding, Text, text};
use super::http::{self, Response};
use table::{Named, READINGS};

/// The pause between a response and the next request.
pub const PAUSE: Duration = Duration::from_millis(200);

/// The trial ends after this number of server errors (5xx) in a row.
const MAX_ERRORS: usize = 3;

/// A name whose letters tell all readings apart: several bytes each, and a slash.
pub const NAME: &str = "张三/Tom";

const OF: &str = "signature";

/// The tenant and the key that are tried.
pub struct Trial<'a> {
    /// Sends the requests.
    pub client: &'a Client,
    /// The tenant's address.
    pub origin: &'a Url,
    /// The channel.
    pub channel: &'a Channel,
    /// The key and the configured reading.
    pub signer: &'a Signer,
    /// The id of the visitor that is signed in.
    pub user_id: &'a str,
    /// The visitor's name.
    pub user_name: &'a str,
}

/// The result of one reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The reading.
    pub named: Named,
    /// The outcome.
    pub outcome: Outcome,
    /// The lines of `[signature]`, if the server can use the reading.
    pub lines: Option<Vec<String>>,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The tenant sent its script.
    Accepted {
        /// Whether the cookie was set.
        cookie: bool,
    },
    /// The tenant refused it.
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// For this visitor its signature equals that of another reading.
    Same(&'static str),
    /// It was not tried.
    Untried,
}

/// Returns the readings that are tried: the configured one first if it has no name.
pub fn candidates(configured: &Reading) -> Vec<(Named, Reading)> {
    let mut all: Vec<_> = READINGS.iter().map(|named| (*named, named.reading())).collect();
    if !all.iter().any(|(_, reading)| reading == configured) {
        all.insert(0, (CONFIGURED, configured.clone()));
    }
    all
}

/// The configured reading, if it has no name.
pub const CONFIGURED: Named = Named {
    name: "as-configured",
    options: &[],
    meaning: Remedy { en: "what [signature] has now", zh: "[signature] 的现有设置" },
};

impl Trial<'_> {
    /// Tries a forged signature and then each reading, with a pause between. Returns an attempt for each, and the
    /// conclusion.
    pub async fn run(&self) -> (Vec<Attempt>, Finding) {
        let candidates = candidates(&self.signer.reading);
        let sample = rest(millis()).json();
        let mut attempts: Vec<_> = candidates
            .iter()
            .map(|(named, _)| {
                let configured = *named == CONFIGURED;
                let lines = if configured { Some(Vec::new()) } else { named.lines(&sample) };
                Attempt { named: *named, outcome: Outcome::Untried, lines }
            })
            .collect();
        let stop = self.try_each(&candidates, &mut attempts).await.err();
        let summary = stop.unwrap_or_else(|| self.summary(&candidates, &attempts));
        (attempts, summary)
    }

    async fn try_each(
        &self,
        candidates: &[(Named, Reading)],
        attempts: &mut [Attempt],
    ) -> Result<(), Finding> {
        let mut errors = 0;
        let forged = self.attempt(&Reading::default(), true, &mut errors).await?;
        if matches!(forged, Outcome::Accepted { .. }) {
            return Err(Finding::failed(
                OF,
                text!(
                    "the tenant accepted a forged signature: it checks none",
                    "租户接受了伪造的签名：它并不校验签名"
                ),
                text!(
                    "Ask the vendor's operator whether the channel's Authorization mode is switched on.",
                    "请向厂商运维确认该渠道已启用 Authorization 模式。"
                ),
            ));
        }
        let mut signatures: Vec<(String, &'static str)> = Vec::new();
        for ((named, reading), attempt) in candidates.iter().zip(attempts) {
            // All at the same time, so that only the reading differs.
            let (signature, _) = self
                .sign(reading, 1_724_036_645_678, false)
                .map_err(|error| Finding::unsigned(OF, error))?;
            let known = signatures.iter().find(|(known, _)| *known == signature);
            attempt.outcome = match known {
                Some((_, name)) => Outcome::Same(name),
                None => {
                    tokio::time::sleep(PAUSE).await;
                    self.attempt(reading, false, &mut errors).await?
                }
            };
            signatures.push((signature, named.name));
        }
        Ok(())
    }

    /// Sends one request, as a page does.
    async fn attempt(
        &self,
        reading: &Reading,
        forged: bool,
        errors: &mut usize,
    ) -> Result<Outcome, Finding> {
        let now = millis();
        let (_, body) =
            self.sign(reading, now, forged).map_err(|error| Finding::unsigned(OF, error))?;
        let mut url = self.origin.clone();
        url.set_path(URI);
        url.set_query(Some(&format!("&t={now}")));
        let request = self.client.post(url.clone()).header(CONTENT_TYPE, FORM).body(body.json());
        let response = http::send(request)
            .await
            .map_err(|error| error.finding(OF, &address::host_header(&url)))?;
        let status = response.status;
        *errors = if status >= 500 { *errors + 1 } else { 0 };
        if status == 429 || *errors >= MAX_ERRORS {
            return Err(Finding::failed(
                OF,
                text!(
                    "the tenant limits requests (HTTP {status}); stopped",
                    "租户要求停止请求（HTTP {status}），已停止"
                ),
                text!(
                    "Try again later; if it keeps happening, tell the vendor's operator about the trial.",
                    "请稍后重试；若反复出现，请将该试验告知厂商运维。"
                ),
            ));
        }
        if response.redirect(&url).is_some() || (response.is_success() && response.is_html()) {
            return Err(Finding::failed(
                OF,
                text!(
                    "expected CEC's script or a refusal, found an HTML page or a redirect (HTTP {status})",
                    "期望云客服脚本或拒绝，实际为页面或重定向（HTTP {status}）"
                ),
                text!(
                    "Check the edge's cec.origin: something responds in CEC's place, so that readings cannot be told apart.",
                    "请检查边缘代理的 cec.origin：有环节代云客服响应，无法分辨各种读法。"
                ),
            ));
        }
        Ok(judge(&response))
    }

    /// Signs in a reading; returns the authorization and the body that a page posts with it.
    fn sign(
        &self,
        reading: &Reading,
        millis: u64,
        forged: bool,
    ) -> Result<(String, Members), SignError> {
        let signer =
            Signer { reading: reading.clone(), body_sample: rest(millis), ..self.signer.clone() };
        let user = User {
            name: self.user_name,
            id: self.user_id,
            tenant_space_id: &self.channel.tenant,
            channel_config_id: &self.channel.id,
        };
        let at = i64::try_from(millis).map_err(|_| SignError::Timestamp)?;
        let mut authorization = signer.sign(at, &user)?.authorization;
        if forged {
            let last = if authorization.pop() == Some('0') { '1' } else { '0' };
            authorization.push(last);
        }
        let body = posted(BODY_MEMBER, &authorization, &user, millis);
        Ok((authorization, body))
    }

    fn summary(&self, candidates: &[(Named, Reading)], attempts: &[Attempt]) -> Finding {
        let accepted = |attempt: &&Attempt| matches!(attempt.outcome, Outcome::Accepted { .. });
        let names: Vec<_> = attempts.iter().filter(accepted).map(|it| it.named.name).collect();
        if names.is_empty() {
            return Finding::failed(
                OF,
                text!("the tenant accepts none of the readings", "租户不接受任何一种读法"),
                text!(
                    "Check cec.secret_key, cec.access_key, cec.tenant_space_id and cec.channel_config_id against what the vendor's operator gave you, and this machine's clock; then show the operator `calldock-admin sign cec`.",
                    "请将 cec.secret_key、cec.access_key、cec.tenant_space_id、cec.channel_config_id 与厂商提供的值核对，并检查本机时钟；仍不行时请将 `calldock-admin sign cec` 的输出提供给厂商运维。"
                ),
            );
        }
        let list = names.join(", ");
        let found = text!("accepted: {list}", "已接受：{list}");
        let configured = candidates.iter().find(|(_, reading)| *reading == self.signer.reading);
        if configured.is_some_and(|(named, _)| names.contains(&named.name)) {
            return Finding::good(OF, found);
        }
        Finding::warning(
            OF,
            found,
            Text::from(Remedy {
                en: "The configuration has another reading: replace its [signature] section with the lines below.",
                zh: "当前配置为另一种读法：请用下列各行替换配置中 [signature] 段的内容。",
            }),
        )
    }
}

fn judge(response: &Response) -> Outcome {
    if response.is_success() && response.is_script() {
        Outcome::Accepted { cookie: response.cookies("ccmessaging-token").next().is_some() }
    } else {
        Outcome::Refused { status: response.status }
    }
}
