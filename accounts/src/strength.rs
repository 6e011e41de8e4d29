//! Which passwords are accepted: 10 to 128 characters that are not easily guessed.

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use zxcvbn::{Score, zxcvbn};

const MIN: usize = 10;
const MAX: usize = 128;

/// Only this many characters are judged. zxcvbn's work grows faster than its input: a hundred characters
/// chosen for it take seconds.
const JUDGED: usize = 40;

/// What is expected of a password.
pub const EXPECTED: &str = "expected 10 to 128 characters that are not easily guessed: a few unrelated words, without the user's own name";

/// Returns whether a password is accepted for a user: zxcvbn's score must be 3 or 4 (of 0 to 4), with the
/// user's names as the first guesses.
pub fn is_strong(password: &SecretString, user: &str, name: Option<&str>) -> bool {
    let password = password.expose_secret();
    let length = password.chars().count();
    if !(MIN..=MAX).contains(&length) || password.chars().any(char::is_control) {
        return false;
    }
    let guesses: Vec<String> = [user, user.split('@').next().unwrap_or_default()]
        .into_iter()
        .chain(name)
        .flat_map(variants)
        .chain(["calldock".to_owned()])
        .collect();
    let guesses: Vec<&str> = guesses.iter().map(String::as_str).collect();
    let judged: Zeroizing<String> = Zeroizing::new(password.chars().take(JUDGED).collect());
    zxcvbn(&judged, &guesses).score() >= Score::Three
}

/// A name, its words, and its words joined.
fn variants(name: &str) -> Vec<String> {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut all: Vec<_> = words.map(str::to_owned).collect();
    let joined = all.concat();
    all.extend([name.to_owned(), joined]);
    all
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    use super::*;

    fn is_strong_for_tom(password: &str) -> bool {
        is_strong(&password.into(), "tom.sawyer@example.com", Some("Tom Sawyer"))
    }

    #[test]
    fn a_long_password_takes_no_longer_to_judge_than_its_beginning() {
        // Each letter may stand for several others: the whole takes seconds to judge.
        let slow: String = "(@$!0+z|)4{8<5".chars().cycle().take(MAX).collect();
        let short: String = slow.chars().take(JUDGED).collect();
        let now = || clock_gettime(ClockId::ThreadCPUTime);
        // The shortest of some runs: interrupts only add, and the first call loads the dictionaries.
        let cost = |password: &str| {
            let run = |_| {
                let start = now();
                assert!(is_strong_for_tom(password));
                Duration::try_from(now() - start).unwrap()
            };
            (0..4).map(run).min().unwrap()
        };
        let (short, long) = (cost(&short), cost(&slow));
        assert!(long < short * 8, "{long:?} for all, {short:?} for the beginning");
    }

    #[test]
    fn weak_passwords_are_refused() {
        for password in ["correct horse battery", "x9#Lq2!vTz", "桂花树下的旧自行车。"] {
            assert!(is_strong_for_tom(password), "{password}");
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
