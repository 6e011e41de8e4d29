//! Words that the project's texts avoid, each with a better one: the list is `xtask/words.txt`.

use std::fs;

use anyhow::{Context, Result, bail};

use super::counts::Counts;
use super::texts;
use crate::paths;

/// A phrase to avoid and what to write instead.
#[derive(Debug, PartialEq, Eq)]
struct Phrase<'a> {
    avoid: &'a str,
    better: &'a str,
}

/// No text of the project has a phrase of the list.
pub fn run() -> Result<Counts> {
    let root = paths::root();
    let list = root.join("xtask/words.txt");
    let list = fs::read_to_string(&list).with_context(|| list.display().to_string())?;
    let phrases = phrases(&list)?;
    let mut found = Vec::new();
    let files = texts::all()?;
    for (name, text) in &files {
        for (line, phrase) in matches(text, &phrases) {
            found.push(format!("{name}:{line}: \"{}\": write {}", phrase.avoid, phrase.better));
        }
    }
    if !found.is_empty() {
        bail!("phrases that xtask/words.txt replaces:\n  {}", found.join("\n  "));
    }
    println!("{} files, {} phrases", files.len(), phrases.len());
    Ok(Counts::one())
}

/// The list: a line for each phrase, `phrase = better`; `#` begins a comment.
fn phrases(list: &str) -> Result<Vec<Phrase<'_>>> {
    list.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (avoid, better) = line
                .split_once('=')
                .with_context(|| format!("xtask/words.txt: no `=` in \"{line}\""))?;
            Ok(Phrase { avoid: avoid.trim(), better: better.trim() })
        })
        .collect()
}

/// The lines with a phrase as whole words, whatever its case; a Chinese phrase may stand anywhere.
fn matches<'a>(text: &str, phrases: &'a [Phrase<'a>]) -> Vec<(usize, &'a Phrase<'a>)> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.to_ascii_lowercase();
        for phrase in phrases {
            let whole = line.match_indices(phrase.avoid).any(|(at, word)| {
                let before = line[..at].chars().next_back();
                let after = line[at + word.len()..].chars().next();
                // Chinese has no spaces between words.
                !word.is_ascii()
                    || !before.is_some_and(is_of_a_word) && !after.is_some_and(is_of_a_word)
            });
            if whole {
                found.push((index + 1, phrase));
            }
        }
    }
    found
}

fn is_of_a_word(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_as_whole_words_in_any_case() {
        let phrases = phrases("# a comment\n\nanew = again\nunless told = by default\n").unwrap();
        let text = "let anew_value = 1;\nIt is asked Anew.\n15 s unless told otherwise\nrenewed";
        let lines: Vec<_> =
            matches(text, &phrases).iter().map(|(line, it)| (*line, it.better)).collect();
        assert_eq!(lines, [(2, "again"), (3, "by default")]);
    }

    #[test]
    fn a_chinese_phrase_is_found_between_other_words() {
        let phrases = phrases("安全环境 = 安全上下文\n").unwrap();
        let lines: Vec<_> = matches("麦克风需要安全环境。\n安全上下文", &phrases)
            .iter()
            .map(|(line, _)| *line)
            .collect();
        assert_eq!(lines, [1]);
    }

    #[test]
    fn a_line_without_a_better_word_is_refused() {
        assert!(phrases("anew\n").unwrap_err().to_string().contains("no `=`"));
    }
}
