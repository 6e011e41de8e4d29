//! Login tokens, the one use of their script URL, and the sessions they open (`docs/vendor/tccc.md` §1).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::when::{random_hex, random_id};

/// A token and its script URL live this many seconds.
pub const LIFETIME: u64 = 600;

/// Why a script or a session is refused; the text is what the page is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such token, or not this agent's.
    Unknown,
    /// The script URL, or a once-only token, was used already.
    Used,
    /// Older than [`LIFETIME`], or told to be.
    Expired,
    /// A session without its script ever having been asked for.
    NeverFetched,
}

impl Refusal {
    /// One short phrase, free of secrets.
    pub fn text(self) -> &'static str {
        match self {
            Self::Unknown => "the login token is not valid",
            Self::Used => "the login was used already",
            Self::Expired => "the login token has expired",
            Self::NeverFetched => "the login's script was never loaded",
        }
    }
}

/// Who wants in, as a script URL or a script's dataset says it.
#[derive(Clone, Copy)]
pub struct Caller<'a> {
    /// 32 hex digits.
    pub token: &'a str,
    /// The contact centre's number, as text.
    pub sdk_app_id: &'a str,
    /// The agent's address.
    pub user_id: &'a str,
}

struct Login {
    sdk_app_id: u64,
    user_id: String,
    only_once: bool,
    expires_at: u64,
    fetched: bool,
    signed_in: bool,
}

/// One agent script that is signed in.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Its id, which is no secret in a double.
    pub session: String,
    /// Its agent.
    pub user_id: String,
    /// Event streams open at this moment: 1 while the page is there.
    pub connected: usize,
    /// Signed out by an expired token: its commands are refused.
    pub expired: bool,
}

/// Tokens issued and sessions opened with them.
#[derive(Default)]
pub struct Logins {
    issued: BTreeMap<String, Login>,
    sessions: Vec<Session>,
}

impl Logins {
    /// Issues a token for an agent; returns it and the time it expires, in unix seconds.
    pub fn issue(
        &mut self,
        sdk_app_id: u64,
        user_id: &str,
        only_once: bool,
        now: u64,
    ) -> (String, u64) {
        let (token, expires_at) = (random_hex(), now + LIFETIME);
        let user_id = user_id.to_owned();
        let login =
            Login { sdk_app_id, user_id, only_once, expires_at, fetched: false, signed_in: false };
        self.issued.insert(token.clone(), login);
        (token, expires_at)
    }

    /// Uses up a script URL: it works once.
    pub fn fetch(&mut self, caller: Caller, now: u64) -> Result<(), Refusal> {
        let login = self.of(caller, now)?;
        if std::mem::replace(&mut login.fetched, true) { Err(Refusal::Used) } else { Ok(()) }
    }

    /// Opens a session for the script that names its token; returns the session's id.
    pub fn sign_in(&mut self, caller: Caller, now: u64) -> Result<String, Refusal> {
        let login = self.of(caller, now)?;
        if !login.fetched {
            return Err(Refusal::NeverFetched);
        }
        if std::mem::replace(&mut login.signed_in, true) && login.only_once {
            return Err(Refusal::Used);
        }
        let (session, user_id) = (random_id(), login.user_id.clone());
        let opened = Session { session: session.clone(), user_id, connected: 0, expired: false };
        self.sessions.push(opened);
        Ok(session)
    }

    fn of(&mut self, caller: Caller, now: u64) -> Result<&mut Login, Refusal> {
        let login = self.issued.get_mut(caller.token).ok_or(Refusal::Unknown)?;
        if login.user_id != caller.user_id || login.sdk_app_id.to_string() != caller.sdk_app_id {
            return Err(Refusal::Unknown);
        }
        if now >= login.expires_at { Err(Refusal::Expired) } else { Ok(login) }
    }

    /// A token's expiry brought forward: what follows is refused as expired.
    pub fn expire(&mut self, token: &str) {
        if let Some(login) = self.issued.get_mut(token) {
            login.expires_at = 0;
        }
    }

