//! Lets the agent join, speak, leave and end, for tests and the simulator.

use axum::{Json, Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use serde::Deserialize;
use serde_json::json;

use super::{Chats, Mode, Refusal};
use crate::control::{Answer, Refused, done, read, wrong};

/// `/control/chat/…`. A route acts on the conversation named by `chat`, or else on the newest.
pub fn routes() -> Router<Chats> {
    Router::new()
        .route("/control/chat/mode", post(mode))
        .route("/control/chat/say", post(say))
        .route("/control/chat/join", post(join))
        .route("/control/chat/leave", post(leave))
        .route("/control/chat/end", post(end))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewMode {
    mode: Mode,
}

async fn mode(State(chats): State<Chats>, body: Bytes) -> Answer {
    chats.set_mode(read::<NewMode>(&body)?.mode);
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    chat: Option<String>,
    text: Option<String>,
}

/// Acts on a conversation and answers which it was.
fn on(
    chats: &Chats,
    which: Which,
    act: impl FnOnce(&str, Option<&str>) -> Result<(), Refusal>,
) -> Answer {
    let none = || Refused(StatusCode::NOT_FOUND, "no conversation is going on".into());
    let chat = which.chat.or_else(|| chats.newest()).ok_or_else(none)?;
    act(&chat, which.text.as_deref())
        .map_err(|refusal| Refused(StatusCode::CONFLICT, refusal.into()))?;
    Ok(Json(json!({ "chat": chat })))
}

async fn say(State(chats): State<Chats>, body: Bytes) -> Answer {
    let which: Which = read(&body)?;
    if which.text.is_none() {
        return Err(wrong("text: expected what the agent says"));
    }
    on(&chats, which, |chat, text| chats.agent_says(chat, text.unwrap_or_default()))
}

async fn join(State(chats): State<Chats>, body: Bytes) -> Answer {
    on(&chats, read(&body)?, |chat, _| chats.join(chat))
}

async fn leave(State(chats): State<Chats>, body: Bytes) -> Answer {
    on(&chats, read(&body)?, |chat, _| chats.leave(chat))
}

async fn end(State(chats): State<Chats>, body: Bytes) -> Answer {
    on(&chats, read(&body)?, |chat, _| chats.end(chat))
}
