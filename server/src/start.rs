//! A configuration becomes what the routes need.
//!
//! What must outlive a reload is in [`Kept`]: the store, the server key, budgets, counters of failures, the
//! identity providers' keys, a role's credentials, the vendor's signatures and connections, the audit.

use std::sync::Arc;

use calldock_service::Slots;

use crate::cec::settings::CecMode;
use crate::cec::{self, TokenPolicy, Tokens};
use crate::config::Config;
use crate::http::App;
use crate::http::extract::Access;
use crate::http::routes::cec_login::CecState;
use crate::http::routes::cec_validate::ValidateState;
use crate::http::routes::tccc_chat::ChatState;
use crate::http::routes::tccc_login::LoginState;
use crate::identity::VisitorSettings;
use crate::identity::Visitors;
use crate::identity::authenticators::{Authenticators, OpenError, Resources};
use crate::key::{Label, ServerKey};
use crate::observe::metrics::{self, Metric};
use crate::observe::{Audit, Readiness};
use crate::queue::settings::QueueSettings;
use crate::queue::{Buckets, Budget};
use crate::store::Store;
use crate::tccc::{self, ChatSettings, Transport};

/// Why a server cannot be started with a configuration.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An authenticator cannot be opened.
    #[error(transparent)]
    Identity(#[from] OpenError),
    /// The audit cannot be opened.
    #[error("audit.target cannot be opened ({0}); check the path and its permissions")]
    Audit(std::io::ErrorKind),
}

