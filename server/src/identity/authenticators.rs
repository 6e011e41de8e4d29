//! The open authenticators of a configuration.

use std::sync::Arc;

use super::agents::{AgentSettings, Agents};
use super::authenticator::{Authenticator, AuthenticatorSettings};
use super::gateway::Ask;
use super::jwt::Jwt;
#[cfg(feature = "accounts")]
use super::local::Local;
use super::visitors::{VisitorKind, VisitorSettings, Visitors};
use crate::key::ServerKey;
use crate::queue::Budget;
use crate::store::Store;

/// An authenticator cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The system trusts no certificate authority.
    #[error("no certificate authorities found on this machine; install ca-certificates")]
    Certificates(#[from] reqwest::Error),
    /// The accounts' database cannot be opened.
    #[cfg(feature = "accounts")]
    #[error(
        "local.database: {0}; check the path, and that only this server may write to its folder"
    )]
    Database(#[from] calldock_accounts::DatabaseError),
}

/// What authenticators need of the server.
#[derive(Clone)]
pub struct Resources {
    /// Keeps sessions.
    pub store: Store,
    /// Signs guests' cookies.
    pub key: ServerKey,
    /// Limits requests to the application of `gateway.url`.
    pub look_ups: Budget,
}

/// The open authenticators, one of each kind, so that agents and visitors share what it has cached.
pub struct Authenticators {
    resources: Resources,
    /// What an earlier configuration opened.
    earlier: Vec<(AuthenticatorSettings, Arc<Authenticator>)>,
    open: Vec<(AuthenticatorSettings, Arc<Authenticator>)>,
}

impl Authenticators {
    /// Creates a set without open authenticators.
    pub fn new(resources: Resources) -> Self {
        Self { resources, earlier: Vec::new(), open: Vec::new() }
    }

    /// Creates a set for a new configuration. Authenticators whose settings have not changed are kept with
    /// their caches, a provider's keys as long as their address is the same.
    pub fn after(&self) -> Self {
        let (resources, earlier) = (self.resources.clone(), self.open.clone());
        Self { resources, earlier, open: Vec::new() }
    }

    /// Opens the identification of agents.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn agents(&mut self, settings: AgentSettings) -> Result<Agents, OpenError> {
        Ok(match settings {
            Agents::Fixed(agent) => Agents::Fixed(agent),
            Agents::By(settings) => Agents::By(self.open(settings)?),
        })
    }

    /// Opens the identification of visitors.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn visitors(&mut self, settings: VisitorSettings) -> Result<Visitors, OpenError> {
        let kind = match settings {
            VisitorKind::Fixed(visitor) => VisitorKind::Fixed(visitor),
            VisitorKind::Guest { name } => VisitorKind::Guest { name },
            VisitorKind::By { authenticator, name } => {
                VisitorKind::By { authenticator: self.open(authenticator)?, name }
            }
        };
        Ok(Visitors::new(kind, &self.resources.key))
    }

    /// Opens the authenticator with these settings, or returns the open one.
    ///
    /// # Errors
    /// [`OpenError`].
    fn open(&mut self, settings: AuthenticatorSettings) -> Result<Arc<Authenticator>, OpenError> {
        if let Some((_, open)) = self.open.iter().find(|(known, _)| *known == settings) {
            return Ok(Arc::clone(open));
        }
        let kept = self.earlier.iter().find(|(known, _)| *known == settings);
        let opened = match kept {
            Some((_, kept)) => Arc::clone(kept),
            None => Arc::new(self.create(settings.clone())?),
        };
        self.open.push((settings, Arc::clone(&opened)));
        Ok(opened)
    }

    fn create(&self, settings: AuthenticatorSettings) -> Result<Authenticator, OpenError> {
        Ok(match settings {
            AuthenticatorSettings::Header(settings) => Authenticator::Header(settings),
            AuthenticatorSettings::Ask(settings) => {
                Authenticator::Ask(Ask::new(settings, self.resources.look_ups.clone())?)
            }
            AuthenticatorSettings::Jwt(settings) => {
                let earlier = self.earlier.iter().filter_map(|(_, earlier)| match &**earlier {
                    Authenticator::Jwt(jwt) => Some(jwt),
                    _ => None,
                });
                Authenticator::Jwt(Jwt::new(settings, earlier)?)
            }
            #[cfg(feature = "accounts")]
            AuthenticatorSettings::Local(settings) => Authenticator::Local(Arc::new(Local::open(
                &settings,
                self.resources.store.clone(),
            )?)),
        })
    }

    /// Returns the authenticators whose readiness counts.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Authenticator>> {
        self.open.iter().map(|(_, open)| open)
    }

    /// Returns the accounts of this server, if a kind uses them.
    #[cfg(feature = "accounts")]
    pub fn local(&self) -> Option<Arc<Local>> {
        self.all().find_map(|open| match &**open {
            Authenticator::Local(local) => Some(Arc::clone(local)),
            _ => None,
        })
    }
}
