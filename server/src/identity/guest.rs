//! Anonymous visitors, recognised by a signed cookie.

use std::time::SystemTime;

use axum::http::HeaderMap;

use super::cookie::Names;
use super::guest_cookie::{GuestCookies, MAX_AGE};
use super::{Recognised, Visitor};
use crate::key::ServerKey;

/// The cookie over HTTPS.
pub const SECURE_COOKIE: &str = "__Host-calldock-guest";
/// The cookie of a page that came over plain HTTP.
pub const PLAIN_COOKIE: &str = "calldock-guest";

const COOKIE: Names = Names { secure: SECURE_COOKIE, plain: PLAIN_COOKIE };

/// Recognises guests.
#[derive(Clone)]
pub struct Guests(GuestCookies);

impl Guests {
    /// Signs cookies with this key.
    pub fn new(key: &ServerKey) -> Self {
        Self(GuestCookies::new(key))
    }

    /// Recognises a guest by its cookie, or makes a new one.
    pub fn recognise(&self, headers: &HeaderMap, name: &str) -> Recognised {
        let now = SystemTime::now();
        let known = COOKIE.read(headers).and_then(|value| self.0.read(value, now));
        let (guest, set_cookie) = match known {
            Some(guest) => (guest, None),
            None => {
                let (guest, value) = self.0.mint(now);
                (guest, COOKIE.set(headers, &value, MAX_AGE.as_secs()))
            }
        };
        let visitor = Visitor {
            name: format!("{name} {}", &guest.id[..6]),
            id: format!("guest-{}", guest.id),
        };
        Recognised { visitor, set_cookie, guest: Some(guest.known) }
    }
}
