//! A configuration becomes everything the routes need.

use std::sync::Arc;

use crate::callback::Callback;
use crate::caller::Gateways;
use crate::cec::Tokens;
use crate::config::{CallbackConfig, CecConfig, CecMode, Config};
use crate::guard::BrowserPolicy;
use crate::operation::Readiness;
use crate::proxy::Proxy;
use crate::proxy::tunnels::Tunnels;
use crate::routes::cec::{CecDesk, Mode};
use crate::routes::chat::ChatDesk;
use crate::routes::login::AgentDesk;
use crate::routes::site::Site;
use crate::store::Store;
use crate::tccc::{Api, Transport};

/// Everything the routes need. What is not there is not served.
pub struct App {
    /// The agents' login.
    pub agents: Option<AgentDesk>,
    /// TCCC's online chat.
    pub chat: Option<ChatDesk>,
    /// CEC's logins, each with its path.
    pub cec: Vec<(String, CecDesk)>,
    /// CEC's question about a token, with its path.
    pub callback: Option<(String, Arc<Callback>)>,
    /// Whether the callback has a listener of its own: then no other has it.
    pub callback_apart: bool,
    /// The way to CEC's domain.
    pub proxy: Option<Proxy>,
    /// Whose word about a caller is taken.
    pub gateways: Gateways,
    /// What this instance shares with others.
    pub store: Store,
    /// Which pages may ask.
    pub browser: BrowserPolicy,
    /// Whether requests can be taken.
    pub readiness: Readiness,
    /// What the demo serves beside the API.
    pub site: Option<Site>,
}

impl App {
    /// What a configuration says is there.
    ///
    /// # Errors
    /// The system has no certificate authorities to trust.
    pub fn new(
        config: Config,
        transport: Arc<dyn Transport>,
        site: Option<Site>,
    ) -> Result<Self, reqwest::Error> {
        let store = Store::open(&config.store);
        Self::with_store(config, store, transport, site)
    }

    /// The same over a store that is there already: what it holds outlives a change of the rest.
    ///
    /// # Errors
    /// The system has no certificate authorities to trust.
    pub fn with_store(
        config: Config,
        store: Store,
        transport: Arc<dyn Transport>,
        site: Option<Site>,
    ) -> Result<Self, reqwest::Error> {
        let mut readiness = Readiness::default();
        let asked = store.clone();
        readiness.add("store", move || {
            let store = asked.clone();
            async move { store.ready().await.is_ok() }
        });
        let api = config.tccc.map(|tccc| Arc::new(Api::new(tccc, transport)));
        let agents = api.clone().zip(config.identity);
        let agents = agents.map(|(api, identity)| AgentDesk { api, identity });
        let chat = api.zip(config.chat).map(|(api, chat)| ChatDesk { api, chat });
        let mut app = Self {
            agents,
            chat,
            cec: Vec::new(),
            callback: None,
            callback_apart: config.callback.listener.is_some(),
            proxy: None,
            gateways: config.gateways,
            store,
            browser: config.browser,
            readiness,
            site,
        };
        if let Some(mut cec) = config.cec {
            if let Some(proxy) = cec.proxy.take() {
                app.proxy = Some(Proxy::new(proxy)?);
            }
            app.add_cec(cec, &config.callback);
        }
        Ok(app)
    }

    /// The proxy's tunnels, for whoever stops the server: they outlive their requests.
    pub fn tunnels(&self) -> Tunnels {
        self.proxy.as_ref().map_or_else(|| Tunnels::new(0), Proxy::tunnels)
    }

    fn add_cec(&mut self, config: CecConfig, asked: &CallbackConfig) {
        for login in config.logins {
            let mode = match login.mode {
                CecMode::Authorization(signer) => Mode::Authorization(signer),
                CecMode::Token(policy) => {
                    // CEC asks at one place, so all tokens are of one store.
                    let (_, callback) = self.callback.get_or_insert_with(|| {
                        let tokens = Tokens::new(policy, self.store.clone());
                        let callback = Callback::new(tokens, asked, &self.store);
                        (config.validate_path.clone(), Arc::new(callback))
                    });
                    Mode::Token(callback.tokens.clone())
                }
            };
            let channel = config.channel.clone();
            self.cec.push((login.path, CecDesk { channel, visitors: login.visitors, mode }));
        }
    }
}
