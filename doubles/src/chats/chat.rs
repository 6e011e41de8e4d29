//! One visitor's conversation and its lines.

use serde::Serialize;

use super::words;
use crate::when::unix_ms;

/// Whose visitor it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Vendor {
    /// CEC's web chat.
    Cec,
    /// TCCC's online chat.
    Tccc,
}

/// How far a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Not begun, or ended.
    Closed,
    /// Nobody is there yet.
    Waiting,
    /// A robot answers.
    Robot,
    /// An agent answers.
    Agent,
}

/// Who says a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The visitor.
    Visitor,
    /// The agent.
    Agent,
    /// The robot.
    Robot,
    /// The contact centre itself.
    System,
}

/// One line of a conversation.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// Counts from 1 in its conversation.
    pub seq: u64,
    /// Milliseconds since 1970.
    pub at: u64,
    /// Who says it.
    pub from: Source,
    /// His name, as the visitor sees it.
    pub name: String,
    /// What is said.
    pub text: String,
    /// What happened, where the line only tells of it: `agentJoined`, `agentLeft`, `ended`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<&'static str>,
}

/// One visitor's conversation.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Chat {
    /// Its id.
    pub chat: String,
    /// Whose visitor it is.
    pub vendor: Vendor,
    /// The visitor's id at the integrator's.
    pub user_id: String,
    /// Chinese is spoken; else English.
    #[serde(skip)]
    pub zh: bool,
    /// How far it is.
    pub phase: Phase,
    /// What was said, oldest first.
    pub lines: Vec<Line>,
}

impl Chat {
    /// Somebody says something.
    pub fn say(&mut self, from: Source, text: String) {
        self.add(from, text, None);
    }

    /// Something happens, and the system tells of it.
    pub fn happens(&mut self, event: &'static str, text: String) {
        self.add(Source::System, text, Some(event));
    }

    fn add(&mut self, from: Source, text: String, event: Option<&'static str>) {
        let seq = self.lines.len() as u64 + 1;
        let name = words::name(self.zh, from);
        self.lines.push(Line { seq, at: unix_ms(), from, name, text, event });
    }
}
