//! The contact centre: agents, calls, and the events they cause.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::broadcast;

use super::call::{Call, Direction, Status};
use crate::when::unix_ms;

/// The centre's skill groups: each one's id and name.
pub const SKILL_GROUPS: [(u64, &str); 3] = [(1001, "售前咨询"), (1002, "售后服务"), (1003, "投诉")];

/// The demo's contact centre.
pub const SDK_APP_ID: u64 = 1_400_000_000;
/// The demo's agent.
pub const AGENT: &str = "agent@example.com";
/// Another agent, for transfers, internal calls and switching agents.
pub const COLLEAGUE: &str = "colleague@example.com";

/// Ended calls and notices that are kept; the oldest go first.
const KEPT: usize = 500;

/// One thing that happened, as pages are told it over their event streams.
#[derive(Debug, Serialize)]
pub struct Notice {
    /// Counts from 1; the stream's `id`, so that a page that reconnects misses nothing.
    pub seq: u64,
    /// The vendor's event; or `call` and `reset`, which only redraw.
    pub name: &'static str,
    /// The event's payload.
    pub data: Value,
    /// The call as it is now.
    pub call: Option<Call>,
    /// Whom it concerns.
    #[serde(skip)]
    pub agent: String,
}

/// Agents, calls and what happened.
pub struct Centre {
    calls: VecDeque<Call>,
    statuses: BTreeMap<String, String>,
    history: VecDeque<Arc<Notice>>,
    seq: u64,
    live: broadcast::Sender<Arc<Notice>>,
    /// Number mapping is on: agents see and dial ids instead of numbers.
    pub mapping: bool,
}

/// What failed, in words for the caller.
pub type Failure = String;

impl Centre {
    /// An empty centre with both agents free.
    pub fn new() -> Self {
        Self {
            calls: VecDeque::new(),
            statuses: [AGENT, COLLEAGUE].map(|agent| (agent.to_owned(), "free".to_owned())).into(),
            history: VecDeque::new(),
            seq: 0,
            live: broadcast::Sender::new(1024),
            mapping: false,
        }
    }

    /// Whether an agent of this address is known here.
    pub fn knows(&self, agent: &str) -> bool {
        self.statuses.contains_key(agent)
    }

    /// A new agent, who is not there yet.
    pub fn add(&mut self, agent: &str) {
        self.statuses.insert(agent.to_owned(), "offline".into());
    }

    /// The agent's status in the vendor's words.
    pub fn status_of(&self, agent: &str) -> &str {
        self.statuses.get(agent).map_or("offline", String::as_str)
    }

    /// All agents and their statuses.
    pub fn statuses(&self) -> &BTreeMap<String, String> {
        &self.statuses
    }

    /// The last notice's number.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// What an agent missed since `after`, and what follows.
    pub fn subscribe(&self, after: u64) -> (Vec<Arc<Notice>>, broadcast::Receiver<Arc<Notice>>) {
        let missed = self.history.iter().filter(|notice| notice.seq > after).cloned().collect();
        (missed, self.live.subscribe())
    }

    /// Tells an agent's pages that something happened.
    pub fn publish(&mut self, agent: &str, name: &'static str, data: Value, call: Option<&Call>) {
        self.seq += 1;
        let notice = Arc::new(Notice {
            seq: self.seq,
            name,
            data,
            call: call.cloned(),
            agent: agent.to_owned(),
        });
        if self.history.len() == KEPT {
            self.history.pop_front();
        }
        self.history.push_back(Arc::clone(&notice));
        // Nobody listening is no error.
        let _ = self.live.send(notice);
    }

