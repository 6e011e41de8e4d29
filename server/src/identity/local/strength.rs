//! Which passwords are good enough: ten characters, and nothing that is soon guessed.

use axum::http::StatusCode;
use calldock_contract::Code;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use zxcvbn::{Score, zxcvbn};

use super::passwords::Passwords;
use crate::problem::{Refusal, Remedy};

const LEAST: usize = 10;

/// Longer ones are no safer, and cost time to judge.
const MOST: usize = 128;

/// So many characters are judged: what they are worth, the whole is at least. zxcvbn's work grows faster
/// than its text; a hundred characters chosen for that cost it seconds.
const JUDGED: usize = 40;

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
    let judged: Zeroizing<String> = Zeroizing::new(password.chars().take(JUDGED).collect());
    zxcvbn(&judged, &guesses).score() >= Score::Three
}

/// A name as it stands, its words, and the words in one.
fn own_words(name: &str) -> Vec<String> {
    let words: Vec<_> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let in_one = [name.to_owned(), words.concat()];
    words.iter().map(|word| (*word).to_owned()).chain(in_one).collect()
}

/// The password, if it is good enough. It is judged in turn with those that are hashed, since it costs as
/// much.
///
/// # Errors
/// A [`Refusal`] with status 422, or 503 where too many wait.
pub async fn judge(
    turns: &Passwords,
    password: SecretString,
    user: String,
    name: Option<String>,
) -> Result<SecretString, Refusal> {
    let judged =
        turns.take_turn(move || is_strong(&password, &user, name.as_deref()).then_some(password));
    judged.await?.ok_or_else(|| {
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

    #[tokio::test(start_paused = true)]
    async fn a_password_is_judged_in_turn() {
        let turns = Passwords::new();
        let judge = async |password: &str| judge(&turns, password.into(), "tom".into(), None).await;
        assert!(judge("correct horse battery").await.is_ok());
        assert_eq!(judge("1234567890").await.unwrap_err().status().as_u16(), 422);
        let _taken = turns.take_all();
        assert_eq!(judge("correct horse battery").await.unwrap_err().status().as_u16(), 503);
    }

    #[test]
    fn a_long_password_costs_no_more_than_its_beginning() {
        // Each letter may stand for several others: the whole takes seconds to judge.
        let nasty: String = "(@$!0+z|)4{8<5".chars().cycle().take(MOST).collect();
        let short: String = nasty.chars().take(JUDGED).collect();
        let cost = |password: &str| {
            let begun = std::time::Instant::now();
            assert!(is_strong_for_tom(password));
            begun.elapsed()
        };
        cost(&short); // the first one reads the dictionaries
        let (short, long) = (cost(&short), cost(&nasty));
        assert!(long < short * 8, "{long:?} for all, {short:?} for the beginning");
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
