//! The vendor's scripts: fetched with what vouches for the visitor, and run once a page.

use std::cell::RefCell;

use calldock_contract::cec_chat::is_page;
use calldock_contract::{CecLogin, Code, Error};
use gloo_net::http::Request;
use js_sys::{Date, JSON, JsString, Object};
use web_sys::{AbortSignal, RequestCredentials};

use super::options::Options;
use crate::error::Failure;
use crate::host;
use crate::page::inline;
use crate::page::policy::{Wanted, Watch};
use crate::page::progress::Progress;

/// The vendor's scripts, beneath the context path.
const SCRIPTS: &str = "/webclient/chat_client/js/";

thread_local! {
    /// The visitor whose chat has begun to run: the scripts run once a page.
    static RAN: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A script of the vendor's that was run.
pub struct Run {
    /// Its name.
    pub name: &'static str,
    /// How long its text is.
    pub bytes: usize,
    /// What it threw while it ran.
    pub thrown: Option<String>,
}

/// Refuses to begin in a page in which a chat has run.
///
/// # Errors
/// [`Code::AlreadyOpen`]: the vendor's scripts cannot run twice in one page.
pub fn refuse_a_second_run(login: &CecLogin) -> Result<(), Failure> {
    let Some(user_id) = RAN.with(|ran| ran.borrow().clone()) else { return Ok(()) };
    let found = if user_id == login.third_user_id {
        "one that has run already"
    } else {
        "one that has run already for another visitor"
    };
    let expected = "a page in which the vendor's chat has not run";
    Err(Error::unexpected(Code::AlreadyOpen, "the chat", expected, found).into())
}

/// How the vendor's scripts are fetched and run.
pub struct Fetch<'a> {
    /// What the chat was asked with.
    pub options: &'a Options,
    /// Who chats.
    pub login: &'a CecLogin,
    /// Stops a request under way.
    pub stop: &'a AbortSignal,
    /// How far the chat is.
    pub progress: &'a Progress,
}

impl Fetch<'_> {
    /// Fetches a script and runs it.
    ///
    /// # Errors
    /// [`Code::Network`], [`Code::CspBlocked`], [`Code::TrustedTypesBlocked`]; [`Code::VendorRejected`] for
    /// anything but a script.
    pub async fn run(&self, name: &'static str, user_data: &Object) -> Result<Run, Failure> {
        self.progress.enter(name);
        let text = self.text(name, user_data).await?;
        host::log("script", "script.injected", &[("url", name.into())]);
        let before = RAN.replace(Some(self.login.third_user_id.clone()));
        let thrown = inline::run(&text, self.options.nonce.as_deref()).await.inspect_err(|_| {
            // It has not run, so the page may try again.
            RAN.set(before);
        })?;
        if let Some(thrown) = &thrown {
            host::log(
                "error",
                "script.threw",
                &[("url", name.into()), ("message", thrown.as_str().into())],
            );
        }
        Ok(Run { name, bytes: text.len(), thrown })
    }

    async fn text(&self, name: &str, user_data: &Object) -> Result<String, Failure> {
        let context = &self.options.context;
        let address =
            [&context.address, SCRIPTS, name, "?&t=", &(Date::now() as u64).to_string()].concat();
        let watch = Watch::on(Wanted::RequestTo(context.origin.clone()))?;
        let body = JSON::stringify(user_data).unwrap_or_else(|_| JsString::from("{}"));
        let request = Request::post(&address)
            .credentials(RequestCredentials::Include)
            .header("content-type", self.options.content_type)
            .abort_signal(Some(self.stop))
            .body(body);
        let answer = match request {
            Ok(request) => request.send().await,
            Err(error) => Err(error),
        };
        let Ok(answer) = answer else {
            return Err(match watch.failure().await {
                Some(refusal) => refusal.into(),
                None => unreachable(name, context.is_foreign),
            });
        };
        let (status, ok) = (answer.status(), answer.ok());
        let kind = answer.headers().get("content-type").unwrap_or_default();
        let text = answer.text().await.map_err(|_| unreachable(name, context.is_foreign))?;
        host::log("script", "script.fetched", &[("url", name.into()), ("status", status.into())]);
        let refused = |found: &str| {
            Err(Error::unexpected(Code::VendorRejected, name, "200 with a script", found).into())
        };
        if !ok {
            return refused(&["HTTP ", &status.to_string()].concat());
        }
        if is_page(&kind, &text) {
            return refused("that the proxy answered with a page");
        }
        if text.trim().is_empty() {
            return refused("an empty answer");
        }
        Ok(text)
    }
}

fn unreachable(name: &str, is_foreign: bool) -> Failure {
    let found = if is_foreign {
        "no connection, or an origin that does not allow this page: use a proxy on the page's own"
    } else {
        "no connection"
    };
    Error::unexpected(Code::Network, name, "an answer", found).into()
}
