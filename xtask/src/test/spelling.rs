//! Misspelt words, by the dictionary of `typos`: only known mistakes, so that names and other languages pass.

use std::borrow::Cow;

use anyhow::{Result, bail};
use typos::tokens::{Case, Identifier, Tokenizer, Word};
use typos::{Dictionary, Status};
use unicase::UniCase;

use super::counts::Counts;
use super::texts;

/// Names that the dictionary takes for mistakes, and parts of names.
const NAMES: [&str; 7] = ["flate", "hpe", "nce", "nd", "ser", "tke", "wrk"];

/// Mistakes that tests make on purpose.
const ON_PURPOSE: [&str; 5] = ["adress", "databse", "modul", "nativ", "redy"];

/// The mistakes that the dictionary knows.
struct Mistakes;

impl Dictionary for Mistakes {
    fn correct_ident<'s>(&'s self, _: Identifier<'_>) -> Option<Status<'s>> {
        None
    }

    fn correct_word<'s>(&'s self, word: Word<'_>) -> Option<Status<'s>> {
        let right = |known: &&str| known.eq_ignore_ascii_case(word.token());
        // Letters of an id or of a base64 text are no word.
        if word.case() == Case::None || NAMES.iter().chain(&ON_PURPOSE).any(right) {
            return None;
        }
        let corrections = typos_dict::WORD.find(&UniCase::new(word.token()))?;
        Some(Status::Corrections(corrections.iter().map(|text| Cow::Borrowed(*text)).collect()))
    }
}

/// No text of the project has a misspelt word.
pub fn run() -> Result<Counts> {
    let mut found = Vec::new();
    let files = texts::all()?;
    for (name, text) in &files {
        for (line, word, better) in mistakes(text) {
            found.push(format!("{name}:{line}: \"{word}\": write {better}"));
        }
    }
    if !found.is_empty() {
        bail!(
            "misspelt words (those that are right belong in xtask/src/test/spelling.rs):\n  {}",
            found.join("\n  ")
        );
    }
    println!("{} files", files.len());
    Ok(Counts::one())
}

/// Each with its line, and what to write instead.
fn mistakes(text: &str) -> Vec<(usize, String, String)> {
    let tokenizer = Tokenizer::new();
    typos::check_str(text, &tokenizer, &Mistakes)
        .map(|typo| {
            let line = text[..typo.byte_offset].matches('\n').count() + 1;
            let better = match &typo.corrections {
                Status::Corrections(better) => better.join(" or "),
                _ => String::new(),
            };
            (line, typo.typo.into_owned(), better)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_found_within_names_and_sentences_too() {
        let wrong = ["rec", "ieve"].concat();
        let text =
            format!("right\nwe {wrong} it\nlet {wrong}Timeout = 1;\n刘先生 Calldock callOut");
        let lines: Vec<_> =
            mistakes(&text).into_iter().map(|(line, _, better)| (line, better)).collect();
        assert_eq!(lines, [(2, "receive".into()), (3, "receive".into())]);
    }
}
