//! What a browser would do with a cookie (RFC 6265bis): keep it or drop it, and send it where.

use url::Url;

use super::finding::{Said, said};

/// What a page's cookie is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Kept, and sent to CEC's paths again.
    Kept {
        /// Whether scripts cannot see it.
        http_only: bool,
    },
    /// Kept by some browsers, or seen by more than it should; says why, and how to mend it.
    Doubtful(Said, Said),
    /// Dropped, or never sent again; says why, and how to mend it.
    Lost(Said, Said),
}

/// The attributes that count, as the last of each name says.
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

/// Judges a `Set-Cookie` of an answer to `asked`, for requests below `path` of the same site.
pub fn judge(set_cookie: &str, asked: &Url, path: &str) -> Judgement {
    let attributes = read(set_cookie);
    let host = asked.host_str().unwrap_or_default();
    if let Some(domain) = attributes.domain {
        let covers =
            host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
        if !covers {
            return Judgement::Lost(
                said!(
                    "its Domain is another one's: a browser drops it",
                    "其 Domain 属于其他域名：浏览器会丢弃"
                ),
                said!(
                    "Let the gateway take the Domain off (nginx: proxy_cookie_domain), or pass /service-cloud/ to calldock-server, which does.",
                    "请让网关去掉 Domain（nginx：proxy_cookie_domain），或将 /service-cloud/ 转发给会去掉它的 calldock-server。"
                ),
            );
        }
    }
    // A path that is none is the default one: that of the script's own folder.
    let default = asked.path().rsplit_once('/').map_or("", |(folder, _)| folder);
    let for_path = attributes.path.filter(|path| path.starts_with('/')).unwrap_or(default);
    if !path_matches(path, for_path) {
        return Judgement::Lost(
            said!(
                "its Path does not cover CEC's paths: it is kept and never sent",
                "其 Path 不覆盖云客服路径：会保存但不会发送"
            ),
            said!(
                "Let the gateway rewrite the Path to the prefix (nginx: proxy_cookie_path), or set cec.proxy_prefix to what the pages use.",
                "请让网关将 Path 改写到前缀之下（nginx：proxy_cookie_path），或将 cec.proxy_prefix 设为页面实际使用的前缀。"
            ),
        );
    }
    if has_ended(&attributes) {
        return Judgement::Lost(
            said!("it has expired already: a browser deletes it", "已过期：浏览器会将其删除"),
            said!("Check this machine's clock and the tenant's.", "请检查本机与租户的时钟。"),
        );
    }
    let none = attributes.same_site.is_some_and(|value| value.eq_ignore_ascii_case("none"));
    if none && !attributes.secure {
        return Judgement::Lost(
            said!(
                "SameSite=None without Secure: a browser drops it",
                "SameSite=None 但没有 Secure：浏览器会丢弃"
            ),
            said!(
                "Let the gateway add Secure, or make it SameSite=Lax (nginx: proxy_cookie_flags), and deliver pages over https.",
                "请让网关加上 Secure，或改为 SameSite=Lax（nginx：proxy_cookie_flags），并以 https 提供页面。"
            ),
        );
    }
    if attributes.secure && asked.scheme() == "http" {
        let why = said!(
            "it is Secure and the page came over plain HTTP",
            "带有 Secure，而页面经明文 HTTP 提供"
        );
        let mend = said!("Deliver the pages over https.", "请以 https 提供页面。");
        return if crate::address::is_loopback(asked) {
            // Chromium and Firefox trust localhost; WebKit does not.
            Judgement::Doubtful(why, mend)
        } else {
            Judgement::Lost(why, mend)
        };
    }
    if attributes.domain.is_some() {
        return Judgement::Doubtful(
            said!(
                "it has a Domain: every subdomain of the site sees it",
                "带有 Domain：站点的所有子域都能看到"
            ),
            said!(
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
            // A leading dot is not looked at; an empty Domain is none.
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
fn path_matches(asked: &str, cookie: &str) -> bool {
    asked.strip_prefix(cookie).is_some_and(|rest| {
        rest.is_empty() || rest.starts_with('/') || cookie.ends_with('/') || cookie.is_empty()
    })
}

fn has_ended(attributes: &Attributes<'_>) -> bool {
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
            let asked = Url::parse(url).unwrap();
            let path = "/demo/service-cloud/rest/x";
            match judge(&format!("ccmessaging-token=abc{attributes}"), &asked, path) {
                Judgement::Kept { http_only: false } => "kept".to_owned(),
                Judgement::Kept { http_only: true } => "kept, HttpOnly".to_owned(),
                Judgement::Doubtful(why, mend) | Judgement::Lost(why, mend) => {
                    assert!(!why.zh.is_empty() && !mend.zh.is_empty());
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
            ("; Path=/; Domain=.besclouds.com", "another one's"),
            ("; Path=/; Domain=hop.example", "another one's"),
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
