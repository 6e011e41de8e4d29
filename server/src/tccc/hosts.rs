//! Where the agent's script may come from: the page runs it with the agent's rights.

/// The hosts of the vendor's scripts (`docs/vendor/tccc.md` §1).
pub const DEFAULT: [&str; 3] = ["*.cdn-go.cn", "tccc.qcloud.com", "connect.tencentcloud.com"];

/// Host names, or `*.` and the name whose subdomains are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosts(Vec<String>);

impl Default for Hosts {
    fn default() -> Self {
        Self(DEFAULT.map(str::to_owned).into())
    }
}

impl Hosts {
    /// These hosts, as [`parse`] read them.
    pub fn new(hosts: Vec<String>) -> Self {
        Self(hosts)
    }

    /// The list of the settings file that has one more.
    pub fn with(&self, host: &str) -> String {
        format!("{:?}", [&self.0[..], &[host.to_owned()]].concat())
    }

    /// Whether a host, in lower case as URLs have it, is one of them.
    pub fn contain(&self, host: &str) -> bool {
        self.0.iter().any(|known| match known.strip_prefix("*") {
            Some(suffix) => host.strip_suffix(suffix).is_some_and(|name| !name.is_empty()),
            None => known == host,
        })
    }
}

/// Reads an entry of `tccc.sdk_hosts`.
///
/// # Errors
/// What was expected.
pub fn parse(text: &str) -> Result<String, &'static str> {
    let name = text.strip_prefix("*.").unwrap_or(text);
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
    let fits = name.len() <= 253 && name.bytes().all(plain) && name.contains('.');
    if fits && name.split('.').all(|label| !label.is_empty()) {
        Ok(text.to_owned())
    } else {
        Err("expected host names in lower case, like tccc.qcloud.com or *.cdn-go.cn")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_means_subdomains_and_nothing_that_only_ends_alike() {
        let hosts = Hosts::default();
        for host in ["tccc.qcloud.com", "connect.tencentcloud.com", "a.cdn-go.cn", "a.b.cdn-go.cn"]
        {
            assert!(hosts.contain(host), "{host}");
        }
        for host in
            ["cdn-go.cn", ".cdn-go.cn", "evilcdn-go.cn", "x.tccc.qcloud.com", "qcloud.com", ""]
        {
            assert!(!hosts.contain(host), "{host}");
        }
    }

    #[test]
    fn entries_are_names() {
        assert!(parse("*.example.com").is_ok() && parse("sdk.example.com").is_ok());
        for text in
            ["", "*", "*.", "com", "https://a.b", "a.b/c", "A.b", "*.*.b", "a..b", "a.b:443"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
