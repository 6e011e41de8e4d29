//! Names that did not pass: each is logged once, counted, and reported with the line that would let it pass.
//! Values are never kept.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::settings::Edge;

/// The most names kept of each kind, and logged.
const MAX_NAMES: usize = 200;
/// The most names suggested for a setting.
const MAX_SUGGESTED: usize = 20;
/// The longest name kept.
const MAX_LENGTH: usize = 64;

/// Parts of names that speak of people or credentials, a space between them. Such a name is reported but never
/// suggested.
const PRIVATE: &str = "account api-key apikey assertion auth csrf email guest identity \
    jwt login pass secret sess sid ticket token user xsrf";

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
    /// How often a name did not pass, and the total when it last did not.
    seen: BTreeMap<String, (u64, u64)>,
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
    /// The lines of `[edge]` in the settings file that would let the names pass as well, the most frequent first,
    /// except those that look like a person's identity or credential. A cookie is suggested only if CEC itself
    /// wanted to set it.
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
        let now = names.total;
        if let Some((count, last)) = names.seen.get_mut(name) {
            (*count, *last) = (*count + 1, now);
            return;
        }
        let is_full = names.seen.len() >= MAX_NAMES;
        if is_full {
            // Callers make names up at will: the rarest gives way, the oldest of these first.
            let rarest = names.seen.iter().min_by_key(|(_, seen)| **seen);
            let rarest = rarest.map(|(name, _)| name.clone()).unwrap_or_default();
            names.seen.remove(&rarest);
        }
        names.seen.insert(name.to_owned(), (1, now));
        drop(names);
        if !is_full {
            let kind = kind.as_str();
            tracing::info!(kind, name, "not_relayed: this name does not pass; see /refused");
        }
    }

    /// Returns how many names of a kind did not pass.
    pub fn totals(&self) -> [(Kind, u64); 4] {
        Kind::ALL.map(|kind| (kind, self.names(kind).total))
    }

    /// Returns everything that is known, but for the names that the settings let pass or ignore.
    pub fn report(&self, edge: &Edge) -> Report {
        let headers: Vec<_> = edge.headers.iter().map(ToString::to_string).collect();
        let is_decided = |name: &String| {
            // A header's name is in lower case, a cookie's as it is.
            let ignored = |other: &String| other == name || other.to_ascii_lowercase() == *name;
            [&headers, &edge.cookies].iter().any(|list| list.contains(name))
                || edge.ignored.iter().any(ignored)
        };
        let [request_headers, request_cookies, response_headers, response_cookies] =
            Kind::ALL.map(|kind| {
                let names = self.names(kind);
                let pairs = names.seen.iter().filter(|(name, _)| !is_decided(name));
                pairs
                    .map(|(name, (count, _))| Name { name: name.clone(), count: *count })
                    .collect::<Vec<_>>()
            });
        let mut add = Vec::new();
        for (setting, present, names) in
            [("headers", &headers, &request_headers), ("cookies", &edge.cookies, &response_cookies)]
        {
            let suggested = suggestions(names);
            if !suggested.is_empty() {
                let all = present.iter().map(String::as_str).chain(suggested);
                let all: Vec<_> = all.map(|name| format!("\"{name}\"")).collect();
                add.push(format!("{setting} = [{}]", all.join(", ")));
            }
        }
        Report { request_headers, request_cookies, response_headers, response_cookies, add }
    }

    fn names(&self, kind: Kind) -> MutexGuard<'_, Names> {
        self.0[kind as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn suggestions(names: &[Name]) -> Vec<&str> {
    let usual = |name: &&Name| {
        let lower = name.name.to_ascii_lowercase();
        !name.name.starts_with('(') && !PRIVATE.split(' ').any(|part| lower.contains(part))
    };
    let mut usual: Vec<_> = names.iter().filter(usual).collect();
    usual.sort_by_key(|name| Reverse(name.count));
    usual.into_iter().take(MAX_SUGGESTED).map(|name| name.name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    fn edge() -> Edge {
        Settings::new("https://cec.example/".parse().unwrap()).edge
    }

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
        let report = refused.report(&edge());
        assert_eq!(report.request_headers.len(), 3);
        assert_eq!(report.request_headers[2], Name { name: "x-own".into(), count: 2 });
        assert_eq!(report.response_headers[0].name, "x-accel-redirect");
        assert_eq!(report.add, ["headers = [\"x-own\"]", "cookies = [\"route\"]"]);
        assert_eq!(refused.totals()[0].1, 4);
    }

    #[test]
    fn made_up_names_take_no_more_than_their_share() {
        let refused = Refused::default();
        for number in 0..MAX_NAMES + 100 {
            refused.note(Kind::RequestCookie, format!("made-up-{number}").as_bytes());
        }
        refused.note(Kind::RequestHeader, "\u{202e}".as_bytes());
        let report = refused.report(&edge());
        assert_eq!(report.request_cookies.len(), MAX_NAMES);
        assert_eq!(report.request_headers[0].name, "(not a usual name)");
        assert!(report.add.is_empty());
    }

    #[test]
    fn a_name_that_comes_again_is_suggested_among_made_up_ones() {
        let refused = Refused::default();
        for number in 0..1000 {
            refused.note(Kind::RequestHeader, format!("x-made-up-{number}").as_bytes());
            if number % 100 == 0 {
                refused.note(Kind::RequestHeader, b"x-own");
            }
        }
        let mut edge = edge();
        edge.headers = vec!["x-first".parse().unwrap()];
        let report = refused.report(&edge);
        assert_eq!(report.request_headers.len(), MAX_NAMES);
        let [line] = &report.add[..] else { panic!("{:?}", report.add) };
        // The whole line, which takes the place of the present one.
        assert!(line.starts_with("headers = [\"x-first\", \"x-own\", \"x-made-up-"), "{line}");
        assert_eq!(line.matches(", ").count(), MAX_SUGGESTED, "{line}");
    }

    #[test]
    fn a_line_to_add_can_be_read_beside_the_rest_of_its_section() {
        let refused = Refused::default();
        refused.note(Kind::RequestHeader, b"x-own");
        refused.note(Kind::ResponseCookie, b"route");
        let lines = refused.report(&edge()).add.join("\n");
        let file = tempfile::NamedTempFile::new().unwrap();
        let text = format!("[cec]\norigin = \"https://cec.example\"\n[edge]\n{lines}\n");
        std::fs::write(file.path(), text).unwrap();
        let edge = crate::settings::load(file.path()).unwrap().edge;
        assert_eq!(edge.headers, ["x-own"]);
        assert_eq!(edge.cookies, ["route"]);
    }
}
