//! Which passwords are good enough: ten characters, and nothing that is soon guessed.

use axum::http::StatusCode;
use calldock_contract::Code;
use secrecy::{ExposeSecret, SecretString};
use zxcvbn::{Score, zxcvbn};

use crate::problem::{Refusal, Remedy};

const LEAST: usize = 10;

/// Longer ones are no safer, and cost time to judge.
const MOST: usize = 128;

/// What is expected of a password, for whoever chooses one.
pub const EXPECTED: &str = "expected 10 to 128 characters that are not soon guessed: a few words that do not belong together, without the user's own name";

/// Whether a password is good enough for this user: zxcvbn's score is 3 or 4 (of 0 to 4), with the
/// user's names as the first guesses.
pub fn is_strong(password: &SecretString, user: &str, name: Option<&str>) -> bool {
    let password = password.expose_secret();
    let length = password.chars().count();
    if !(LEAST..=MOST).contains(&length) || password.chars().any(char::is_control) {
        return false;
    }
    let guesses: Vec<String> = [user, user.split('@').next().unwrap_or_default()]
        .into_iter()
        .chain(name)
        .flat_map(own_words)
        .chain(["calldock".to_owned()])
        .collect();
    let guesses: Vec<&str> = guesses.iter().map(String::as_str).collect();
    zxcvbn(password, &guesses).score() >= Score::Three
}

/// A name as it stands, its words, and the words in one.
fn own_words(name: &str) -> Vec<String> {
    let words: Vec<_> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let in_one = [name.to_owned(), words.concat()];
    words.iter().map(|word| (*word).to_owned()).chain(in_one).collect()
}

/// The password, if it is good enough.
///
/// # Errors
/// A [`Refusal`] with status 422.
pub async fn judge(
    password: SecretString,
    user: String,
    name: Option<String>,
) -> Result<SecretString, Refusal> {
    let judged = tokio::task::spawn_blocking(move || {
        is_strong(&password, &user, name.as_deref()).then_some(password)
    });
    let judged = judged.await.map_err(|_| Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR))?;
    judged.ok_or_else(|| {
        let detail = format!("The new password is too weak: {EXPECTED}.");
        Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, Code::InvalidOption, detail).with_remedy(
            Remedy {
                en: "Choose a longer one, of words that do not belong together.",
                zh: "请使用更长的密码，例如几个互不相关的词语，且不要包含自己的姓名或账号。",
            },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_strong_for_tom(password: &str) -> bool {
        is_strong(&password.into(), "tom.sawyer@example.com", Some("Tom Sawyer"))
    }

    #[test]
    fn a_password_is_long_and_not_soon_guessed() {
        for password in ["correct horse battery", "x9#Lq2!vTz", "桂花树下的旧自行车"] {
            let long =
                format!("{password}{}", if password.chars().count() < 10 { "。" } else { "" });
            assert!(is_strong_for_tom(&long), "{long}");
        }
        for password in [
            "",
            "x9#Lq2!vT",
            "password123",
            "1234567890",
            "qwertyuiop",
            "aaaaaaaaaaaaaaa",
            "Tom.Sawyer@example.com",
            "tomsawyer1",
            "calldock2026",
            "correct\nhorse battery",
            &"long but too long ".repeat(10),
        ] {
            assert!(!is_strong_for_tom(password), "{password}");
        }
    }
}
