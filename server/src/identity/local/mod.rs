//! Accounts of this server: the crate `calldock-accounts` behind the identity port.
//!
//! * `failure`: failures of the crate as HTTP responses.
//! * `settings`: `[local]`.

mod failure;
pub mod settings;

use std::net::IpAddr;

use axum::http::header::ORIGIN;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use calldock_accounts::{Account, Accounts, DatabaseError, Settings};
use calldock_service::Caller;
use ipnet::IpNet;
use secrecy::SecretString;

use super::Person;
use super::cookie::{self, Names};
use crate::problem::Refusal;
use crate::store::Store;
use failure::{refusal, signed_out};

const COOKIE: Names = Names { secure: "__Host-calldock-session", plain: "calldock-session" };

/// Signs users in and identifies them by their session.
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
        let networks = networks(caller.address);
        let secret = self.0.sign_in(user, password, &networks).await.map_err(refusal)?;
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
        let networks = networks(caller.address);
        let secret = self.0.change_password(session, old, new, &networks).await.map_err(refusal)?;
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

/// The networks that sign-ins are counted for, the narrowest first: an IPv4 address and its /24, or the /64, /56
/// and /48 of an IPv6 address.
fn networks(address: IpAddr) -> Vec<String> {
    let address = address.to_canonical();
    let lengths: &[u8] = if address.is_ipv4() { &[32, 24] } else { &[64, 56, 48] };
    let networks = lengths.iter().filter_map(|length| IpNet::new(address, *length).ok());
    networks.map(|network| network.trunc().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_belongs_to_wider_networks_too() {
        let of = |address: &str| networks(address.parse().unwrap());
        assert_eq!(of("203.0.113.9"), ["203.0.113.9/32", "203.0.113.0/24"]);
        assert_eq!(of("::ffff:203.0.113.9"), of("203.0.113.9"));
        let wide = ["2001:db8:1:203::/64", "2001:db8:1:200::/56", "2001:db8:1::/48"];
        assert_eq!(of("2001:db8:1:203::7"), wide);
    }
}
