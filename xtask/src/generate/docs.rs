use std::fmt::Write as _;

use calldock_contract::Code;
use calldock_contract::tables::chinese;
use calldock_contract::tables::events::EVENTS;
use calldock_contract::tables::methods::{METHODS, Response, Takes};
use calldock_contract::tables::shape::{Form, Member, Rule, Shape};

const HEAD: &str =
    "<!-- Written by `cargo xtask generate` from contract/src/tables/; do not edit. -->\n";

/// A language of the documents.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    Chinese,
}

use Language::{Chinese, English};

impl Language {
    /// One of two texts.
    fn of(self, english: &'static str, chinese: &'static str) -> &'static str {
        match self {
            English => english,
            Chinese => chinese,
        }
    }

    /// The head of a page of the reference, with a link to the other language.
    fn head(self, page: &str, title: &str, text: &str) -> String {
        let (other, name) = (self.of("zh", "en"), self.of("中文", "English"));
        format!("{HEAD}# {title}\n\n[{name}](../../{other}/reference/{page}.md)\n\n{text}\n\n")
    }
}

/// `reference/errors.md`.
pub fn errors(language: Language) -> String {
    let mut out = language.head(
        "errors",
        language.of("Errors", "错误码"),
        language.of(
            "Every failure is a `CalldockError { code, where, expected, found, message, remedy, docs, cause, attempts }`. `message`\n\
             says where, what was expected and what was found; tokens, numbers and names in it are replaced by their length.\n\
             `remedy` says how to fix it. The list of codes is closed. By symptom: [troubleshooting](../troubleshooting.md).",
            "所有失败都是 `CalldockError { code, where, expected, found, message, remedy, docs, cause, attempts }`。`message` 说明位置、\n\
             期望值与实际值，其中的令牌、号码与姓名均以长度代替；`remedy` 说明处理办法。错误码列表是封闭的。\n\
             按现象查找：[故障排查](../troubleshooting.md)。",
        ),
    );
    for code in Code::ALL {
        let (cause, remedy) = match language {
            English => (code.meaning().trim(), code.remedy_en()),
            Chinese => (chinese::meaning(*code), code.remedy_zh()),
        };
        let (cause_head, remedy_head) =
            (language.of("Cause:", "原因："), language.of("Remedy:", "处理办法："));
        let space = language.of(" ", "");
        write!(
            out,
            "## {code}\n\n**{cause_head}**{space}{cause}\n\n**{remedy_head}**{space}{remedy}\n\n"
        )
        .expect("a text takes it");
    }
    out.truncate(out.trim_end().len());
    out + "\n"
}

/// `reference/events.md`.
pub fn events(language: Language) -> String {
    let mut out = language.head(
        "events",
        language.of("Events of the workbench", "工作台事件"),
        language.of(
            "`workbench.on(event, listener)` returns a function that stops the listener. `*`: always there.",
            "`workbench.on(event, listener)` 返回用于取消监听的函数。`*` 表示始终存在。",
        ),
    );
    out += language.of(
        "| event | vendor's event | payload | when |\n|---|---|---|---|\n",
        "| 事件 | 厂商事件 | 内容 | 时机 |\n|---|---|---|---|\n",
    );
    for event in EVENTS {
        let payloads: Vec<String> = event.payload.iter().map(members).collect();
        let payload = payloads.join("<br>");
        let doc = match language {
            English => event.doc,
            Chinese => chinese::text(chinese::EVENTS, event.vendor).unwrap_or(event.doc),
        };
        writeln!(out, "| `{}` | `{}` | {payload} | {doc} |", event.name, event.vendor)
            .expect("a text takes it");
    }
    out
}

/// `reference/methods.md`.
pub fn methods(language: Language) -> String {
    let mut out = language.head(
        "methods",
        language.of("Methods of the workbench", "工作台方法"),
        language.of(
            "`workbench.<method>(options, { timeoutMs, signal, unlisted })` returns a promise. A method that needs only a session\n\
             accepts its id: `workbench.call.hangUp(sessionId)`. Options are checked before the vendor sees them\n\
             (`INVALID_OPTION`); what the vendor refuses is `VENDOR_REJECTED` with its text. `*`: required. `→`: the vendor's\n\
             name. `…`: not published by the vendor, passed through.",
            "`workbench.<method>(options, { timeoutMs, signal, unlisted })` 返回 Promise。只需会话的方法可直接传入会话 ID：\n\
             `workbench.call.hangUp(sessionId)`。选项会在交给厂商之前校验（`INVALID_OPTION`）；厂商拒绝时为 `VENDOR_REJECTED` 并附其原文。\n\
             `*` 表示必填；`→` 后为厂商的名称；`…` 表示厂商未公开，原样传递。",
        ),
    );
    out += language.of(
        "| method | vendor's call | options | response | what it does |\n|---|---|---|---|---|\n",
        "| 方法 | 厂商调用 | 选项 | 返回 | 说明 |\n|---|---|---|---|---|\n",
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
            Response::Devices | Response::SkillGroups => language.of("list", "列表"),
            Response::Anything => "…",
        };
        let doc = match language {
            English => method.doc,
            Chinese => chinese::text(chinese::METHODS, method.name).unwrap_or(method.doc),
        };
        let (name, vendor) = (method.name, method.vendor);
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
