//! What an agent's page can ask for: the vendor's methods, one by one (`docs/vendor/tccc.md` §1, Methods).

use serde_json::{Value, json};

use super::{
    Tccc,
    call::{CENTRE_NUMBER, Call, Direction, Kind, Ring, Status},
    centre::{COLLEAGUE, Failure, SKILL_GROUPS},
    phone::{dialable, of_id},
};

/// How long the far end lets its telephone ring, in milliseconds.
pub const FAR_END_RINGS_MS: u64 = 400;

type Answer = Result<Value, Failure>;

/// Does what a method of the agent script asks; the answer is its `data`.
///
/// A method that the page answers by itself (`UI`, `Devices`, `Agent.getStatus`) never comes here.
pub fn run(tccc: &Tccc, agent: &str, method: &str, options: &Value) -> Answer {
    match method {
        "Call.startOutboundCall" => start_outbound(tccc, agent, options),
        "Call.startInternalCall" => start_internal(tccc, agent, options),
        "Agent.online" => set_status(tccc, agent, "free"),
        "Agent.offline" => set_status(tccc, agent, "offline"),
        "Agent.setStatus" => match text(options, "status")? {
            "stopNotReady" => set_status(tccc, agent, "free"),
            status @ ("free" | "rest" | "arrange" | "notReady") => set_status(tccc, agent, status),
            _ => Err("status: expected free, rest, arrange, notReady or stopNotReady".into()),
        },
        "Admin.getSkillGroups" => Ok(SKILL_GROUPS
            .map(|(id, name)| json!({ "skillGroupName": name, "skillGroupId": id }))
            .into()),
        _ => match method.split_once('.') {
            Some((family @ ("Call" | "Chat" | "Video"), name)) => {
                on_session(tccc, agent, family, name, options)
            }
            _ => Err(format!("no such method: {method}")),
        },
    }
}

/// An answer as the vendor wraps it, with an entry in the log; `from` is `script` or `workbench`.
pub fn logged(tccc: &Tccc, from: &str, method: &str, options: Value, answer: Answer) -> Value {
    let status = if answer.is_ok() { "success" } else { "error" };
    let error = answer.as_ref().err();
    tccc.log().add(
        "command",
        json!({ "from": from, "method": method, "options": options, "status": status, "errorMsg": error }),
    );
    envelope(answer)
}

fn envelope(answer: Answer) -> Value {
    match answer {
        Ok(data) => json!({ "status": "success", "data": data }),
        Err(message) => json!({ "status": "error", "errorMsg": message }),
    }
}

/// Rings a number for an agent; the far end answers after [`FAR_END_RINGS_MS`].
pub fn start_outbound(tccc: &Tccc, agent: &str, options: &Value) -> Answer {
    let number = text(options, "phoneNumber")?;
    let description = optional_text(options, "phoneDesc")?;
    optional_text(options, "uui")?;
    let caller = optional_text(options, "callerPhoneNumber")?.unwrap_or(CENTRE_NUMBER);
    if options.get("phoneEncodeType").is_some_and(|kind| kind != "number") {
        return Err("phoneEncodeType: expected number".into());
    }
    let mut centre = tccc.centre();
    // With number mapping an agent dials ids; `phoneEncodeType: 'number'` says that it is a number.
    let forced = options.get("phoneEncodeType").is_some();
    let dialled = if centre.mapping && !forced { of_id(number) } else { Some(number.to_owned()) };
    if !dialled.is_some_and(|number| dialable(&number)) {
        return Err("phoneNumber: not a telephone number".into());
    }
    if centre.newest(|call| call.agent == agent && call.kind.has_voice()).is_some() {
        return Err("another call is in progress".into());
    }
    let mut call = Call::outbound(agent, number, description);
    call.event["callerPhoneNumber"] = caller.into();
    let data = call.event.clone();
    let session_id = centre.begin(call);
    tccc.later(FAR_END_RINGS_MS, move |centre| {
        // The agent may have hung up meanwhile.
        let _ = centre.answer(&session_id);
    });
    Ok(data)
}

fn start_internal(tccc: &Tccc, agent: &str, options: &Value) -> Answer {
    let callee = text(options, "calleeUserId")?;
    let mut centre = tccc.centre();
    if !centre.knows(callee) || callee == agent {
        return Err("calleeUserId: no such colleague".into());
    }
    let ring = Ring {
        kind: Kind::Internal,
        user_id: Some(agent.into()),
        nick_name: Some(agent.into()),
        ..Ring::default()
    };
    let session_id = centre.begin(Call::ringing(&ring, callee));
    Ok(json!({ "sessionId": session_id, "calleeUserId": callee }))
}

