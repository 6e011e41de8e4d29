use std::fmt::Write as _;

use calldock_contract::Code;
use calldock_contract::tables::chinese;
use calldock_contract::tables::phrases::PHRASES;

use super::{HEAD, literal};

/// `codes.en.ts`: the codes with their fixes, and the type of a code.
pub fn english() -> String {
    let mut out = format!("{HEAD}\n/** How to fix each failure. */\nexport const REMEDIES = {{\n");
    for code in Code::ALL {
        writeln!(out, "  {code}: {},", literal(code.remedy_en())).expect("a text takes it");
    }
    out + "} as const\n\n\
        /** Why something failed. The list is closed: a new code is a new major version. */\n\
        export type Code = keyof typeof REMEDIES\n"
}

/// What an error's message says in Chinese. It is here, because most pages never load it.
const SENTENCE: &str = r"}

/** The message of an error; a phrase that the list has not stays in English. */
export function sentence(where: string, expected: string, found: string): string {
  return `${where}：应为${phrase(expected)}，实际为${phrase(found)}`
}

function phrase(text: string): string {
  for (const [english, chinese] of Object.entries(PHRASES)) {
    const pattern = english.replace(/\W/g, '\\$&').split('\\{\\}').join('(.+)')
    const parts = new RegExp(`^${pattern}$`, 's').exec(text)
    if (parts) return chinese.replace(/\{(\d)\}/g, (_, at) => phrase(parts[at] ?? ''))
  }
  return text
}
";

/// `codes.zh.ts`: the same in Chinese, with the phrases of messages.
pub fn chinese() -> String {
    let mut out = format!(
        "{HEAD}\nimport type {{ Code }} from './codes.en.js'\n\n\
         /** How to fix each failure. */\nexport const REMEDIES: Readonly<Record<Code, string>> = {{\n"
    );
    for code in Code::ALL {
        writeln!(out, "  {code}: {},", literal(code.remedy_zh())).expect("a text takes it");
    }
    out += "}\n\n/** What was expected and what was found. */\n\
        const PHRASES: Readonly<Record<string, string>> = {\n";
    for (english, chinese) in PHRASES {
        writeln!(out, "  {}: {},", literal(english), literal(chinese)).expect("a text takes it");
    }
    out + SENTENCE
}

/// `www/app/causes.js`: what each code means, for the playground's cards in Chinese.
pub fn causes() -> String {
    let mut out = format!(
        "// @ts-check\n{HEAD}\n/** What each code means. @type {{Readonly<Record<string, string>>}} */\n\
         export const causes = {{\n"
    );
    for code in Code::ALL {
        writeln!(out, "  {code}:\n    {},", literal(chinese::meaning(*code)))
            .expect("a text takes it");
    }
    out + "}\n"
}

/// `docs/schemas/problem.json`, with the codes of the contract in the list of its member `code`.
pub fn problem_schema() -> String {
    let committed = include_str!("../../../docs/schemas/problem.json");
    let (head, rest) = committed.split_once("\"enum\": [\n").expect("the schema has a list");
    let (_, tail) = rest.split_once("      ]").expect("the list ends");
    let codes: Vec<_> = Code::ALL.iter().map(|code| format!("        \"{code}\"")).collect();
    format!("{head}\"enum\": [\n{}\n      ]{tail}", codes.join(",\n"))
}
