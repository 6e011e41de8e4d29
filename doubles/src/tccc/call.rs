//! A call: what is known of it and what its event and its screen pop carry.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::when::{random_id, unix_ms};

/// The number of the demo's contact centre: what callers dial and what the called see.
pub const CENTRE_NUMBER: &str = "0755-86013388";

/// `callIn`'s `type`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A telephone call.
    #[default]
    Phone,
    /// A text chat.
    Im,
    /// An audio call from an app or a web page.
    Voip,
    /// A video call.
    Video,
    /// A colleague's call.
    Internal,
}

impl Kind {
    /// The screen pop's `type` (screen-pop guide).
    fn pop_type(self) -> &'static str {
        match self {
            Self::Phone | Self::Internal => "phone",
            Self::Im => "im",
            Self::Voip => "om",
            Self::Video => "oim",
        }
    }

    /// Calls with a voice, of which an agent has one at a time.
    pub fn has_voice(self) -> bool {
        self != Self::Im
    }
}

/// Who started a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// A customer, or a colleague.
    In,
    /// The agent.
    Out,
}

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Not answered yet (screen pop: 100).
    Ringing,
    /// Answered (200).
    Connected,
    /// Over (400).
    Ended,
}

/// One call or chat. Serialised, it is the view that pages and tests get.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// The vendor's id of it.
    pub session_id: String,
    /// Whose it is.
    pub agent: String,
    /// Telephone, chat, ….
    #[serde(rename = "type")]
    pub kind: Kind,
    /// In or out.
    pub direction: Direction,
    /// Ringing, connected, ended.
    pub status: Status,
    /// The other side's name, or else its number.
    pub title: String,
    /// The other side's number, where it has one.
    pub number: Option<String>,
    /// Milliseconds since 1970.
    pub started_at: u64,
    /// Milliseconds since 1970, once answered.
    pub answered_at: Option<u64>,
    /// The agent's microphone.
    pub muted: bool,
    /// The agent's camera.
    pub video_muted: bool,
    /// The other side hears music.
    pub held: bool,
    /// Who ended it: client, seat, admin or timer.
    pub close_by: Option<String>,
    /// The payload of `callIn` or `callOuted`.
    pub event: Value,
    /// The caller's part of a screen pop; calls that go out pop nothing (screen-pop guide).
    pub pop: Option<Map<String, Value>>,
}

/// What a caller is like; everything has a default.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Ring {
    /// Telephone, chat, ….
    #[serde(rename = "type")]
    pub kind: Kind,
    /// The caller's number.
    pub mobile: Option<String>,
    /// The caller's id: an openID, a user id.
    pub user_id: Option<String>,
    /// The caller's name.
    pub nick_name: Option<String>,
    /// An address of a picture.
    pub avatar: Option<String>,
    /// A remark that the centre keeps of the caller.
    pub remark: Option<String>,
    /// Seconds until the call goes elsewhere; 0 is never.
    pub timeout: u64,
    /// Where the caller is.
    pub caller_location: Option<String>,
    /// Keys pressed before the agent was rung: `[{key, label}]`.
    pub ivr_path: Option<Value>,
    /// A chat's own data, a string.
    pub client_data: Option<String>,
    /// Where a chat comes from.
    pub peer_source: Option<String>,
    /// A chat's channel.
    pub channel_name: Option<String>,
    /// staffSeat, staffPhoneSeat, miniProgramSeat, staffExtensionSeat.
    pub server_type: Option<String>,
    /// Who is rung; the demo's agent if absent.
    pub agent: Option<String>,
    /// Overrides the screen pop's `type`.
    pub pop_type: Option<String>,
    /// Overrides the screen pop's `mobile` … and adds parameters nobody knows.
    pub extra: BTreeMap<String, String>,
}

impl Call {
    /// A call that rings at an agent.
    pub fn ringing(ring: &Ring, agent: &str) -> Self {
        let session_id = random_id();
        let mobile = ring.mobile.clone().unwrap_or_else(|| "18888888888".into());
        let nick_name = ring.nick_name.clone().unwrap_or_else(|| "刘先生".into());
        let event = call_in(ring, &session_id, &mobile, &nick_name);
        let pop = pop(ring, &mobile, &nick_name);
        let number = (ring.kind != Kind::Im).then_some(mobile);
        Self {
            event,
            pop: Some(pop),
            ..Self::new(session_id, agent, ring.kind, Direction::In, nick_name, number)
        }
    }

    /// A call that goes out to a number; `description` is shown in its place.
    pub fn outbound(agent: &str, number: &str, description: Option<&str>) -> Self {
        let session_id = random_id();
        let event = json!({
            "sessionId": session_id, "calleePhoneNumber": number, "callerPhoneNumber": CENTRE_NUMBER,
            "serverType": "staffSeat", "remark": description.unwrap_or_default(),
        });
        let title = description.filter(|text| !text.is_empty()).unwrap_or(number).to_owned();
        let number = Some(number.to_owned());
        Self { event, ..Self::new(session_id, agent, Kind::Phone, Direction::Out, title, number) }
    }

