//! The secrets the vendor's calls are signed with.
//!
//! They are wiped when they are dropped, and so is every key derived from them. What leaves the server is
//! a plain text on its way: the headers of a call (`Authorization` with the SecretId, `X-TC-Token`).

use secrecy::{ExposeSecret, SecretString};

/// A key pair of the vendor's, with the session token that temporary ones have. `Debug` shows none of it.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// SecretId: names the key. Not enough to sign with, and still nobody else's business.
    pub secret_id: SecretString,
    /// SecretKey: signs.
    pub secret_key: SecretString,
    /// The session token of temporary credentials (`X-TC-Token`).
    pub token: Option<SecretString>,
}

impl Credentials {
    /// Whether a text from outside holds one of the secrets, so that it must not be passed on.
    pub fn leak_in(&self, text: &str) -> bool {
        [Some(&self.secret_id), Some(&self.secret_key), self.token.as_ref()]
            .into_iter()
            .flatten()
            .any(|secret| text.contains(secret.expose_secret()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_and_leaks_are_seen() {
        let credentials = Credentials {
            secret_id: "AKIDEXAMPLE".into(),
            secret_key: "SECRETKEYEXAMPLE".into(),
            token: Some("SESSIONEXAMPLE".into()),
        };
        assert!(!format!("{credentials:?}").contains("EXAMPLE"));
        for secret in ["AKIDEXAMPLE", "SECRETKEYEXAMPLE", "SESSIONEXAMPLE"] {
            assert!(credentials.leak_in(&format!("…{secret}…")));
        }
        assert!(!credentials.leak_in("EXAMPLE"));
    }
}