fn set_status(tccc: &Tccc, agent: &str, status: &str) -> Answer {
    tccc.centre().set_status(agent, status);
    Ok(json!({ "status": status }))
}

fn on_session(tccc: &Tccc, agent: &str, family: &str, name: &str, options: &Value) -> Answer {
    let id = text(options, "sessionId")?;
    let mut centre = tccc.centre();
    let call = centre.call(id).filter(|call| call.agent == agent && family_of(call.kind) == family);
    let call = call.cloned().ok_or("sessionId: no such session")?;
    let connected = || match call.status {
        Status::Connected => Ok(()),
        _ => Err(Failure::from("the session is not connected")),
    };
    let video = family == "Video";
    let voice = family != "Chat";
    match name {
        "accept" if call.direction == Direction::In => centre.answer(id)?,
        "accept" => return Err("a call that goes out is accepted by the far end".into()),
        "hungUp" | "kick" if family == "Call" => centre.end(id, "seat")?,
        "end" => centre.end(id, "seat")?,
        "deleteCall" if family == "Call" && call.status == Status::Ended => {}
        "deleteCall" if family == "Call" => return Err("the session has not ended".into()),
        "isMicMuted" if family == "Call" => return Ok(call.muted.into()),
        "muteMic" | "unmuteMic" if voice => {
            connected()?;
            centre.adjust(id, |call| call.muted = name == "muteMic")?;
        }
        "muteVideo" | "unmuteVideo" if video => {
            connected()?;
            centre.adjust(id, |call| call.video_muted = name == "muteVideo")?;
        }
        "hold" | "unHold" if family == "Call" => {
            connected()?;
            centre.adjust(id, |call| call.held = name == "hold")?;
        }
        "sendDigits" if family == "Call" => {
            connected()?;
            let digits = optional_text(options, "dtmfText")?.unwrap_or_default();
            if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit() || "*#".contains(c))
            {
                return Err("dtmfText: expected digits, * or #".into());
            }
        }
        "sendCardMessage" if !voice => {
            connected()?;
            for field in ["header", "desc", "pic", "url"] {
                text(&options["payload"], field)?;
            }
        }
        "sendOrderMessage" if !voice => {
            connected()?;
            let payload = &options["payload"];
            if !payload.is_object() {
                return Err("payload: expected an object".into());
            }
            // The vendor's table says an object, its sample a list of objects.
            if !matches!(&payload["customField"], Value::Null | Value::Object(_) | Value::Array(_))
            {
                return Err("payload.customField: expected an object or a list".into());
            }
        }
        "transfer" => {
            connected()?;
            let (group, user) = (&options["skillGroupId"], optional_text(options, "userId")?);
            if group.is_null() && user.is_none() {
                return Err("transfer: expected skillGroupId or userId".into());
            }
            if user.is_some_and(|user| !centre.knows(user)) {
                return Err("userId: no such colleague".into());
            }
            let event = json!({ "sessionId": id, "skillGroupId": group, "userId": user });
            centre.publish(agent, "transfer", event, Some(&call));
            centre.end(id, "seat")?;
            if user == Some(COLLEAGUE) {
                let ring = Ring {
                    kind: call.kind,
                    mobile: call.number,
                    nick_name: Some(call.title),
                    ..Ring::default()
                };
                centre.begin(Call::ringing(&ring, COLLEAGUE));
            }
        }
        _ => return Err(format!("no such method: {family}.{name}")),
    }
    Ok(json!({ "sessionId": id }))
}

/// The method family that handles calls of a type.
fn family_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Im => "Chat",
        Kind::Video => "Video",
        Kind::Phone | Kind::Voip | Kind::Internal => "Call",
    }
}

fn text<'a>(options: &'a Value, name: &str) -> Result<&'a str, Failure> {
    optional_text(options, name)?
        .filter(|value| !value.is_empty())
        .ok_or_else(|| format!("{name} is required"))
}

fn optional_text<'a>(options: &'a Value, name: &str) -> Result<Option<&'a str>, Failure> {
    match &options[name] {
        Value::Null => Ok(None),
        Value::String(value) => Ok(Some(value)),
        _ => Err(format!("{name}: expected a string")),
    }
}