    fn new(
        session_id: String,
        agent: &str,
        kind: Kind,
        direction: Direction,
        title: String,
        number: Option<String>,
    ) -> Self {
        Self {
            session_id,
            agent: agent.to_owned(),
            kind,
            direction,
            status: Status::Ringing,
            title,
            number,
            started_at: unix_ms(),
            answered_at: None,
            muted: false,
            video_muted: false,
            held: false,
            close_by: None,
            event: Value::Null,
            pop: None,
        }
    }

    /// The payload of `sessionEnded`; `duration` in whole seconds.
    pub fn ended_event(&self) -> Value {
        let duration = self.answered_at.map_or(0, |since| unix_ms().saturating_sub(since) / 1000);
        json!({
            "sessionId": self.session_id, "closeBy": self.close_by, "mainReason": "", "subReason": "",
            "type": self.kind, "duration": duration,
        })
    }
}

/// `callIn`'s payload: another set of members for each type (`docs/vendor/tccc.md` §1, Events).
fn call_in(ring: &Ring, session_id: &str, mobile: &str, nick_name: &str) -> Value {
    let user_id = ring.user_id.as_deref().unwrap_or(mobile);
    let own = match ring.kind {
        Kind::Phone => json!({
            "calleePhoneNumber": CENTRE_NUMBER, "callerPhoneNumber": mobile,
            "serverType": ring.server_type.as_deref().unwrap_or("staffSeat"),
            "callerLocation": ring.caller_location.as_deref().unwrap_or("广东 深圳"),
            "remark": ring.remark.as_deref().unwrap_or(nick_name), "ivrPath": ring.ivr_path,
            "protectedCaller": "", "protectedCallee": "",
        }),
        Kind::Im => json!({
            "nickname": nick_name, "avatar": ring.avatar, "remark": ring.remark, "clientData": ring.client_data,
            "peerSource": ring.peer_source, "channelName": ring.channel_name.as_deref().unwrap_or("web"),
        }),
        Kind::Voip => json!({
            "callee": CENTRE_NUMBER, "userId": user_id, "calleeRemark": "", "nickname": nick_name,
            "avatar": ring.avatar, "remark": ring.remark, "peerSource": ring.peer_source, "ivrPath": ring.ivr_path,
        }),
        Kind::Video => json!({
            "userId": user_id, "nickname": nick_name, "avatar": ring.avatar, "remark": ring.remark,
        }),
        Kind::Internal => json!({ "peerUserId": user_id }),
    };
    let mut event = json!({ "sessionId": session_id, "type": ring.kind, "timeout": ring.timeout });
    if let (Some(event), Value::Object(own)) = (event.as_object_mut(), own) {
        event.extend(own.into_iter().filter(|(_, value)| !value.is_null()));
    }
    event
}

fn pop(ring: &Ring, mobile: &str, nick_name: &str) -> Map<String, Value> {
    let mut pop = Map::new();
    let mut put = |name: &str, value: &str| pop.insert(name.to_owned(), value.into());
    put("mobile", mobile);
    put("userId", ring.user_id.as_deref().unwrap_or(mobile));
    put("nickName", nick_name);
    put("avatar", ring.avatar.as_deref().unwrap_or_default());
    put("type", ring.pop_type.as_deref().unwrap_or(ring.kind.pop_type()));
    for (name, value) in &ring.extra {
        put(name, value);
    }
    pop
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(kind: Kind) -> Vec<String> {
        let call = Call::ringing(&Ring { kind, ..Ring::default() }, "agent@example.com");
        call.event.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn each_type_of_call_has_the_members_its_document_requires() {
        for (kind, required) in [
            (Kind::Phone, vec!["calleePhoneNumber", "serverType", "callerPhoneNumber"]),
            (Kind::Im, vec!["nickname"]),
            (Kind::Voip, vec!["callee", "userId"]),
            (Kind::Video, vec!["userId"]),
            (Kind::Internal, vec!["peerUserId"]),
        ] {
            let members = members(kind);
            for name in ["sessionId", "type", "timeout"].into_iter().chain(required) {
                assert!(members.iter().any(|member| member == name), "{kind:?} {name}");
            }
        }
        assert!(!members(Kind::Im).contains(&"callerPhoneNumber".to_owned()));
    }

    #[test]
    fn a_call_that_goes_out_pops_nothing() {
        assert!(Call::outbound("agent@example.com", "13800000000", None).pop.is_none());
    }

    #[test]
    fn extra_parameters_reach_the_pop_and_override_its_own() {
        let extra = [("type", "xx"), ("extra_vip", "1")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        let call =
            Call::ringing(&Ring { extra: extra.into(), ..Ring::default() }, "agent@example.com");
        let pop = call.pop.unwrap();
        assert_eq!(pop["type"], "xx");
        assert_eq!(pop["extra_vip"], "1");
        assert_eq!(pop["userId"], pop["mobile"]);
    }
}
