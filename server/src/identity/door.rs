//! Where it is known who is asking: one door for a kind, whoever it is opened for.

use std::sync::Arc;

use axum::http::HeaderName;
use axum::http::request::Parts;

use super::Person;
use super::gateway::{Gateway, GatewayConfig};
use super::jwt::{Jwt, JwtConfig};
use super::local::{Local, LocalConfig, OpenError};
use crate::limits::Limits;
use crate::problem::Refusal;
use crate::store::Store;

/// A kind that knows people, as the configuration has it. Agents and visitors may share one.
#[derive(Clone, Debug)]
pub enum KnownBy {
    /// `[gateway]`.
    Gateway(GatewayConfig),
    /// `[jwt]`.
    Jwt(JwtConfig),
    /// `[local]`.
    Local(LocalConfig),
}

impl KnownBy {
    /// The cookies that make somebody known: they are for this server and for nobody behind it.
    pub fn cookies(&self) -> Vec<String> {
        match self {
            Self::Gateway(GatewayConfig::Header(_)) | Self::Local(_) => Vec::new(),
            Self::Gateway(GatewayConfig::CallBack(config)) => config.cookies.clone(),
            Self::Jwt(config) => config.cookie.iter().cloned().collect(),
        }
    }

    /// The headers that a gateway sets for it on every request.
    pub fn headers(&self) -> Vec<HeaderName> {
        match self {
            Self::Gateway(GatewayConfig::Header(config)) => {
                [Some(config.header.clone()), config.name_header.clone()]
                    .into_iter()
                    .flatten()
                    .collect()
            }
            Self::Gateway(GatewayConfig::CallBack(_)) | Self::Jwt(_) | Self::Local(_) => Vec::new(),
        }
    }
}

/// A kind that can be asked.
#[derive(Debug)]
pub enum Door {
    /// The site's gateway or application.
    Gateway(Gateway),
    /// An OpenID Connect provider's tokens.
    Jwt(Jwt),
    /// This server's own accounts.
    Local(Arc<Local>),
}

impl Door {
    /// The person behind a request.
    ///
    /// # Errors
    /// A [`Refusal`]: 401 for nobody, and whatever keeps the kind from knowing.
    pub async fn person(&self, request: &Parts) -> Result<Person, Refusal> {
        match self {
            Self::Gateway(gateway) => gateway.person(request).await,
            Self::Jwt(jwt) => jwt.person(request).await,
            Self::Local(local) => local.person(request).await,
        }
    }
}

impl Door {
    /// Whether it can know anybody. Only a provider's keys have to be fetched before.
    pub async fn ready(&self) -> bool {
        match self {
            Self::Jwt(jwt) => jwt.ready().await,
            Self::Gateway(_) | Self::Local(_) => true,
        }
    }
}

/// The doors that are open, each kind's once: what one learns, the others need not ask again.
#[derive(Debug)]
pub struct Doors {
    store: Store,
    limits: Limits,
    gateway: Option<Arc<Door>>,
    jwt: Option<Arc<Door>>,
    local: Option<(Arc<Door>, Arc<Local>)>,
}

impl Doors {
    /// None yet.
    pub fn new(store: Store, limits: Limits) -> Self {
        Self { store, limits, gateway: None, jwt: None, local: None }
    }

    /// The door of this kind. There is one section for each kind, so the first one's is everyone's.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(&mut self, by: KnownBy) -> Result<Arc<Door>, OpenError> {
        let (place, door) = match by {
            KnownBy::Gateway(config) => match &self.gateway {
                Some(door) => return Ok(Arc::clone(door)),
                None => (&mut self.gateway, Door::Gateway(Gateway::new(config)?)),
            },
            KnownBy::Jwt(config) => match &self.jwt {
                Some(door) => return Ok(Arc::clone(door)),
                None => (&mut self.jwt, Door::Jwt(Jwt::new(config)?)),
            },
            KnownBy::Local(config) => {
                if let Some((door, _)) = &self.local {
                    return Ok(Arc::clone(door));
                }
                let local = Arc::new(Local::open(config, self.store.clone(), self.limits.clone())?);
                let door = Arc::new(Door::Local(Arc::clone(&local)));
                self.local = Some((Arc::clone(&door), local));
                return Ok(door);
            }
        };
        Ok(Arc::clone(place.insert(Arc::new(door))))
    }

    /// What readiness asks of a provider's door, if there is one.
    pub fn jwt(&self) -> Option<Arc<Door>> {
        self.jwt.clone()
    }

    /// This server's own accounts, if a kind uses them.
    pub fn local(&self) -> Option<Arc<Local>> {
        self.local.as_ref().map(|(_, local)| Arc::clone(local))
    }
}
