//! How personal data and tokens appear in a text that people read: their size, never themselves.

/// A value of which only its length may be known, for example `‹11 characters›`.
pub fn text(value: &str) -> String {
    match value.chars().count() {
        0 => "nothing".into(),
        1 => "‹1 character›".into(),
        n => {
            let mut shown = String::from("‹");
            shown.push_str(&n.to_string());
            shown.push_str(" characters›");
            shown
        }
    }
}

/// An address without what may be secret or personal: its query, its hash and its user part.
///
/// TCCC's SdkURL carries the login token in its query (`vendor/tccc.md` §1).
pub fn url(address: &str) -> String {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let shown = &address[..end];
    let host = shown.find("//").map_or(0, |at| at + 2);
    let path = shown[host..].find('/').map_or(shown.len(), |at| host + at);
    match shown[host..path].rfind('@') {
        Some(at) => [&shown[..host], &shown[host + at + 1..]].concat(),
        None => shown.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_shows_its_length_only() {
        assert_eq!(text("刘先生"), "‹3 characters›");
        assert_eq!(text("1"), "‹1 character›");
        assert_eq!(text(""), "nothing");
    }

    #[test]
    fn an_address_loses_its_query_its_hash_and_its_user() {
        assert_eq!(url("https://h/sdk/tcccSdk.js?token=abc#x"), "https://h/sdk/tcccSdk.js");
        assert_eq!(url("https://h#?mobile=1"), "https://h");
        assert_eq!(url("https://user:pass@h/a@b"), "https://h/a@b");
        assert_eq!(url("/login?who=me"), "/login");
    }
}
