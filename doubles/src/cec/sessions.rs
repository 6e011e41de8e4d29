//! Visitors who are signed in, each by a cookie.

use axum::http::{HeaderMap, header::COOKIE};

use crate::when::random_hex;

/// The cookie's name.
pub const COOKIE_NAME: &str = "ccmessaging-token";

/// One visitor who is signed in.
#[derive(Clone)]
pub struct Session {
    token: String,
    /// The visitor's id at the integrator's.
    pub user_id: String,
    /// His conversation.
    pub chat: String,
    /// The last line he was told.
    delivered: u64,
}

/// All visitors who are signed in; there is one tenant and one channel.
#[derive(Default)]
pub struct Sessions(Vec<Session>);

impl Sessions {
    /// Signs a visitor in and returns his cookie's value.
    ///
    /// There is one token for each tenant, channel and user: an earlier one is displaced
    /// (`docs/vendor/huawei.md` §2).
    pub fn sign_in(&mut self, user_id: &str, chat: String) -> String {
        self.0.retain(|session| session.user_id != user_id);
        let token = random_hex();
        let user_id = user_id.to_owned();
        self.0.push(Session { token: token.clone(), user_id, chat, delivered: 0 });
        token
    }

    /// The visitor whose cookie a request carries.
    pub fn of(&self, headers: &HeaderMap) -> Option<Session> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| {
            pair.trim().split_once('=').filter(|(name, _)| *name == COOKIE_NAME)
        });
        pairs.find_map(|(_, value)| self.0.iter().find(|session| session.token == value)).cloned()
    }

    /// The last line a visitor was told; from now on it is `seq`, if that is given.
    pub fn delivered(&mut self, session: &Session, seq: Option<u64>) -> u64 {
        let Some(kept) = self.0.iter_mut().find(|kept| kept.token == session.token) else {
            return session.delivered;
        };
        let delivered = kept.delivered;
        kept.delivered = seq.unwrap_or(delivered);
        delivered
    }

    /// Signs everybody out: their cookies are good for nothing any more.
    pub fn expire(&mut self) {
        self.0.clear();
    }
}
