//! Accounts of this server: the crate `calldock-accounts` behind the identity port.
//!
//! * `failure`: failures of the crate as HTTP responses.
//! * `settings`: `[local]`.
//! * `store`: the server's store as the accounts use it.

mod failure;
pub mod settings;
mod store;

use std::net::IpAddr;

use axum::http::header::ORIGIN;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use calldock_accounts::{Account, Accounts, DatabaseError, Settings};
use calldock_listen::Caller;
use secrecy::SecretString;

use super::Person;
use super::cookie::{self, Names};
use crate::problem::Refusal;
use crate::store::Store;
use failure::{refusal, signed_out};

const COOKIE: Names = Names { secure: "__Host-calldock-session", plain: "calldock-session" };

/// Signs users in and identifies them by their session.
#[derive(Debug)]
pub struct Local(Accounts<Store>);

impl Local {
    /// Opens the database, or creates it.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn open(settings: &Settings, store: Store) -> Result<Self, DatabaseError> {
        Accounts::open(settings, store).map(Self)
    }

    /// Returns the person of a request's session.
    ///
    /// # Errors
    /// A [`Refusal`]: 401 without a session, 503 if the store is unavailable.
    pub async fn authenticate(&self, request: &Parts, caller: &Caller) -> Result<Person, Refusal> {
        let session = session(request, caller).ok_or_else(signed_out)?;
        let Account { user, name } = self.0.account(session).await.map_err(refusal)?;
        Person::new(&user, name.as_deref()).map_err(|_| signed_out())
    }

    /// Signs a user in and returns the `Set-Cookie` of the new session. The request's earlier session is
    /// ended, so that a session planted in the browser is worth nothing.
    ///
    /// # Errors
    /// A [`Refusal`]: 401 for a wrong user or password, 429 after too many, 503 if too many are checked at
    /// once or the store is unavailable.
    pub async fn sign_in(
        &self,
        user: &str,
        password: SecretString,
        request: &Parts,
        caller: &Caller,
    ) -> Result<Option<HeaderValue>, Refusal> {
        let network = network(caller.address);
        let secret = self.0.sign_in(user, password, &network).await.map_err(refusal)?;
        self.sign_out(request, caller).await?;
        Ok(self.cookie(&request.headers, &secret))
    }

    /// Changes the password of the signed-in user, which ends all of the user's sessions, and returns the
    /// `Set-Cookie` of a new one.
    ///
    /// # Errors
    /// A [`Refusal`]: as [`Local::sign_in`], and 422 for a weak password.
    pub async fn change_password(
        &self,
        request: &Parts,
        caller: &Caller,
        old: SecretString,
        new: SecretString,
    ) -> Result<Option<HeaderValue>, Refusal> {
        let session = session(request, caller).ok_or_else(signed_out)?;
        let network = network(caller.address);
        let secret = self.0.change_password(session, old, new, &network).await.map_err(refusal)?;
        Ok(self.cookie(&request.headers, &secret))
    }

    /// Ends the session of a request, if it has one.
    ///
    /// # Errors
    /// A [`Refusal`] if the store is unavailable.
    pub async fn sign_out(&self, request: &Parts, caller: &Caller) -> Result<(), Refusal> {
        match session(request, caller) {
            Some(session) => self.0.end_session(session).await.map_err(refusal),
            None => Ok(()),
        }
    }

    /// Returns a `Set-Cookie` that removes the session's cookie.
    pub fn no_cookie(headers: &HeaderMap) -> Option<HeaderValue> {
        COOKIE.set(headers, "", 0)
    }

    /// Returns how many passwords were hashed since the start.
    pub fn passwords_hashed(&self) -> u64 {
        self.0.passwords_hashed()
    }

    fn cookie(&self, headers: &HeaderMap, secret: &str) -> Option<HeaderValue> {
        COOKIE.set(headers, secret, self.0.lifetime().as_secs())
    }
}

/// Returns the secret of a request's session.
fn session<'a>(request: &'a Parts, caller: &Caller) -> Option<&'a str> {
    let headers = &request.headers;
    let secret = COOKIE.read(headers).or_else(|| {
        // A browser sends no origin with a GET, which changes nothing. Over HTTPS the plain cookie may have
        // been planted by another host.
        let no_origin = request.method.is_safe() && !headers.contains_key(ORIGIN) && !caller.https;
        cookie::only(headers, COOKIE.plain).filter(|_| no_origin)
    });
    secret.filter(|secret| secret.len() == 43)
}

/// The network that sign-ins are counted for: an IPv4 address, or an IPv6 /64.
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}
