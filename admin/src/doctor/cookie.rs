//! What a browser would do with a cookie (RFC 6265bis): keep it or drop it, and send it where.

use url::Url;

use super::finding::{Text, text};

/// What a browser does with a cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Keeps it and sends it to CEC's paths.
    Kept {
        /// Whether scripts cannot read it.
        http_only: bool,
    },
    /// Kept by some browsers only, or sent to more hosts than it should be; why, and how to fix it.
    Doubtful(Text, Text),
    /// Dropped, or never sent; why, and how to fix it.
    Lost(Text, Text),
}

/// The attributes; of several with the same name the last one counts.
#[derive(Default)]
struct Attributes<'a> {
    domain: Option<&'a str>,
    path: Option<&'a str>,
    same_site: Option<&'a str>,
    max_age: Option<&'a str>,
    expires: Option<&'a str>,
    secure: bool,
    http_only: bool,
}

/// Judges a `Set-Cookie` of the response to `requested`, for requests to `path` of the same site.
pub fn judge(set_cookie: &str, requested: &Url, path: &str) -> Judgement {
    let attributes = read(set_cookie);
    let host = requested.host_str().unwrap_or_default();
    if let Some(domain) = attributes.domain {
        let covers =
            host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
        if !covers {
            return Judgement::Lost(
                text!(
                    "its Domain is another site's: a browser drops it",
                    "其 Domain 属于其他域名：浏览器会丢弃"
                ),
                text!(
                    "Let the gateway take the Domain off (nginx: proxy_cookie_domain), or pass /service-cloud/ to calldock-edge, which does.",
                    "请让网关去掉 Domain（nginx：proxy_cookie_domain），或将 /service-cloud/ 转发给会去掉它的 calldock-edge。"
                ),
            );
        }
    }
    // An invalid Path means the default: the folder of the requested path.
    let default = requested.path().rsplit_once('/').map_or("", |(folder, _)| folder);
    let for_path = attributes.path.filter(|path| path.starts_with('/')).unwrap_or(default);
    if !path_matches(path, for_path) {
        return Judgement::Lost(
            text!(
                "its Path does not cover CEC's paths: it is kept and never sent",
                "其 Path 不覆盖云客服路径：会保存但不会发送"
            ),
            text!(
                "Let the gateway rewrite the Path to the prefix (nginx: proxy_cookie_path), or give --url with the prefix that the pages use.",
                "请让网关将 Path 改写到前缀之下（nginx：proxy_cookie_path），或在 --url 中给出页面实际使用的前缀。"
            ),
        );
    }
    if has_expired(&attributes) {
        return Judgement::Lost(
            text!("it has expired already: a browser deletes it", "已过期：浏览器会将其删除"),
            text!("Check this machine's clock and the tenant's.", "请检查本机与租户的时钟。"),
        );
    }
    let none = attributes.same_site.is_some_and(|value| value.eq_ignore_ascii_case("none"));
    if none && !attributes.secure {
        return Judgement::Lost(
            text!(
                "SameSite=None without Secure: a browser drops it",
                "SameSite=None 但没有 Secure：浏览器会丢弃"
            ),
            text!(
                "Let the gateway add Secure, or make it SameSite=Lax (nginx: proxy_cookie_flags), and deliver pages over https.",
                "请让网关加上 Secure，或改为 SameSite=Lax（nginx：proxy_cookie_flags），并以 https 提供页面。"
            ),
        );
    }
    if attributes.secure && requested.scheme() == "http" {
        let why = text!(
            "it is Secure and the page came over plain HTTP",
            "带有 Secure，而页面经明文 HTTP 提供"
        );
        let fix = text!("Deliver the pages over https.", "请以 https 提供页面。");
        return if calldock_server::address::is_loopback(requested) {
            // Chromium and Firefox trust localhost; WebKit does not.
            Judgement::Doubtful(why, fix)
        } else {
            Judgement::Lost(why, fix)
        };
    }
    if attributes.domain.is_some() {
        return Judgement::Doubtful(
            text!(
                "it has a Domain: it is sent to every subdomain of the site",
                "带有 Domain：站点的所有子域都能看到"
            ),
            text!(
                "Let the gateway take the Domain off (nginx: proxy_cookie_domain).",
                "请让网关去掉 Domain（nginx：proxy_cookie_domain）。"
            ),
        );
    }
    Judgement::Kept { http_only: attributes.http_only }
}

