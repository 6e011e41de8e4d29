//! Names that did not pass: each is logged once, counted, and reported with the line that would let it pass.
//! Values are never kept.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// The most names kept of each kind; callers make them up at will.
const MAX_NAMES: usize = 200;
/// The longest name kept.
const MAX_LENGTH: usize = 64;

/// Parts of names that speak of people or credentials. Such a name is reported but never suggested.
const PRIVATE: [&str; 19] = [
    "account",
    "api-key",
    "apikey",
    "assertion",
    "auth",
    "csrf",
    "email",
    "guest",
    "identity",
    "jwt",
    "login",
    "pass",
    "secret",
    "sess",
    "sid",
    "ticket",
    "token",
    "user",
    "xsrf",
];

/// What kind of name it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A header of a request.
    RequestHeader,
    /// A cookie a page sent.
    RequestCookie,
    /// A header of CEC's response.
    ResponseHeader,
    /// A cookie CEC wanted to set.
    ResponseCookie,
}

impl Kind {
    const ALL: [Self; 4] =
        [Self::RequestHeader, Self::RequestCookie, Self::ResponseHeader, Self::ResponseCookie];

    /// As it appears in the log and the metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RequestHeader => "request_header",
            Self::RequestCookie => "request_cookie",
            Self::ResponseHeader => "response_header",
            Self::ResponseCookie => "response_cookie",
        }
    }
}

/// All names that did not pass since the start.
#[derive(Debug, Default)]
pub struct Refused([Mutex<Names>; 4]);

#[derive(Debug, Default)]
struct Names {
    counts: BTreeMap<String, u64>,
    total: u64,
}

/// One name with its count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// The header's or cookie's name.
    pub name: String,
    /// How often it did not pass.
    pub count: u64,
}

/// The body of the operator's `GET /refused`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Report {
    /// Request headers.
    pub request_headers: Vec<Name>,
    /// Cookies that pages sent.
    pub request_cookies: Vec<Name>,
    /// Response headers; no setting lets them pass.
    pub response_headers: Vec<Name>,
    /// Cookies that CEC wanted to set.
    pub response_cookies: Vec<Name>,
    /// The lines of the settings file that would let the names pass, except those that look like a person's
    /// identity or credential. A cookie is suggested only if CEC itself wanted to set it.
    pub add: Vec<String>,
}

impl Refused {
    /// Counts a name, and logs it the first time.
    pub fn note(&self, kind: Kind, name: &[u8]) {
        let plain = |byte: &u8| byte.is_ascii_graphic() && *byte != b'"' && *byte != b'\\';
        let name = match std::str::from_utf8(name) {
            Ok(text) if (1..=MAX_LENGTH).contains(&text.len()) && name.iter().all(plain) => text,
            _ => "(not a usual name)",
        };
        let mut names = self.names(kind);
        names.total += 1;
        if let Some(count) = names.counts.get_mut(name) {
            *count += 1;
            return;
        }
        if names.counts.len() >= MAX_NAMES {
            return;
        }
        names.counts.insert(name.to_owned(), 1);
        drop(names);
        let kind = kind.as_str();
        tracing::info!(kind, name, "not_relayed: this name does not pass; see /refused");
    }

    /// Returns how many names of a kind did not pass.
    pub fn totals(&self) -> [(Kind, u64); 4] {
        Kind::ALL.map(|kind| (kind, self.names(kind).total))
    }

    /// Returns everything that is known, but for these names, about which the settings have decided.
    pub fn report(&self, decided: &[String]) -> Report {
        let [request_headers, request_cookies, response_headers, response_cookies] =
            Kind::ALL.map(|kind| {
                let names = self.names(kind);
                let pairs = names.counts.iter();
                pairs
                    .filter(|(name, _)| !decided.contains(name))
                    .map(|(name, count)| Name { name: name.clone(), count: *count })
                    .collect::<Vec<_>>()
            });
        let mut add = Vec::new();
        for (setting, names) in
            [("edge.headers", &request_headers), ("edge.cookies", &response_cookies)]
        {
            let suggested = suggestions(names);
            if !suggested.is_empty() {
                add.push(format!("{setting} = [{}]", suggested.join(", ")));
            }
        }
        Report { request_headers, request_cookies, response_headers, response_cookies, add }
    }

    fn names(&self, kind: Kind) -> MutexGuard<'_, Names> {
        self.0[kind as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn suggestions(names: &[Name]) -> Vec<String> {
    let usual = |name: &&Name| {
        let lower = name.name.to_ascii_lowercase();
        !name.name.starts_with('(') && !PRIVATE.iter().any(|part| lower.contains(part))
    };
    names.iter().filter(usual).map(|name| format!("\"{}\"", name.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_counted_and_what_looks_like_a_credential_is_not_suggested() {
        let refused = Refused::default();
        for name in ["x-own", "x-own", "x-auth-request-email", "x-forwarded-access-token"] {
            refused.note(Kind::RequestHeader, name.as_bytes());
        }
        for name in ["route", "JSESSIONID"] {
            refused.note(Kind::ResponseCookie, name.as_bytes());
            refused.note(Kind::RequestCookie, name.as_bytes());
        }
        refused.note(Kind::ResponseHeader, b"x-accel-redirect");
        let report = refused.report(&[]);
        assert_eq!(report.request_headers.len(), 3);
        assert_eq!(report.request_headers[2], Name { name: "x-own".into(), count: 2 });
        assert_eq!(report.response_headers[0].name, "x-accel-redirect");
        assert_eq!(report.add, ["edge.headers = [\"x-own\"]", "edge.cookies = [\"route\"]"]);
        assert_eq!(refused.totals()[0].1, 4);
    }

    #[test]
    fn made_up_names_take_no_more_than_their_share() {
        let refused = Refused::default();
        for number in 0..MAX_NAMES + 100 {
            refused.note(Kind::RequestCookie, format!("made-up-{number}").as_bytes());
        }
        refused.note(Kind::RequestHeader, "\u{202e}".as_bytes());
        let report = refused.report(&[]);
        assert_eq!(report.request_cookies.len(), MAX_NAMES);
        assert_eq!(report.request_headers[0].name, "(not a usual name)");
        assert!(report.add.is_empty());
    }
}
