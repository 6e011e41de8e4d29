use std::fmt::Write as _;

use calldock_contract::Code;
use calldock_contract::tables::events::EVENTS;
use calldock_contract::tables::methods::{METHODS, Response, Takes};
use calldock_contract::tables::shape::{Form, Member, Rule, Shape};

const HEAD: &str =
    "<!-- Written by `cargo xtask generate` from contract/src/tables/; do not edit. -->\n";

/// `docs/en/reference/errors.md`.
pub fn errors() -> String {
    let mut out = format!(
        "{HEAD}# Errors · 错误码\n\n\
         Every failure is a `CalldockError {{ code, where, expected, found, message, remedy, docs, cause, attempts }}`. `message`\n\
         says where, what was expected and what was found; tokens, numbers and names in it are replaced by their length.\n\
         `remedy` says how to fix it. The list of codes is closed.\n\n\
         所有失败都是 `CalldockError {{ code, where, expected, found, message, remedy, docs, cause, attempts }}`。`message` 说明位置、\n\
         期望值与实际值，其中的令牌、号码与姓名均以长度代替；`remedy` 说明处理办法。错误码列表是封闭的。\n\n\
         | code | when | remedy | 处理办法 |\n|---|---|---|---|\n"
    );
    for code in Code::ALL {
        let (when, en, zh) = (code.meaning().trim(), code.remedy_en(), code.remedy_zh());
        writeln!(out, "| `{code}` | {when} | {en} | {zh} |").expect("a text takes it");
    }
    out
}

/// `docs/en/reference/events.md`.
pub fn events() -> String {
    let mut out = format!(
        "{HEAD}# Events of the workbench · 工作台事件\n\n\
         `workbench.on(event, listener)` returns a function that stops the listener. `*`: always there.\n\n\
         `workbench.on(event, listener)` 返回用于取消监听的函数。`*` 表示始终存在。\n\n\
         | event · 事件 | vendor's event · 厂商事件 | payload · 内容 | when |\n|---|---|---|---|\n"
    );
    for event in EVENTS {
        let payloads: Vec<String> = event.payload.iter().map(members).collect();
        let (payload, doc) = (payloads.join("<br>"), event.doc);
        writeln!(out, "| `{}` | `{}` | {payload} | {doc} |", event.name, event.vendor)
            .expect("a text takes it");
    }
    out
}

/// `docs/en/reference/methods.md`.
pub fn methods() -> String {
    let mut out = format!(
        "{HEAD}# Methods of the workbench · 工作台方法\n\n\
         `workbench.<method>(options, {{ timeoutMs, signal, unlisted }})` returns a promise. A method that needs only a session\n\
         accepts its id: `workbench.call.hangUp(sessionId)`. Options are checked before the vendor sees them\n\
         (`INVALID_OPTION`); what the vendor refuses is `VENDOR_REJECTED` with its text. `*`: needed. `→`: the vendor's name.\n\
         `…`: not published by the vendor, passed through.\n\n\
         `workbench.<method>(options, {{ timeoutMs, signal, unlisted }})` 返回 Promise。只需会话的方法可直接传入会话 ID：\n\
         `workbench.call.hangUp(sessionId)`。选项会在交给厂商之前校验（`INVALID_OPTION`）；厂商拒绝时为 `VENDOR_REJECTED` 并附其原文。\n\
         `*` 表示必填；`→` 后为厂商的名称；`…` 表示厂商未公开，原样传递。\n\n\
         | method · 方法 | vendor's call · 厂商调用 | options · 选项 | response · 返回 | |\n|---|---|---|---|---|\n"
    );
    for method in METHODS {
        let options = match method.takes {
            Takes::Nothing => String::new(),
            Takes::Buttons => "`(button) => boolean`".into(),
            Takes::Anything => "…".into(),
            Takes::Options(shape) => members(shape),
        };
        let response = match method.response {
            Response::Nothing => "",
            Response::Session => "`{sessionId?, …}`",
            Response::Flag => "`boolean`",
            Response::Status => "`string`",
            Response::Devices | Response::SkillGroups => "list · 列表",
            Response::Anything => "…",
        };
        let (name, vendor, doc) = (method.name, method.vendor, method.doc);
        writeln!(out, "| `{name}` | `{vendor}` | {options} | {response} | {doc} |")
            .expect("a text takes it");
    }
    out
}

fn members(shape: &Shape) -> String {
    let list = |members: Vec<&Member>, between| {
        members.into_iter().map(member).collect::<Vec<_>>().join(between)
    };
    match shape.rule {
        Rule::SomeOf(names) => {
            let (some, others): (Vec<_>, Vec<_>) =
                shape.members.iter().partition(|member| names.contains(&member.name));
            format!("{}, {}", list(others, ", "), list(some, " / "))
        }
        _ => list(shape.members.iter().collect(), ", "),
    }
}

fn member(member: &Member) -> String {
    let star = if member.needed { "\\*" } else { "" };
    let vendor = member.vendor.map(|vendor| format!(" → `{vendor}`")).unwrap_or_default();
    let name = format!("`{}`{star}{vendor}", member.name);
    match member.form {
        Form::Words(words) => format!("{name} ({})", words.join(", ")),
        Form::Object(inner) => format!("{name} ({})", members(inner)),
        _ => name,
    }
}
