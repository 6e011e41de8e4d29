//! Text that no page may be sent.

/// What it is looked for in any case of letters, and what it would mean.
const WORDS: [(&str, &str); 9] = [
    ("TC3-HMAC", "TCCC's signature"),
    ("auth-v2/", "CEC's signature"),
    ("secretKey=", "a secret in a query"),
    ("AKIDdemo-calldock", "the demo's secret id"),
    ("demo-calldock-not-a-secret", "the demo's secret key"),
    ("hmac", "a keyed hash"),
    ("subtle.sign", "signing by the browser"),
    (".cargo/registry", "a path of the machine that built it"),
    ("/rustlib/src", "a path of the machine that built it"),
];

/// Says what each word found would mean.
pub fn find(content: &[u8]) -> Vec<String> {
    let lower = content.to_ascii_lowercase();
    WORDS
        .iter()
        .filter(|(word, _)| contains(&lower, word.to_ascii_lowercase().as_bytes()))
        .map(|(word, meaning)| format!("`{word}` ({meaning})"))
        .collect()
}

fn contains(content: &[u8], word: &[u8]) -> bool {
    content.windows(word.len()).any(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_planted_word_is_found() {
        for (word, _) in WORDS {
            let planted = format!("\0asm const x = \"{}\";", word.to_uppercase());
            assert!(!find(planted.as_bytes()).is_empty(), "{word}");
        }
    }

    #[test]
    fn the_name_of_an_option_is_no_secret() {
        assert_eq!(find(b"if ('secretKey' in login) throw SECRET_IN_PAGE"), Vec::<String>::new());
    }
}
