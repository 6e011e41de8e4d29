//! What other rooms have of this crate's list of codes: `js/codes.ts`, because the page needs the
//! remedies even when the core could not start, and `docs/errors.md`.
//! `CALLDOCK_WRITE=1 cargo test -p calldock-contract` writes them anew.

use calldock_contract::Code;
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
