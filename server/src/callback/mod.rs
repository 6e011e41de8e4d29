//! CEC's question about a token: who may ask, how often, and over which listener.
//!
//! * [`certificates`]: the certificates of the callback's own listener.

pub mod certificates;

use axum::http::StatusCode;
use calldock_contract::Code;

use crate::caller::{Caller, Gateways};
use crate::cec::Tokens;
use crate::config::CallbackConfig;
use crate::limits;
use crate::observe::metrics;
use crate::problem::{Refusal, Remedy};
use crate::store::{Limit, Store, Unavailable, Wait};
pub use certificates::{Certificates, TlsFiles};

/// What the callback's route needs.
#[derive(Debug)]
pub struct Callback {
    /// What is asked about.
    pub tokens: Tokens,
    callers: Option<Gateways>,
    limit: Option<Limit>,
}

impl Callback {
    /// Questions about these tokens, by whoever the configuration names.
    pub fn new(tokens: Tokens, config: &CallbackConfig, store: &Store) -> Self {
        let limit = config.rate.map(|rate| store.limit("callback", rate.quota()));
        Self { tokens, callers: config.callers.clone(), limit }
    }

    /// Whether the caller's question is to be looked at. A stranger hears the same as whoever has a wrong
    /// token, after the same work: not even the list of callers can be found out.
    ///
    /// # Errors
    /// A [`Refusal`], 429: it tells nothing but how often one has asked.
    pub async fn admits(&self, caller: Option<&Caller>) -> Result<bool, Refusal> {
        if let Some(limit) = &self.limit {
            // Whoever is not known is one with everybody else who is not.
            let who = caller.map_or([0; 32], |caller| limits::of_address(caller.address));
            match limit.take(&who).await {
                Ok(Ok(())) => {}
                Ok(Err(wait)) => {
                    metrics::limit_refused("callback");
                    return Err(too_often(wait));
                }
                Err(Unavailable) => return Ok(false),
            }
        }
        let Some(callers) = &self.callers else { return Ok(true) };
        let listed = caller.is_some_and(|caller| callers.contains(caller.address));
        if !listed {
            tracing::warn!("somebody outside callback.callers asked about a token: refused");
        }
        Ok(listed)
    }
}

fn too_often(wait: Wait) -> Refusal {
    let detail = "Too many questions about tokens came from one address.";
    Refusal::new(StatusCode::TOO_MANY_REQUESTS, Code::LoginFailed, detail)
        .with_remedy(Remedy {
            en: "Ask again after the seconds in Retry-After; if CEC itself is refused, raise callback.rate.",
            zh: "请在 Retry-After 所示秒数后重试；若被拒绝的是 CEC 本身，请调大 callback.rate。",
        })
        .with_retry_after(Some(wait.seconds()))
}
