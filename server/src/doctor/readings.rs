//! `doctor cec --readings`: signs the same visitor in each reading and sees which one the tenant accepts.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::Client;
use url::Url;

use super::checks::cookie::{FORM, four, rest};
use super::finding::{Finding, Said, said};
use super::http::{self, Answer};
use super::trouble::Trouble;
use crate::cec::members::Members;
use crate::cec::readings::{Named, READINGS};
use crate::cec::signer::{BODY_MEMBER, SignError, URI};
use crate::cec::{Channel, Reading, Signer};
use crate::identity::Visitor;
use crate::problem::Remedy;

/// Between an answer and the next question.
pub const SPACING: Duration = Duration::from_millis(200);

/// So many refusals of the tenant's own (5xx) in a row, and it is left alone.
const STORM: usize = 3;

/// The name's letters tell all readings apart: characters that are several bytes, and a slash.
pub const NAME: &str = "张三/Tom";

const OF: &str = "signature";

/// What to try, and where.
pub struct Trial<'a> {
    /// Asks.
    pub client: &'a Client,
    /// The tenant's address.
    pub origin: &'a Url,
    /// The channel.
    pub channel: &'a Channel,
    /// The key, with the reading that is configured.
    pub signer: &'a Signer,
    /// Who is signed in.
    pub visitor: &'a Visitor,
}

/// What came of one reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Which.
    pub named: Named,
    /// How it ended.
    pub outcome: Outcome,
    /// The lines of `[signature]`, if the server can sign so.
    pub lines: Option<Vec<String>>,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A script came.
    Accepted {
        /// And the cookie with it.
        cookie: bool,
    },
    /// It was refused.
    Refused {
        /// With this HTTP status.
        status: u16,
    },
    /// For this visitor it is letter by letter the signature of another reading.
    Same(&'static str),
    /// It was not tried.
    Untried,
}

/// All attempts, and what they mean.
pub struct Tried {
    /// One for each reading.
    pub attempts: Vec<Attempt>,
    /// The meaning.
    pub summary: Finding,
}

/// Why it went no further.
struct Stop(Finding);

/// The readings that are tried: the configured one first if it has no name.
pub fn candidates(configured: &Reading) -> Vec<(Named, Reading)> {
    let mut all: Vec<_> = READINGS.iter().map(|named| (*named, named.reading())).collect();
    if !all.iter().any(|(_, reading)| reading == configured) {
        all.insert(0, (CONFIGURED, configured.clone()));
    }
    all
}

/// A reading that only the configuration has.
pub const CONFIGURED: Named = Named {
    name: "as-configured",
    options: &[],
    meaning: Remedy { en: "what [signature] says now", zh: "[signature] 的现有设置" },
};