    /// All calls kept, oldest first.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter()
    }

    /// A call by its id.
    pub fn call(&self, session_id: &str) -> Option<&Call> {
        self.calls.iter().find(|call| call.session_id == session_id)
    }

    /// The newest call that is not over, of those that `wanted` picks.
    pub fn newest(&self, wanted: impl Fn(&Call) -> bool) -> Option<&Call> {
        self.calls.iter().rev().find(|call| call.status != Status::Ended && wanted(call))
    }

    /// An agent's calls that are not over.
    pub fn live_calls(&self, agent: &str) -> Vec<Call> {
        let live = |call: &&Call| call.agent == agent && call.status != Status::Ended;
        self.calls.iter().filter(live).cloned().collect()
    }

    /// Lets a call ring, in or out; returns its id.
    pub fn begin(&mut self, call: Call) -> String {
        let session_id = call.session_id.clone();
        let name = if call.direction == Direction::In { "callIn" } else { "callOuted" };
        if self.calls.len() == KEPT {
            self.calls.pop_front();
        }
        self.publish(&call.agent, name, call.event.clone(), Some(&call));
        self.calls.push_back(call);
        session_id
    }

    /// The called side answers: the agent if the call came in, the far end if it went out.
    pub fn answer(&mut self, session_id: &str) -> Result<(), Failure> {
        let call = self.change(session_id, |call| {
            if call.status != Status::Ringing {
                return Err("the call is not ringing".into());
            }
            call.status = Status::Connected;
            call.answered_at = Some(unix_ms());
            Ok(())
        })?;
        let name = if call.direction == Direction::In { "userAccessed" } else { "calloutAccepted" };
        self.publish(&call.agent, name, json!({ "sessionId": session_id }), Some(&call));
        if call.kind.has_voice() {
            self.set_status(&call.agent, "busy");
        }
        Ok(())
    }

    /// Ends a call; `close_by` is client, seat, admin or timer.
    pub fn end(&mut self, session_id: &str, close_by: &str) -> Result<(), Failure> {
        let call = self.change(session_id, |call| {
            call.status = Status::Ended;
            call.close_by = Some(close_by.to_owned());
            Ok(())
        })?;
        self.publish(&call.agent, "sessionEnded", call.ended_event(), Some(&call));
        self.publish(
            &call.agent,
            "sessionCompleted",
            json!({ "sessionId": session_id }),
            Some(&call),
        );
        let speaking = self.newest(|other| {
            other.agent == call.agent && other.kind.has_voice() && other.status == Status::Connected
        });
        if speaking.is_none() && self.status_of(&call.agent) == "busy" {
            self.set_status(&call.agent, "free");
        }
        Ok(())
    }

    /// Nobody answered in time: the call goes to somebody else.
    pub fn time_out(&mut self, session_id: &str) {
        let Some(call) =
            self.call(session_id).filter(|call| call.status == Status::Ringing).cloned()
        else {
            return;
        };
        self.publish(&call.agent, "autoTransfer", json!({ "sessionId": session_id }), Some(&call));
        // The call was live a line above, under the same lock.
        let _ = self.end(session_id, "timer");
    }

    /// Changes a live call in a way that no event of the vendor tells; pages redraw it.
    pub fn adjust(
        &mut self,
        session_id: &str,
        change: impl FnOnce(&mut Call),
    ) -> Result<(), Failure> {
        let call = self.change(session_id, |call| {
            change(call);
            Ok(())
        })?;
        self.publish(&call.agent, "call", Value::Null, Some(&call));
        Ok(())
    }

    fn change(
        &mut self,
        session_id: &str,
        change: impl FnOnce(&mut Call) -> Result<(), Failure>,
    ) -> Result<Call, Failure> {
        let call = self.calls.iter_mut().find(|call| call.session_id == session_id);
        let call = call.ok_or("no such session")?;
        if call.status == Status::Ended {
            return Err("the session has ended".into());
        }
        change(call)?;
        Ok(call.clone())
    }

    /// Sets an agent's status and says so, if it is another one.
    pub fn set_status(&mut self, agent: &str, status: &str) {
        let Some(current) = self.statuses.get_mut(agent) else { return };
        if current != status {
            *current = status.to_owned();
            self.publish(agent, "statusChanged", json!({ "status": status }), None);
        }
    }

    /// Everything as at the start; pages that are open drop what they show.
    pub fn reset(&mut self) {
        self.mapping = false;
        self.calls.clear();
        self.history.clear();
        self.statuses.clear();
        for agent in [AGENT, COLLEAGUE] {
            self.statuses.insert(agent.to_owned(), "free".into());
            self.publish(agent, "reset", json!({ "status": "free" }), None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tccc::call::Ring;

    fn names(centre: &Centre) -> Vec<&'static str> {
        centre.history.iter().map(|notice| notice.name).collect()
    }

    #[test]
    fn a_call_in_rings_is_answered_and_ends() {
        let mut centre = Centre::new();
        let id = centre.begin(Call::ringing(&Ring::default(), AGENT));
        centre.answer(&id).unwrap();
        assert_eq!(centre.status_of(AGENT), "busy");
        centre.end(&id, "client").unwrap();
        assert_eq!(
            names(&centre),
            [
                "callIn",
                "userAccessed",
                "statusChanged",
                "sessionEnded",
                "sessionCompleted",
                "statusChanged"
            ]
        );
        assert_eq!(centre.history[3].data["closeBy"], "client");
        assert_eq!(centre.status_of(AGENT), "free");
        assert!(centre.end(&id, "client").is_err());
        assert!(centre.answer(&id).is_err());
    }

    #[test]
    fn a_call_out_has_events_of_its_own() {
        let mut centre = Centre::new();
        let id = centre.begin(Call::outbound(AGENT, "13800000000", Some("刘先生")));
        centre.answer(&id).unwrap();
        assert_eq!(names(&centre)[..2], ["callOuted", "calloutAccepted"]);
    }

    #[test]
    fn an_unanswered_call_goes_elsewhere_and_an_answered_one_stays() {
        let mut centre = Centre::new();
        let late = centre.begin(Call::ringing(&Ring::default(), AGENT));
        centre.time_out(&late);
        assert_eq!(names(&centre), ["callIn", "autoTransfer", "sessionEnded", "sessionCompleted"]);
        let taken = centre.begin(Call::ringing(&Ring::default(), AGENT));
        centre.answer(&taken).unwrap();
        centre.time_out(&taken);
        assert_eq!(centre.call(&taken).unwrap().status, Status::Connected);
    }

    #[test]
    fn a_page_that_reconnects_is_told_what_it_missed() {
        let mut centre = Centre::new();
        let id = centre.begin(Call::ringing(&Ring::default(), AGENT));
        let seen = centre.seq();
        centre.answer(&id).unwrap();
        let (missed, _live) = centre.subscribe(seen);
        assert_eq!(missed.first().map(|notice| notice.name), Some("userAccessed"));
    }

    #[test]
    fn ending_one_of_two_conversations_keeps_the_agent_busy() {
        let mut centre = Centre::new();
        let ids = [0, 1].map(|_| centre.begin(Call::ringing(&Ring::default(), AGENT)));
        ids.iter().for_each(|id| centre.answer(id).unwrap());
        centre.end(&ids[0], "seat").unwrap();
        assert_eq!(centre.status_of(AGENT), "busy");
        centre.end(&ids[1], "seat").unwrap();
        assert_eq!(centre.status_of(AGENT), "free");
    }
}