    /// The agent of a session that is still signed in.
    pub fn agent_of(&self, session: &str) -> Option<String> {
        let known = self.sessions.iter().find(|known| known.session == session && !known.expired);
        known.map(|known| known.user_id.clone())
    }

    /// The agent of a session, also of one whose token has expired: it is told so.
    pub fn listener_of(&self, session: &str) -> Option<String> {
        let known = self.sessions.iter().find(|known| known.session == session);
        known.map(|known| known.user_id.clone())
    }

    /// Counts an event stream opened (`true`) or ended (`false`).
    pub fn connection(&mut self, session: &str, opened: bool) {
        if let Some(session) = self.sessions.iter_mut().find(|known| known.session == session) {
            let count = session.connected;
            session.connected = if opened { count + 1 } else { count.saturating_sub(1) };
        }
    }

    /// Signs every script out, as when their tokens expire while they run.
    pub fn expire_sessions(&mut self) {
        self.sessions.iter_mut().for_each(|session| session.expired = true);
    }

    /// Forgets all tokens, and the sessions whose page is gone.
    pub fn reset(&mut self) {
        self.issued.clear();
        self.sessions.retain(|session| session.connected > 0 && !session.expired);
    }

    /// All sessions, oldest first, for tests.
    pub fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.sessions.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGENT: &str = "agent@example.com";

    fn caller(token: &str) -> Caller<'_> {
        Caller { token, sdk_app_id: "1400000000", user_id: AGENT }
    }

    #[test]
    fn a_script_url_works_once_and_only_within_its_lifetime() {
        let mut logins = Logins::default();
        let (token, expires_at) = logins.issue(1_400_000_000, AGENT, false, 1000);
        assert_eq!(expires_at, 1600);
        assert_eq!(logins.fetch(caller(&token), 1599), Ok(()));
        assert_eq!(logins.fetch(caller(&token), 1599), Err(Refusal::Used));
        let (token, _) = logins.issue(1_400_000_000, AGENT, false, 1000);
        assert_eq!(logins.fetch(caller(&token), 1600), Err(Refusal::Expired));
    }

    #[test]
    fn a_token_is_good_for_its_own_agent_and_centre_only() {
        let mut logins = Logins::default();
        let (token, _) = logins.issue(1_400_000_000, AGENT, false, 0);
        let other = Caller { user_id: "colleague@example.com", ..caller(&token) };
        assert_eq!(logins.fetch(other, 1), Err(Refusal::Unknown));
        let other = Caller { sdk_app_id: "1400000001", ..caller(&token) };
        assert_eq!(logins.fetch(other, 1), Err(Refusal::Unknown));
        assert_eq!(logins.fetch(caller("0".repeat(32).as_str()), 1), Err(Refusal::Unknown));
    }

    #[test]
    fn a_session_needs_its_script_and_a_once_only_token_opens_one() {
        let mut logins = Logins::default();
        let (token, _) = logins.issue(1_400_000_000, AGENT, true, 0);
        assert_eq!(logins.sign_in(caller(&token), 1), Err(Refusal::NeverFetched));
        assert_eq!(logins.fetch(caller(&token), 1), Ok(()));
        let session = logins.sign_in(caller(&token), 1).unwrap();
        assert_eq!(logins.agent_of(&session).as_deref(), Some(AGENT));
        assert_eq!(logins.sign_in(caller(&token), 1), Err(Refusal::Used));
        logins.expire_sessions();
        assert_eq!(logins.agent_of(&session), None);
    }

    #[test]
    fn a_reset_keeps_the_sessions_whose_page_is_open() {
        let mut logins = Logins::default();
        let open: Vec<String> = (0..2)
            .map(|_| {
                let (token, _) = logins.issue(1_400_000_000, AGENT, false, 0);
                logins.fetch(caller(&token), 1).unwrap();
                logins.sign_in(caller(&token), 1).unwrap()
            })
            .collect();
        logins.connection(&open[0], true);
        logins.reset();
        assert!(logins.agent_of(&open[0]).is_some());
        assert!(logins.agent_of(&open[1]).is_none());
    }
}
