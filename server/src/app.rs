//! A configuration becomes everything the routes need.

use std::sync::Arc;

use axum::http::HeaderName;

use crate::callback::Callback;
use crate::caller::Gateways;
use crate::cec::Tokens;
use crate::config::{CallbackConfig, CecConfig, CecMode, Config};
use crate::guard::BrowserPolicy;
use crate::identity::{Doors, Identity, KnownBy, Local, OpenError, Visitors};
use crate::limits::Limits;
use crate::observe::Readiness;
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
    /// The accounts of this server's own.
    pub local: Option<Arc<Local>>,
    /// Whose word about a caller is taken.
    pub gateways: Gateways,
    /// What this instance shares with others.
    pub store: Store,
    /// How often one may ask.
    pub limits: Limits,
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
    /// [`OpenError`].
    pub fn new(
        config: Config,
        transport: Arc<dyn Transport>,
        site: Option<Site>,
    ) -> Result<Self, OpenError> {
        let store = Store::open(&config.store);
        Self::with_store(config, store, transport, site)
    }

    /// The same over a store that is there already: what it holds outlives a change of the rest.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn with_store(
        config: Config,
        store: Store,
        transport: Arc<dyn Transport>,
        site: Option<Site>,
    ) -> Result<Self, OpenError> {
        let mut readiness = Readiness::default();
        let asked = store.clone();
        readiness.add("store", move || {
            let store = asked.clone();
            async move { store.ready().await.is_ok() }
        });
        let private = private_to(&config);
        let api = config.tccc.map(|tccc| Arc::new(Api::new(tccc, transport, &store)));
        let limits = Limits::new(config.limits, &store);
        let mut doors = Doors::new(store.clone(), limits.clone());
        let agents = match api.clone().zip(config.identity) {
            Some((api, identity)) => {
                let identity = identity.open(|by| doors.open(by))?;
                Some(AgentDesk { api, identity, limits: limits.clone() })
            }
            None => None,
        };
        let chat = match api.zip(config.chat) {
            Some((api, chat)) => {
                let visitors = chat.visitors.clone().open(|by| doors.open(by))?;
                Some(ChatDesk { api, chat, visitors, limits: limits.clone() })
            }
            None => None,
        };
        let mut app = Self {
            agents,
            chat,
            cec: Vec::new(),
            callback: None,
            callback_apart: config.callback.listener.is_some(),
            proxy: None,
            local: None,
            gateways: config.gateways,
            limits,
            store,
            browser: config.browser,
            readiness,
            site,
        };
        if let Some(mut cec) = config.cec {
            if let Some(mut proxy) = cec.proxy.take() {
                let (cookies, headers) = private;
                proxy.private_cookies.extend(cookies);
                proxy.private_headers.extend(headers);
                app.proxy = Some(Proxy::new(proxy)?);
            }
            app.add_cec(cec, &config.callback, &mut doors)?;
        }
        app.local = doors.local();
        if let Some(door) = doors.jwt() {
            app.readiness.add("jwks", move || {
                let door = Arc::clone(&door);
                async move { door.ready().await }
            });
        }
        Ok(app)
    }

    /// The proxy's tunnels, for whoever stops the server: they outlive their requests.
    pub fn tunnels(&self) -> Tunnels {
        self.proxy.as_ref().map_or_else(|| Tunnels::new(0, 0), Proxy::tunnels)
    }

    fn add_cec(
        &mut self,
        config: CecConfig,
        asked: &CallbackConfig,
        doors: &mut Doors,
    ) -> Result<(), OpenError> {
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
            let visitors = login.visitors.open(|by| doors.open(by))?;
            self.cec.push((
                login.path,
                CecDesk { channel, visitors, limits: self.limits.clone(), mode },
            ));
        }
        Ok(())
    }
}

/// The cookies and headers that make somebody known here: CEC is not to have them.
fn private_to(config: &Config) -> (Vec<String>, Vec<HeaderName>) {
    let agents = config.identity.iter().filter_map(|identity| match identity {
        Identity::Known(by) => Some(by),
        Identity::Fixed(_) => None,
    });
    let chats = config.chat.iter().map(|chat| &chat.visitors);
    let logins = config.cec.iter().flat_map(|cec| &cec.logins).map(|login| &login.visitors);
    let visitors = chats.chain(logins).filter_map(|visitors| match visitors {
        Visitors::Known { by, .. } => Some(by),
        Visitors::Fixed(_) | Visitors::Guest { .. } => None,
    });
    let known: Vec<&KnownBy> = agents.chain(visitors).collect();
    let cookies = known.iter().flat_map(|by| by.cookies()).collect();
    (cookies, known.iter().flat_map(|by| by.headers()).collect())
}
