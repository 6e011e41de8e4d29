//! What other rooms have of this crate's tables: of the codes `js/codes.ts`, because the page needs the
//! remedies even when the core could not start, and `docs/errors.md`; of the workbench's methods
//! `docs/methods.md` and the names the package's types are held against.
//! `CALLDOCK_WRITE=1 cargo test -p calldock-contract` writes them anew.

use calldock_contract::Code;
use calldock_contract::method::{Answers, METHODS, Takes};
use calldock_contract::shape::{Form, Member};
use std::fmt::Write as _;

/// Compares a committed file with what it should be, or writes it.
fn check(file: &str, generated: &str) {
    let path = format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("CALLDOCK_WRITE").is_some() {
        std::fs::write(&path, generated).expect("the file can be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == generated,
        "{file} is out of step: CALLDOCK_WRITE=1 cargo test -p calldock-contract"
    );
}

#[test]
fn the_codes_in_javascript_are_the_codes_of_the_contract() {
    let mut text = String::from(
        "// Written by contract/tests/generated.rs from contract/src/error.rs; do not edit.\n\n\
         /** What to do about each failure, in English and in Chinese. */\n\
         export const REMEDIES = {\n",
    );
    for code in Code::ALL {
        // Single quotes as in all of js/, unless the text has one itself.
        let quote = |text: &str| {
            if text.contains('\'') { format!("\"{text}\"") } else { format!("'{text}'") }
        };
        let (en, zh) = (quote(code.remedy_en()), quote(code.remedy_zh()));
        writeln!(text, "  {code}: {{\n    en: {en},\n    zh: {zh},\n  }},").unwrap();
    }
    text.push_str("} as const\n");
    check("js/codes.ts", &text);
}

#[test]
fn the_documented_codes_are_the_codes_of_the_contract() {
    let mut text = String::from(
        "<!-- Written by contract/tests/generated.rs from contract/src/error.rs; do not edit. -->\n\
         # Errors · 错误码\n\n\
         Every failure is a `CalldockError { code, message, remedy, cause, attempts }`. `message` says what\n\
         was expected, what was found and what to do; tokens, numbers and names in it are replaced by their\n\
         length. The list is closed.\n\n\
         所有失败都是 `CalldockError { code, message, remedy, cause, attempts }`。`message` 说明期望值、实际值与处理办法；\n\
         其中的令牌、号码与姓名均以长度代替。错误码列表是封闭的。\n\n\
         | code | when | remedy | 处理办法 |\n|---|---|---|---|\n",
    );
    for code in Code::ALL {
        let (when, en, zh) = (code.meaning().trim(), code.remedy_en(), code.remedy_zh());
        writeln!(text, "| `{code}` | {when} | {en} | {zh} |").unwrap();
    }
    check("docs/errors.md", &text);
}

#[test]
fn the_types_are_held_against_the_methods_of_the_contract() {
    let mut text = String::from(
        "// Written by contract/tests/generated.rs from contract/src/method/table.rs; do not edit.\n\n\
         /** Every method of the workbench. */\nexport type MethodName =\n",
    );
    for method in METHODS {
        writeln!(text, "  | '{}'", method.name).unwrap();
    }
    check("tests/types/method-names.ts", &text);
}

#[test]
fn the_documented_methods_are_the_methods_of_the_contract() {
    let mut text = String::from(
        "<!-- Written by contract/tests/generated.rs from contract/src/method/table.rs; do not edit. -->\n\
         # Methods of the workbench · 工作台方法\n\n\
         `workbench.<method>(options)` is a promise. A method that takes one session takes its id as it is:\n\
         `workbench.call.hangUp(sessionId)`. Options are checked before the vendor sees them (`INVALID_OPTION`); what the\n\
         vendor refuses is `VENDOR_REJECTED` with its text. `*`: needed. `…`: not published by the vendor, passed through.\n\n\
         `workbench.<method>(options)` 返回 Promise。只需会话的方法可直接传入会话 ID：`workbench.call.hangUp(sessionId)`。\n\
         选项会在交给厂商之前校验（`INVALID_OPTION`）；厂商拒绝时为 `VENDOR_REJECTED` 并附其原文。`*` 表示必填；`…` 表示厂商未公开，原样传递。\n\n\
         | method · 方法 | vendor's call · 厂商调用 | options · 选项 | answer · 返回 |\n|---|---|---|---|\n",
    );
    for method in METHODS {
        let options = match method.takes {
            Takes::Nothing => String::new(),
            Takes::Function => "`(button) => ({active})`".into(),
            Takes::Anything => "…".into(),
            Takes::Members(members) => members.iter().map(member).collect::<Vec<_>>().join(", "),
            Takes::SomeOf(members) => {
                let (needed, some): (Vec<_>, Vec<_>) =
                    members.iter().partition(|member| member.needed);
                let names = |members: Vec<&Member>, between: &str| {
                    members.into_iter().map(member).collect::<Vec<_>>().join(between)
                };
                format!("{}, {}", names(needed, ", "), names(some, " / "))
            }
        };
        let answer = match method.answers {
            Answers::Nothing => "",
            Answers::Session => "`{sessionId, …}`",
            Answers::Flag => "`boolean`",
            Answers::Text => "`string`",
            Answers::List => "list · 列表",
            Answers::Anything => "…",
        };
        writeln!(text, "| `{}` | `{}` | {options} | {answer} |", method.name, method.vendor)
            .unwrap();
    }
    check("docs/methods.md", &text);
}

fn member(member: &Member) -> String {
    let star = if member.needed { "\\*" } else { "" };
    match member.form {
        Form::Word(words) => format!("`{}`{star} ({})", member.name, words.join(", ")),
        Form::Object(inner) => {
            let inner: Vec<_> = inner.iter().map(self::member).collect();
            format!("`{}`{star} ({})", member.name, inner.join(", "))
        }
        _ => format!("`{}`{star}", member.name),
    }
}
