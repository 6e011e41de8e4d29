//! Whether scripts and data may come from an address.

/// Whether an address is HTTPS, or HTTP on this machine. It is read as text, so it must be written as a
/// browser writes it: the scheme in lower case, no user name.
///
/// ```
/// use calldock_contract::text::address::is_safe;
/// assert!(is_safe("https://h/s.js") && is_safe("http://localhost:8700/s.js"));
/// assert!(!is_safe("http://h/s.js") && !is_safe("http://localhost@h/s.js"));
/// ```
pub fn is_safe(address: &str) -> bool {
    let Some(at) = address.as_bytes().windows(3).position(|three| three == b"://") else {
        return false;
    };
    let (scheme, rest) = (&address[..at], &address.as_bytes()[at + 3..]);
    let end = rest.iter().position(|c| b"/?#\\".contains(c)).unwrap_or(rest.len());
    let host = &rest[..end];
    // A browser drops tabs and line breaks, and then reads another host.
    if host.is_empty() || host.iter().any(|&c| c == b'@' || c <= b' ') {
        return false;
    }
    let port = match host.iter().rposition(|&c| c == b':') {
        Some(at) if host[at + 1..].iter().all(u8::is_ascii_digit) => at,
        _ => host.len(),
    };
    match scheme {
        "https" => true,
        "http" => matches!(&host[..port], b"localhost" | b"127.0.0.1" | b"[::1]"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_https_and_this_machine_are_safe() {
        for address in [
            "https://h",
            "https://h:8443/a?x#y",
            "https://[2001:db8::1]/a",
            "http://localhost",
            "http://127.0.0.1:80/a",
            "http://[::1]:8700/a",
            "http://localhost?x",
        ] {
            assert!(is_safe(address), "{address}");
        }
        for address in [
            "",
            "/a",
            "//h/a",
            "http://h/a",
            "http://localhost.evil.com/a",
            "http://localhost@evil.com/a",
            "http://localhost:80@evil.com/a",
            "http://localhost:x/a",
            "http://evil.com/://localhost/",
            "https://user@h/a",
            "https://\t//user@h/a",
            "https://h\n.evil.com/a",
            "https://\r/user@h",
            "https:// h/a",
            "https://",
            "https:///a",
            "HTTPS://h",
            " https://h",
            "javascript://h/a",
            "data:text/javascript,1",
            "ftp://localhost/a",
        ] {
            assert!(!is_safe(address), "{address}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(address in "(https?)?:?/{0,2}\\PC{0,40}") {
            let _ = is_safe(&address);
        }
    }
}