/// A gauge, its label's value, and the count.
pub type Count = (Metric, &'static str, usize);

/// What outlives a reload.
pub struct Kept {
    store: Store,
    key: ServerKey,
    audit: Audit,
    transport: Arc<dyn Transport>,
    authenticators: Authenticators,
    tccc: Option<(Arc<tccc::Api>, Option<ChatSettings>)>,
    budgets: Budgets,
    failures: Arc<Buckets>,
    questions: Arc<Buckets>,
    requests: [Slots; 2],
}

/// The budgets, one for each route.
#[derive(Clone)]
struct Budgets {
    login: Budget,
    chat: Budget,
    /// Chats whose signature is handed out again.
    chat_again: Budget,
    cec: Budget,
    /// Questions to `gateway.url`.
    look_ups: Budget,
}

impl Budgets {
    fn new(settings: QueueSettings, key: &ServerKey, store: &Store) -> Self {
        Self {
            login: Budget::new(tccc::api::CREATE_SDK_LOGIN_TOKEN, settings.vendor, key, store),
            chat: Budget::new(tccc::api::CREATE_USER_SIG, settings.vendor, key, store),
            chat_again: Budget::new("chat_again", settings.cec, key, store),
            cec: Budget::new("cec", settings.cec, key, store),
            look_ups: Budget::new("look_ups", settings.look_ups, key, store),
        }
    }

    fn all(&self) -> [&Budget; 5] {
        [&self.login, &self.chat, &self.chat_again, &self.cec, &self.look_ups]
    }

    fn set_paces(&self, settings: QueueSettings) {
        // Each by its name: a budget without a pace does not compile.
        let Self { login, chat, chat_again, cec, look_ups } = self;
        login.set_pace(settings.vendor);
        chat.set_pace(settings.vendor);
        chat_again.set_pace(settings.cec);
        cec.set_pace(settings.cec);
        look_ups.set_pace(settings.look_ups);
    }
}

impl Kept {
    /// Creates what a configuration needs.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn new(config: &Config, transport: Arc<dyn Transport>) -> Result<Self, StartError> {
        let store = Store::open(&config.store);
        let key = match &config.key {
            Some(key) => key.clone(),
            // Only with memory: what is signed is forgotten with the process.
            None => ServerKey::random(),
        };
        let hidden = key.clone();
        let audit = Audit::open(&config.audit, move |person| {
            let mac = hidden.mac(Label::Audit, &[person.as_bytes()]);
            base16ct::lower::encode_string(&mac[..16])
        });
        let audit = audit.map_err(|error| StartError::Audit(error.kind()))?;
        let budgets = Budgets::new(config.queue, &key, &store);
        let look_ups = budgets.look_ups.clone();
        let resources = Resources { store: store.clone(), key: key.clone(), look_ups };
        let failures = Arc::new(Buckets::new(config.queue.failures));
        let questions = Arc::new(Buckets::new(config.http.callback.rate));
        let authenticators = Authenticators::new(resources);
        let limits = config.http.listen.requests();
        let requests = [Slots::shared(limits), Slots::shared(limits)];
        Ok(Self {
            store,
            key,
            audit,
            transport,
            authenticators,
            tccc: None,
            budgets,
            failures,
            questions,
            requests,
        })
    }

    /// Counts entries for gauges, at the time of each call: the networks that each limit has counted, the
    /// requests that wait, and the store's entries by kind.
    pub fn counts(&self) -> impl Fn() -> Vec<Count> + Clone + Send + Sync + 'static {
        let (store, budgets) = (self.store.clone(), self.budgets.clone());
        let limits = [("failures", &self.failures), ("callback", &self.questions)];
        let limits = limits.map(|(name, of)| (name, Arc::clone(of)));
        move || {
            let limits = limits.iter();
            let limits = limits.map(|(name, of)| (metrics::LIMITER_NETWORKS, *name, of.networks()));
            let queues = budgets.all().into_iter();
            let queues = queues.map(|of| (metrics::QUEUE_WAITING, of.name(), of.waiting()));
            let entries = store.counts().into_iter();
            let entries = entries.map(|(kind, count)| (metrics::STORE_ENTRIES, kind, count));
            limits.chain(queues).chain(entries).collect()
        }
    }

    /// The audit, for its counts.
    pub fn audit(&self) -> &Audit {
        &self.audit
    }

    /// Builds what the routes need. Where a part of the configuration has not changed, its state is kept.
    ///
    /// # Errors
    /// [`StartError`]; nothing has changed then.
    pub fn app(&mut self, config: Config) -> Result<App, StartError> {
        let mut authenticators = self.authenticators.after();
        let budgets = &self.budgets;
        let access = Access { failures: Arc::clone(&self.failures), audit: self.audit.clone() };
        let access = Arc::new(access);
        let transport = Arc::clone(&self.transport);
        let api = config.tccc.map(|tccc| {
            let api = tccc::Api::new(tccc, transport);
            Arc::new(match &self.tccc {
                Some((earlier, chat)) => api.keeping(earlier, *chat == config.chat),
                None => api,
            })
        });
        let tccc = api.clone().map(|api| (api, config.chat.clone()));
        let visitors =
            config.visitors.map(|visitors| authenticators.visitors(visitors)).transpose()?;
        let login = match (&api, config.agents) {
            (Some(api), Some(agents)) => Some(Arc::new(LoginState {
                logins: Arc::clone(api),
                who: authenticators.agents(agents)?,
                budget: budgets.login.clone(),
                access: Arc::clone(&access),
            })),
            _ => None,
        };
        let chat = match (&api, config.chat, &visitors) {
            (Some(api), Some(chat), Some(visitors)) => Some(Arc::new(ChatState {
                logins: (Arc::clone(api), chat, budgets.chat_again.clone()),
                who: visitors.clone(),
                budget: budgets.chat.clone(),
                access: Arc::clone(&access),
            })),
            _ => None,
        };
        let callback = config.http.callback;
        let mut validate = None;
        let mut cec = Vec::new();
        if let (Some(settings), Some(visitors)) = (config.cec, visitors) {
            let logins = match settings.mode {
                CecMode::Authorization(signer) => {
                    cec::Login::authorization(settings.channel, *signer)
                }
                CecMode::Token { lifetime, uses } => {
                    let policy = TokenPolicy::new(lifetime, uses, callback.knows_callers());
                    let tokens = Tokens::new(policy, &self.key, &self.store);
                    let state = ValidateState {
                        tokens: tokens.clone(),
                        callers: callback.callers.clone(),
                        // A caller that is known has none.
                        rate: (!callback.knows_callers()).then(|| Arc::clone(&self.questions)),
                    };
                    validate = Some((settings.validate_path, Arc::new(state)));
                    cec::Login::token(settings.channel, tokens)
                }
            };
            let budget = budgets.cec.clone();
            let state = CecState { logins, who: visitors, budget, access };
            cec.push((settings.path, Arc::new(state)));
        }
        let readiness = self.readiness(&authenticators);
        #[cfg(feature = "accounts")]
        let local = authenticators.local();
        budgets.set_paces(config.queue);
        self.failures.set_rate(config.queue.failures);
        self.questions.set_rate(callback.rate);
        (self.authenticators, self.tccc) = (authenticators, tccc);
        let limits = config.http.listen.requests();
        self.requests.iter().for_each(|requests| requests.set_limits(limits));
        Ok(App {
            login,
            chat,
            cec,
            validate,
            validate_apart: callback.listener.is_some(),
            #[cfg(feature = "accounts")]
            local,
            browser: Arc::new(config.http.browser),
            gateways: Arc::new(config.http.listen.gateways),
            requests: self.requests.clone(),
            readiness,
        })
    }

    /// Mints tokens by this policy, for the demo's several logins.
    pub fn tokens(&self, policy: TokenPolicy) -> Tokens {
        Tokens::new(policy, &self.key, &self.store)
    }

    /// What answers questions about tokens from any caller, for the demo.
    pub fn question(&self, tokens: Tokens) -> ValidateState {
        ValidateState { tokens, callers: None, rate: None }
    }

    /// Opens the identification of visitors, for the demo's several logins.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn visitors(&mut self, settings: VisitorSettings) -> Result<Visitors, StartError> {
        Ok(self.authenticators.visitors(settings)?)
    }

    fn readiness(&self, authenticators: &Authenticators) -> Readiness {
        let mut readiness = Readiness::default();
        let store = self.store.clone();
        // Without it logins go on, at each instance's share of the pace.
        readiness.add("store", false, move || {
            let store = store.clone();
            async move { store.ready().await.is_ok() }
        });
        for authenticator in authenticators.all() {
            let authenticator = Arc::clone(authenticator);
            readiness.add(authenticator.kind(), true, move || {
                let authenticator = Arc::clone(&authenticator);
                async move { authenticator.ready().await }
            });
        }
        readiness
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::Pace;

    #[test]
    fn a_reload_gives_each_budget_its_own_pace() {
        let budgets =
            Budgets::new(QueueSettings::default(), &ServerKey::random(), &Store::memory());
        let [vendor, cec, look_ups] =
            [1, 2, 3].map(|per_second| Pace { per_second, ..Pace::default() });
        budgets.set_paces(QueueSettings { vendor, cec, look_ups, failures: None });
        let found = budgets.all().map(|budget| (budget.name(), budget.pace().per_second));
        let expected = [
            (tccc::api::CREATE_SDK_LOGIN_TOKEN, 1),
            (tccc::api::CREATE_USER_SIG, 1),
            ("chat_again", 2),
            ("cec", 2),
            ("look_ups", 3),
        ];
        assert_eq!(found, expected);
    }
}