impl Trial<'_> {
    /// Tries a forged signature and then each reading, with a pause between.
    pub async fn run(&self) -> Tried {
        let candidates = candidates(&self.signer.reading);
        let sample = Members(rest(millis()).into()).json();
        let mut attempts: Vec<_> = candidates
            .iter()
            .map(|(named, _)| {
                let configured = *named == CONFIGURED;
                let lines = if configured { Some(Vec::new()) } else { named.lines(&sample) };
                Attempt { named: *named, outcome: Outcome::Untried, lines }
            })
            .collect();
        let stop = self.try_each(&candidates, &mut attempts).await.err();
        let summary = match stop {
            Some(Stop(finding)) => finding,
            None => self.summary(&candidates, &attempts),
        };
        Tried { attempts, summary }
    }

    async fn try_each(
        &self,
        candidates: &[(Named, Reading)],
        attempts: &mut [Attempt],
    ) -> Result<(), Stop> {
        let mut storm = 0;
        let forged = self.ask(&Reading::default(), true, &mut storm).await?;
        if matches!(forged, Outcome::Accepted { .. }) {
            return Err(Stop(Finding::failed(
                OF,
                said!(
                    "the tenant took a forged signature: it checks none",
                    "租户接受了伪造的签名：它并不校验签名"
                ),
                said!(
                    "Ask the vendor's operator whether the channel's Authorization mode is switched on.",
                    "请向厂商运维确认该渠道已启用 Authorization 模式。"
                ),
            )));
        }
        let mut signatures: Vec<(String, &'static str)> = Vec::new();
        for ((named, reading), attempt) in candidates.iter().zip(attempts) {
            // All at one time, so that only the reading makes a difference.
            let (signature, _) = self.sign(reading, 1_724_036_645_678, false).map_err(unsigned)?;
            let known = signatures.iter().find(|(known, _)| *known == signature);
            attempt.outcome = match known {
                Some((_, name)) => Outcome::Same(name),
                None => {
                    tokio::time::sleep(SPACING).await;
                    self.ask(reading, false, &mut storm).await?
                }
            };
            signatures.push((signature, named.name));
        }
        Ok(())
    }

    /// One question, as a page asks it.
    async fn ask(
        &self,
        reading: &Reading,
        forged: bool,
        storm: &mut usize,
    ) -> Result<Outcome, Stop> {
        let now = millis();
        let (_, body) = self.sign(reading, now, forged).map_err(unsigned)?;
        let mut url = self.origin.clone();
        url.set_path(URI);
        url.set_query(Some(&format!("&t={now}")));
        let place = crate::address::host_header(&url);
        let answer = http::send(self.client, http::post(&url, FORM, body.json()))
            .await
            .map_err(|trouble: Trouble| Stop(trouble.finding(OF, &place)))?;
        let status = answer.status;
        *storm = if status >= 500 { *storm + 1 } else { 0 };
        if status == 429 || *storm >= STORM {
            return Err(Stop(Finding::failed(
                OF,
                said!(
                    "the tenant asks for quiet (HTTP {status}); stopped",
                    "租户要求停止请求（HTTP {status}），已停止"
                ),
                said!(
                    "Try again later; if it keeps happening, let the vendor's operator know of the trial.",
                    "请稍后重试；若反复出现，请将该试验告知厂商运维。"
                ),
            )));
        }
        if answer.redirect(&url).is_some() || (answer.is_success() && answer.is_html()) {
            return Err(Stop(Finding::failed(
                OF,
                said!(
                    "expected CEC's script or a refusal, found a page or a redirect (HTTP {status})",
                    "期望云客服脚本或拒绝，实际为页面或重定向（HTTP {status}）"
                ),
                said!(
                    "Check cec.origin: something answers in CEC's place, so that no reading can be told from another.",
                    "请检查 cec.origin：有环节代云客服应答，无法分辨各种读法。"
                ),
            )));
        }
        Ok(judge(&answer))
    }

    /// The signature, and the body a page posts with it.
    fn sign(
        &self,
        reading: &Reading,
        millis: u64,
        forged: bool,
    ) -> Result<(String, Members), SignError> {
        let rest = rest(millis);
        let signer = Signer {
            reading: reading.clone(),
            body_sample: Members(rest.to_vec()),
            ..self.signer.clone()
        };
        let at = i64::try_from(millis).map_err(|_| SignError::Clock)?;
        let mut authorization = signer.authorization_at(at, self.channel, self.visitor)?;
        if forged {
            let last = if authorization.pop() == Some('0') { '1' } else { '0' };
            authorization.push(last);
        }
        let mut body = vec![(BODY_MEMBER.to_owned(), authorization.as_str().into())];
        let (visitor, channel) = (self.visitor, self.channel);
        body.extend(four(&visitor.name, &visitor.id, &channel.tenant, &channel.id));
        body.extend(rest);
        Ok((authorization, Members(body)))
    }

    fn summary(&self, candidates: &[(Named, Reading)], attempts: &[Attempt]) -> Finding {
        let accepted = |attempt: &&Attempt| matches!(attempt.outcome, Outcome::Accepted { .. });
        let names: Vec<_> = attempts.iter().filter(accepted).map(|it| it.named.name).collect();
        if names.is_empty() {
            return Finding::failed(
                OF,
                said!("the tenant accepts none of the readings", "租户不接受任何一种读法"),
                said!(
                    "Check cec.secret_key, cec.access_key, cec.tenant_space_id and cec.channel_config_id against what the vendor's operator gave you, and this machine's clock; then show the operator `calldock-server sign cec`.",
                    "请将 cec.secret_key、cec.access_key、cec.tenant_space_id、cec.channel_config_id 与厂商提供的值核对，并检查本机时钟；仍不行时请将 `calldock-server sign cec` 的输出提供给厂商运维。"
                ),
            );
        }
        let list = names.join(", ");
        let found = said!("accepted: {list}", "已接受：{list}");
        let configured = candidates.iter().find(|(_, reading)| *reading == self.signer.reading);
        if configured.is_some_and(|(named, _)| names.contains(&named.name)) {
            return Finding::good(OF, found);
        }
        Finding::warning(
            OF,
            found,
            Said::from(Remedy {
                en: "The configuration has another reading: put the lines below into its [signature] section, in place of what is there.",
                zh: "当前配置为另一种读法：请用下列各行替换配置中 [signature] 段的内容。",
            }),
        )
    }
}

fn judge(answer: &Answer) -> Outcome {
    if answer.is_success() && answer.is_script() {
        Outcome::Accepted { cookie: answer.cookies("ccmessaging-token").next().is_some() }
    } else {
        Outcome::Refused { status: answer.status }
    }
}

fn unsigned(error: SignError) -> Stop {
    let remedy = said!("Set this machine's clock.", "请校准本机时钟。");
    Stop(Finding::failed(OF, Said::plain(error.to_string()), remedy))
}

fn millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}
