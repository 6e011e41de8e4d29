//! What is said in a conversation by the system, the robot and the echoing agent.

use super::Source;

/// The word that takes a visitor from the robot to an agent (CEC guide, 转人工关键字).
pub const TO_AGENT: &str = "转人工";

fn one(zh: bool, chinese: &str, english: &str) -> String {
    if zh { chinese } else { english }.to_owned()
}

/// A speaker's name; the visitor's own is known to his page alone.
pub fn name(zh: bool, from: Source) -> String {
    match from {
        Source::Visitor => String::new(),
        Source::Agent => one(zh, "客服 1001", "Agent 1001"),
        Source::Robot => one(zh, "智能助手", "Assistant"),
        Source::System => one(zh, "系统", "system"),
    }
}

/// Nobody is there yet.
pub fn waiting(zh: bool) -> String {
    one(zh, "正在为您接入座席，请稍候…", "Connecting you to an agent…")
}

/// An agent joins.
pub fn joined(zh: bool) -> String {
    one(zh, "客服 1001 已接入", "Agent 1001 has joined")
}

/// The agent's first line.
pub fn agent_greets(zh: bool) -> String {
    one(zh, "您好，请问有什么可以帮您？", "Hello, how can I help you?")
}

/// The robot's first line.
pub fn robot_greets(zh: bool) -> String {
    one(
        zh,
        "您好，我是智能助手。需要人工服务请发送“转人工”。",
        "Hello, I am the assistant. Send “转人工” to talk to an agent.",
    )
}

/// The agent leaves.
pub fn left(zh: bool) -> String {
    one(zh, "客服 1001 已离开", "Agent 1001 has left")
}

/// The conversation is over.
pub fn ended(zh: bool) -> String {
    one(zh, "会话已结束", "The conversation has ended")
}

/// What an agent makes of a visitor's line.
pub fn echo(zh: bool, text: &str) -> String {
    one(zh, "收到：", "Received: ") + text
}
