//! Reads the contact centre's address and the sites. Every way to be wrong has a sentence of its own.

use anyhow::{Context, Result, bail, ensure};
use url::{Host, Url};

/// The script of the contact centre that the guide's extension loads (docs/vendor/huawei.md §4).
const SCRIPT: &str = "/service-cloud/resource.root/cobrowse/sdk/cobrowse.js";

/// The contact centre: an https origin, with a port if it has one of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aicc {
    origin: String,
    host: String,
}

impl Aicc {
    /// Reads `--aicc`.
    pub fn parse(word: &str) -> Result<Self> {
        let url = https("--aicc", word)?;
        ensure!(
            url.path() == "/" && url.query().is_none() && url.fragment().is_none(),
            "--aicc: expected a domain alone, because the path is always {SCRIPT}; found `{word}`"
        );
        let host = url.host_str().unwrap_or_default().to_owned();
        Ok(Self { origin: url.origin().ascii_serialization(), host })
    }

    /// `https://aicc.example.com`, without a slash at its end.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The name without port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Where cobrowse.js is.
    pub fn script(&self) -> String {
        format!("{}{SCRIPT}", self.origin)
    }
}

/// Reads `--hosts`: match patterns of the form `https://shop.example.com/*`, each once.
pub fn hosts(list: &str) -> Result<Vec<String>> {
    let mut patterns = Vec::new();
    for word in list.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let pattern = host(word)?;
        if !patterns.contains(&pattern) {
            patterns.push(pattern);
        }
    }
    ensure!(!patterns.is_empty(), "--hosts: expected at least one site, found none");
    Ok(patterns)
}

fn host(word: &str) -> Result<String> {
    ensure!(
        word != "<all_urls>",
        "--hosts: `<all_urls>` is every site there is; name the sites that are cobrowsed"
    );
    let whole = word.strip_suffix("/*").unwrap_or(word);
    let url = https("--hosts", whole)?;
    if let Some(port) = url.port() {
        bail!(
            "--hosts: a browser's pattern has no port and covers all of a host's; leave `:{port}` \
             out of `{word}`"
        );
    }
    ensure!(
        url.path() == "/" && url.query().is_none() && url.fragment().is_none(),
        "--hosts: expected a whole site, https://shop.example.com/*; found a path in `{word}`"
    );
    match url.host() {
        Some(Host::Domain(name)) => Ok(format!("https://{name}/*")),
        Some(Host::Ipv4(address)) => Ok(format!("https://{address}/*")),
        _ => bail!("--hosts: browsers take no IPv6 address in a pattern; found `{word}`"),
    }
}

/// What both have in common.
fn https(option: &str, word: &str) -> Result<Url> {
    if let Some((scheme, _)) = word.split_once("://") {
        ensure!(
            scheme.eq_ignore_ascii_case("https"),
            "{option}: expected https, found `{scheme}` in `{word}`"
        );
    } else {
        bail!("{option}: expected an address that begins with https://, found `{word}`");
    }
    ensure!(
        !word.contains('*'),
        "{option}: a wildcard covers sites that nobody named; write each one out instead of `{word}`"
    );
    let url =
        Url::parse(word).with_context(|| format!("{option}: `{word}` is no address of a site"))?;
    ensure!(
        url.username().is_empty() && url.password().is_none(),
        "{option}: expected no user name before the host, found one (hidden here)"
    );
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused<T: std::fmt::Debug>(outcome: Result<T>) -> String {
        outcome.unwrap_err().to_string()
    }

    #[test]
    fn the_contact_centre_may_have_a_port_as_in_the_guide() {
        let aicc = Aicc::parse("https://10.1.2.3:28090").unwrap();
        assert_eq!(aicc.script(), format!("https://10.1.2.3:28090{SCRIPT}"));
        assert_eq!(aicc.host(), "10.1.2.3");
        assert_eq!(Aicc::parse("https://AICC.example.com:443/").unwrap().origin(), ORIGIN);
    }

    const ORIGIN: &str = "https://aicc.example.com";

    #[test]
    fn sites_become_patterns_each_once() {
        let patterns = hosts(
            "https://shop.example.com/*, https://münchen.example/,\
             https://SHOP.example.com,https://10.0.0.7/*",
        )
        .unwrap();
        let expected = [
            "https://shop.example.com/*",
            "https://xn--mnchen-3ya.example/*",
            "https://10.0.0.7/*",
        ];
        assert_eq!(patterns, expected);
    }

    #[test]
    fn another_scheme_is_refused() {
        assert_eq!(
            refused(Aicc::parse("http://aicc.example.com")),
            "--aicc: expected https, found `http` in `http://aicc.example.com`"
        );
        assert_eq!(
            refused(hosts("https://a.example/*,http://b.example/*")),
            "--hosts: expected https, found `http` in `http://b.example`"
        );
        assert!(refused(hosts("*://shop.example.com/*")).contains("expected https, found `*`"));
    }

    #[test]
    fn an_address_without_a_scheme_is_refused() {
        assert_eq!(
            refused(Aicc::parse("aicc.example.com")),
            "--aicc: expected an address that begins with https://, found `aicc.example.com`"
        );
        assert!(refused(hosts("shop.example.com/*")).contains("begins with https://"));
    }

    #[test]
    fn every_site_there_is_is_refused() {
        assert!(refused(hosts("<all_urls>")).contains("name the sites that are cobrowsed"));
    }

    #[test]
    fn a_wildcard_in_a_host_is_refused() {
        for word in ["https://*.example.com/*", "https://*/*", "https://shop.*/*"] {
            assert!(refused(hosts(word)).contains("write each one out"), "{word}");
        }
        assert!(refused(Aicc::parse("https://*.example.com")).contains("write each one out"));
    }

    #[test]
    fn a_port_is_refused_in_a_site_only() {
        assert_eq!(
            refused(hosts("https://shop.example.com:8443/*")),
            "--hosts: a browser's pattern has no port and covers all of a host's; leave `:8443` out \
             of `https://shop.example.com:8443/*`"
        );
    }

    #[test]
    fn a_path_is_refused() {
        assert!(refused(hosts("https://shop.example.com/cart/*")).contains("found a path in"));
        assert!(refused(hosts("https://shop.example.com/?a=1")).contains("found a path in"));
        let message = refused(Aicc::parse("https://aicc.example.com/service-cloud"));
        assert!(message.starts_with("--aicc: expected a domain alone"), "{message}");
    }

    #[test]
    fn what_looks_like_another_host_is_refused() {
        let message = refused(Aicc::parse("https://aicc.example.com@evil.example"));
        assert!(message.contains("expected no user name"), "{message}");
        assert!(refused(hosts("https://[::1]/*")).contains("no IPv6 address"));
        assert!(refused(hosts("https:///*")).contains("is no address of a site"));
    }

    #[test]
    fn no_site_at_all_is_refused() {
        assert_eq!(refused(hosts(" , ")), "--hosts: expected at least one site, found none");
    }
}
