//! How the server reports a failure: `application/problem+json` (RFC 9457) with Calldock's code and remedy.

use serde::{Deserialize, Serialize};

/// The media type of a [`Problem`].
pub const CONTENT_TYPE: &str = "application/problem+json";

/// A failure on the wire. None of its members ever holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI that names the kind of problem; `about:blank` where the status says it all.
    #[serde(rename = "type", default = "about_blank")]
    pub kind: String,
    /// The kind of problem in a few words.
    #[serde(default)]
    pub title: String,
    /// The HTTP status.
    #[serde(default)]
    pub status: u16,
    /// What was expected and what was found, this time.
    #[serde(default)]
    pub detail: String,
    /// One of [`crate::Code`]'s names.
    #[serde(default)]
    pub code: String,
    /// What to do about it, in the language the caller asked for.
    #[serde(default)]
    pub remedy: String,
    /// The caller's place in a full queue: sent back as `X-Calldock-Ticket`, it keeps the turn. Only
    /// beside `QUEUE_FULL`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// How long the turn is expected to take, in seconds. Only beside `QUEUE_FULL`.
    #[serde(default, rename = "waitSeconds", skip_serializing_if = "Option::is_none")]
    pub wait_seconds: Option<u32>,
}

fn about_blank() -> String {
    "about:blank".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_of_another_server_is_read_as_far_as_it_goes() {
        let problem: Problem =
            serde_json::from_str(r#"{"title":"Forbidden","status":403}"#).unwrap();
        assert_eq!((problem.kind.as_str(), problem.status), ("about:blank", 403));
        assert_eq!(problem.code, "");
    }
}
