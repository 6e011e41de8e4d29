//! Conversations with visitors: an agent who joins, echoes and leaves, for both vendors.

/// One visitor's conversation and its lines.
mod chat;
/// Lets the agent join, speak, leave and end, for tests and the simulator.
pub mod control;
/// What is said in a conversation by the system, the robot and the echoing agent.
mod words;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::when::random_id;

pub use chat::{Chat, Line, Phase, Source, Vendor};

/// From the visitor's connecting to the agent's joining, in milliseconds.
pub const JOINS_AFTER_MS: u64 = 300;
/// From the visitor's line to its echo, in milliseconds.
pub const ECHOES_AFTER_MS: u64 = 400;
/// Conversations kept; the oldest go first.
const KEPT: usize = 200;

/// How visitors are served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// An agent joins by himself and echoes.
    #[default]
    Auto,
    /// The agent does only what the control routes say.
    Manual,
    /// A robot answers until the visitor asks for an agent.
    Robot,
}

/// All conversations. Clones are the same.
#[derive(Clone, Default)]
pub struct Chats(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    chats: VecDeque<Chat>,
    mode: Mode,
}

/// Why something cannot be done, in words for the caller.
pub type Refusal = &'static str;

const GONE: Refusal = "no such conversation";
const CLOSED: Refusal = "the conversation is not connected";

impl Chats {
    /// A new conversation, not connected yet; returns its id.
    pub fn open(&self, vendor: Vendor, user_id: &str, zh: bool) -> String {
        let chat = random_id();
        let mut kept = self.lock();
        if kept.chats.len() == KEPT {
            kept.chats.pop_front();
        }
        kept.chats.push_back(Chat {
            chat: chat.clone(),
            vendor,
            user_id: user_id.to_owned(),
            zh,
            phase: Phase::Closed,
            lines: Vec::new(),
        });
        chat
    }

    /// Connects the visitor; one who is connected stays so.
    pub fn connect(&self, id: &str) -> Result<(), Refusal> {
        let mode = self.mode();
        let begun = self.with(id, |chat| {
            if chat.phase != Phase::Closed {
                return false;
            }
            chat.phase = if mode == Mode::Robot { Phase::Robot } else { Phase::Waiting };
            match chat.phase {
                Phase::Robot => chat.say(Source::Robot, words::robot_greets(chat.zh)),
                _ => chat.say(Source::System, words::waiting(chat.zh)),
            }
            true
        })?;
        if begun && mode == Mode::Auto {
            self.later(id, JOINS_AFTER_MS, |chats, id| chats.join(id));
        }
        Ok(())
    }

    /// The visitor says something; the robot or the agent answers a moment later.
    pub fn visitor_says(&self, id: &str, text: &str) -> Result<(), Refusal> {
        let mode = self.mode();
        let phase = self.with(id, |chat| {
            if chat.phase == Phase::Closed {
                return Err(CLOSED);
            }
            chat.say(Source::Visitor, text.to_owned());
            Ok(chat.phase)
        })??;
        let text = text.to_owned();
        match phase {
            Phase::Robot if text.contains(words::TO_AGENT) => self.to_agent(id)?,
            Phase::Robot => self.later(id, ECHOES_AFTER_MS, move |chats, id| {
                chats.echo(id, Source::Robot, Phase::Robot, &text)
            }),
            Phase::Agent if mode != Mode::Manual => {
                self.later(id, ECHOES_AFTER_MS, move |chats, id| {
                    chats.echo(id, Source::Agent, Phase::Agent, &text)
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn echo(&self, id: &str, from: Source, still: Phase, text: &str) -> Result<(), Refusal> {
        self.with(id, |chat| {
            if chat.phase == still {
                chat.say(from, words::echo(chat.zh, text));
            }
        })
    }

    /// The visitor asks for an agent. With an agent he cannot (CEC guide, 1.4.2 step 7).
    pub fn to_agent(&self, id: &str) -> Result<(), Refusal> {
        self.with(id, |chat| match chat.phase {
            Phase::Closed => Err(CLOSED),
            Phase::Agent => Err("the visitor is talking to an agent already"),
            Phase::Waiting | Phase::Robot => {
                chat.phase = Phase::Waiting;
                chat.say(Source::System, words::waiting(chat.zh));
                Ok(())
            }
        })??;
        if self.mode() != Mode::Manual {
            self.later(id, JOINS_AFTER_MS, |chats, id| chats.join(id));
        }
        Ok(())
    }

    /// The agent joins.
    pub fn join(&self, id: &str) -> Result<(), Refusal> {
        self.with(id, |chat| match chat.phase {
            Phase::Closed => Err(CLOSED),
            Phase::Agent => Err("an agent is there already"),
            Phase::Waiting | Phase::Robot => {
                chat.phase = Phase::Agent;
                chat.happens("agentJoined", words::joined(chat.zh));
                chat.say(Source::Agent, words::agent_greets(chat.zh));
                Ok(())
            }
        })?
    }

    /// The agent leaves; the visitor waits for another.
    pub fn leave(&self, id: &str) -> Result<(), Refusal> {
        self.with(id, |chat| {
            if chat.phase != Phase::Agent {
                return Err("no agent is there");
            }
            chat.phase = Phase::Waiting;
            chat.happens("agentLeft", words::left(chat.zh));
            Ok(())
        })?
    }

    /// The agent says something.
    pub fn agent_says(&self, id: &str, text: &str) -> Result<(), Refusal> {
        self.with(id, |chat| {
            if chat.phase != Phase::Agent {
                return Err("no agent is there");
            }
            chat.say(Source::Agent, text.to_owned());
            Ok(())
        })?
    }

    /// Ends the conversation; one that has ended stays so.
    pub fn end(&self, id: &str) -> Result<(), Refusal> {
        self.with(id, |chat| {
            if chat.phase != Phase::Closed {
                chat.phase = Phase::Closed;
                chat.happens("ended", words::ended(chat.zh));
            }
        })
    }

    /// How far a conversation is, and what was said after a line.
    pub fn since(&self, id: &str, after: u64) -> Option<(Phase, Vec<Line>)> {
        let lines = |chat: &mut Chat| {
            let new = chat.lines.iter().filter(|line| line.seq > after).cloned().collect();
            (chat.phase, new)
        };
        self.with(id, lines).ok()
    }

    /// The newest conversation that is connected.
    pub fn newest(&self) -> Option<String> {
        let kept = self.lock();
        let live = kept.chats.iter().rev().find(|chat| chat.phase != Phase::Closed);
        live.map(|chat| chat.chat.clone())
    }

    /// How visitors are served.
    pub fn mode(&self) -> Mode {
        self.lock().mode
    }

    /// Serves visitors another way from now on.
    pub fn set_mode(&self, mode: Mode) {
        self.lock().mode = mode;
    }

    /// Every conversation, for tests.
    pub fn view(&self) -> Value {
        json!(self.lock().chats)
    }

    /// Forgets every conversation.
    pub fn reset(&self) {
        *self.lock() = Kept::default();
    }

    fn with<T>(&self, id: &str, act: impl FnOnce(&mut Chat) -> T) -> Result<T, Refusal> {
        self.lock().chats.iter_mut().find(|chat| chat.chat == id).map(act).ok_or(GONE)
    }

    fn later(
        &self,
        id: &str,
        milliseconds: u64,
        act: impl FnOnce(&Self, &str) -> Result<(), Refusal> + Send + 'static,
    ) {
        let (chats, id) = (self.clone(), id.to_owned());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            // What was refused was overtaken by something else, and that is all right.
            let _ = act(&chats, &id);
        });
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
