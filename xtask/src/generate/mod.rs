//! Command `generate`: writes the tables of the contract into `js/generated/` and `docs/`.

/// The failure codes in two languages.
mod codes;
/// The lists in `docs/`.
mod docs;
/// The tables that `js/check.ts` interprets.
mod tables;
/// The public TypeScript types.
mod types;

use std::fs;

use anyhow::{Result, bail};

use crate::{paths, progress};

/// Every generated file, with its path below the root and its text.
fn files() -> Vec<(&'static str, String)> {
    vec![
        ("js/generated/codes.en.ts", codes::english()),
        ("js/generated/codes.zh.ts", codes::chinese()),
        ("js/generated/origins.ts", tables::origins()),
        ("js/generated/tables.ts", tables::write()),
        ("js/generated/types.ts", types::write()),
        ("js/generated/workbench.ts", tables::workbench()),
        ("docs/en/reference/errors.md", docs::errors(docs::Language::English)),
        ("docs/en/reference/events.md", docs::events(docs::Language::English)),
        ("docs/en/reference/methods.md", docs::methods(docs::Language::English)),
        ("docs/zh/reference/errors.md", docs::errors(docs::Language::Chinese)),
        ("docs/zh/reference/events.md", docs::events(docs::Language::Chinese)),
        ("docs/zh/reference/methods.md", docs::methods(docs::Language::Chinese)),
        ("docs/schemas/problem.json", codes::problem_schema()),
        ("www/app/causes.js", codes::causes()),
        ("tests/types/method-names.ts", types::method_names()),
    ]
}

/// Writes the files that differ.
pub fn run() -> Result<()> {
    for (path, text) in files() {
        let file = paths::root().join(path);
        if fs::read_to_string(&file).is_ok_and(|before| before == text) {
            continue;
        }
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&file, text)?;
        progress::note(&format!("wrote {path}"));
    }
    Ok(())
}

/// Compares the committed files with the contract.
///
/// # Errors
/// Names the files that are out of step.
pub fn check() -> Result<usize> {
    let files = files();
    let differs = |(path, text): &&(&'static str, String)| {
        fs::read_to_string(paths::root().join(path)).ok().as_ref() != Some(text)
    };
    let stale: Vec<&str> = files.iter().filter(differs).map(|(path, _)| *path).collect();
    if stale.is_empty() {
        return Ok(files.len());
    }
    bail!("out of step with contract/: {}; run `cargo xtask generate`", stale.join(", "))
}

/// The first line of a generated TypeScript file.
const HEAD: &str = "// Written by `cargo xtask generate` from contract/src/tables/; do not edit.\n";

/// A text as a TypeScript literal.
fn literal(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\n', "\\n");
    if escaped.contains('\'') && !escaped.contains('"') {
        return format!("\"{escaped}\"");
    }
    format!("'{}'", escaped.replace('\'', "\\'"))
}

/// A doc comment with an indent.
fn comment(text: &str, indent: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    match lines.as_slice() {
        [line] if line.len() < 90 => format!("{indent}/** {line} */\n"),
        lines => {
            let mut out = format!("{indent}/**\n");
            for line in lines.iter().flat_map(|line| wrap(line, 96 - indent.len())) {
                out += format!("{indent} * {line}").trim_end();
                out.push('\n');
            }
            out + indent + " */\n"
        }
    }
}

/// A line broken between words.
fn wrap(line: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        let last = lines.last_mut().expect("there is a first line");
        if !last.is_empty() && last.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.into());
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_as_the_sources_are() {
        assert_eq!(literal("a"), "'a'");
        assert_eq!(literal("the page's"), "\"the page's\"");
        assert_eq!(literal("'a' \"b\""), "'\\'a\\' \"b\"'");
    }

    #[test]
    fn a_long_comment_is_broken_between_words() {
        assert_eq!(comment("Short.", ""), "/** Short. */\n");
        let long = comment(&"word ".repeat(40), "  ");
        assert!(long.lines().all(|line| line.len() <= 100), "{long}");
        assert!(comment("One.\n\n@defaultValue 1", "").contains(" *\n * @defaultValue 1\n"));
    }

    #[test]
    fn the_committed_files_are_in_step() {
        check().expect("`cargo xtask generate` was run");
    }
}