fn read(set_cookie: &str) -> Attributes<'_> {
    let mut attributes = Attributes::default();
    for attribute in set_cookie.split(';').skip(1) {
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        match name.as_str() {
            // A leading dot is ignored; so is an empty Domain.
            "domain" => {
                attributes.domain = Some(value.trim_start_matches('.')).filter(|it| !it.is_empty());
            }
            "path" => attributes.path = Some(value),
            "samesite" => attributes.same_site = Some(value),
            "max-age" => attributes.max_age = Some(value),
            "expires" => attributes.expires = Some(value),
            "secure" => attributes.secure = true,
            "httponly" => attributes.http_only = true,
            _ => {}
        }
    }
    attributes
}

/// RFC 6265, section 5.1.4.
fn path_matches(requested: &str, cookie: &str) -> bool {
    requested.strip_prefix(cookie).is_some_and(|rest| {
        rest.is_empty() || rest.starts_with('/') || cookie.ends_with('/') || cookie.is_empty()
    })
}

fn has_expired(attributes: &Attributes<'_>) -> bool {
    if let Some(age) = attributes.max_age.and_then(|age| age.parse::<i64>().ok()) {
        return age <= 0;
    }
    let end = attributes.expires.and_then(|date| httpdate::parse_http_date(date).ok());
    end.is_some_and(|end| end <= std::time::SystemTime::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_judged_as_a_browser_would() {
        let at = |url: &str, attributes: &str| {
            let requested = Url::parse(url).unwrap();
            let path = "/demo/service-cloud/rest/x";
            match judge(&format!("ccmessaging-token=abc{attributes}"), &requested, path) {
                Judgement::Kept { http_only: false } => "kept".to_owned(),
                Judgement::Kept { http_only: true } => "kept, HttpOnly".to_owned(),
                Judgement::Doubtful(why, fix) | Judgement::Lost(why, fix) => {
                    assert!(!why.zh.is_empty() && !fix.zh.is_empty());
                    why.en
                }
            }
        };
        let shop = "https://www.shop.example/demo/service-cloud/webclient/chat_client/js/a.js";
        for (attributes, expected) in [
            ("; Path=/", "kept"),
            ("; Path=/; Secure; SameSite=None; HttpOnly", "kept, HttpOnly"),
            ("; path=/demo/service-cloud", "kept"),
            ("; Path=/demo/", "kept"),
            ("; Path=/; Domain=", "kept"),
            ("; Path=/; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "kept"),
            ("; Path=/; Domain=.besclouds.com", "another site's"),
            ("; Path=/; Domain=hop.example", "another site's"),
            ("; Path=/; Domain=.shop.example", "every subdomain"),
            ("; Path=/service-cloud", "does not cover"),
            ("; Path=/dem", "does not cover"),
            ("", "does not cover"),
            ("; Path=/; SameSite=None", "without Secure"),
            ("; Path=/; Max-Age=0", "expired"),
            ("; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "expired"),
        ] {
            assert!(
                at(shop, attributes).contains(expected),
                "{attributes}: {}",
                at(shop, attributes)
            );
        }
        let plain = shop.replace("https", "http");
        assert!(at(&plain, "; Path=/; Secure").contains("plain HTTP"));
        assert!(at("http://localhost:8700/demo/a", "; Path=/; Secure").contains("plain HTTP"));
        assert_eq!(at("http://localhost:8700/demo/a", "; Path=/; SameSite=Lax"), "kept");
    }
}
