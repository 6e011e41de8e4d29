//! `js/codes.ts` is this crate's list of codes in JavaScript: the page needs the remedies even when the
//! core could not start. `CALLDOCK_WRITE=1 cargo test -p calldock-contract` writes it anew.

use calldock_contract::Code;
use std::fmt::Write as _;

fn generated() -> String {
    let mut text = String::from(
        "// Written by contract/tests/js_codes.rs from contract/src/error.rs; do not edit.\n\n\
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
    text
}

#[test]
fn the_codes_in_javascript_are_the_codes_of_the_contract() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../js/codes.ts");
    if std::env::var_os("CALLDOCK_WRITE").is_some() {
        std::fs::write(file, generated()).unwrap();
    }
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    assert!(
        committed == generated(),
        "js/codes.ts is out of step: CALLDOCK_WRITE=1 cargo test -p calldock-contract"
    );
}
