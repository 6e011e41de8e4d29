//! What is asked, and what is answered.

use serde_json::Value;

/// A request.
#[derive(Clone, Debug)]
pub struct Ask {
    /// `POST` for most.
    pub method: &'static str,
    /// The whole address.
    pub url: String,
    /// Every header but those of the session.
    pub headers: Vec<(&'static str, String)>,
    /// The body; none is sent with a length of 0.
    pub body: Option<String>,
    /// Whether the browser of somebody who is signed in asks: with the cookies it was given, and with
    /// the headers of `--header-env`.
    pub session: bool,
}

impl Ask {
    /// A request without headers, body or session.
    pub fn new(method: &'static str, url: &str) -> Self {
        Self { method, url: url.to_owned(), headers: Vec::new(), body: None, session: false }
    }

    /// The same with a header, which replaces one of that name.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The same without a header.
    pub fn without(mut self, name: &'static str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    /// The same with a body.
    pub fn body(self, content_type: &str, body: impl Into<String>) -> Self {
        Self { body: Some(body.into()), ..self }.header("content-type", content_type)
    }

    /// The same of somebody who is signed in.
    pub fn signed_in(self) -> Self {
        Self { session: true, ..self }
    }
}

/// An answer, read to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Answer {
    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The media type without its parameters, in lower case.
    pub fn media_type(&self) -> String {
        let value = self.header("content-type").split(';').next().unwrap_or_default();
        value.trim().to_ascii_lowercase()
    }

    /// The body as JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_str(&self.body).ok()
    }

    /// Whether no cache may keep it.
    pub fn is_unstored(&self) -> bool {
        let directives = self.header("cache-control").to_ascii_lowercase();
        directives.split(',').any(|word| word.trim() == "no-store")
    }
}

/// The side that responds.
pub trait Backend: Sync {
    /// Asks, and waits for the answer; the error says in a few words why there is none.
    fn ask(&self, ask: &Ask) -> Result<Answer, String>;
}
