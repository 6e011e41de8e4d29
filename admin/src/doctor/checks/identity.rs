//! The configured authenticators can be reached and refuse a made-up request.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use http::header::{AUTHORIZATION, COOKIE};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Request, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::Running;
use crate::doctor::finding::{Finding, Text, text};
use crate::doctor::{Context, Part};
use calldock_server::identity::gateway::{Gateway, GatewayConfig};
use calldock_server::identity::jwt::{Jwt, JwtConfig};
use calldock_server::identity::{Identity, KnownBy, Person, Visitors};
use calldock_server::problem::Refusal;

/// Reports a row for each kind in use.
pub fn run(context: &Context) -> Running<'_> {
    Box::pin(async move {
        let mut rows: Vec<Finding> = Vec::new();
        for by in used(context) {
            let finding = match by {
                KnownBy::Jwt(config) => provider(config).await,
                KnownBy::Gateway(config) => gateway(config).await,
                KnownBy::Local(config) => accounts(&config.database),
            };
            if rows.iter().all(|row| row.of != finding.of) {
                rows.push(finding);
            }
        }
        rows
    })
}

/// The kinds for agents and visitors.
fn used(context: &Context) -> Vec<&KnownBy> {
    let config = &context.config;
    let tccc = context.wants(Part::Tccc);
    let agents = config.identity.as_ref().filter(|_| tccc).and_then(|identity| match identity {
        Identity::Known(by) => Some(by),
        Identity::Fixed(_) => None,
    });
    let chats = config.chat.iter().filter(|_| tccc).map(|chat| &chat.visitors);
    let logins = context.cec().into_iter().flat_map(|cec| &cec.logins).map(|login| &login.visitors);
    let visitors = chats.chain(logins).filter_map(|visitors| match visitors {
        Visitors::Known { by, .. } => Some(by),
        Visitors::Fixed(_) | Visitors::Guest { .. } => None,
    });
    agents.into_iter().chain(visitors).collect()
}

/// A token with an unknown key id makes the authenticator fetch the provider's keys.
async fn provider(config: &JwtConfig) -> Finding {
    const OF: &str = "jwt.issuer";
    let algorithm = config.algorithms.first().map(|algorithm| format!("{algorithm:?}"));
    let header = format!(
        r#"{{"alg":"{}","typ":"JWT","kid":"calldock-doctor"}}"#,
        algorithm.unwrap_or_default()
    );
    let token = format!("{}.e30.AAAA", BASE64_URL_SAFE_NO_PAD.encode(header));
    let request = match &config.cookie {
        Some(name) => request(COOKIE, &format!("{name}={token}")),
        None => request(AUTHORIZATION, &format!("Bearer {token}")),
    };
    let outcome = match Jwt::new(config.clone()) {
        Ok(jwt) => jwt.person(&request).await,
        Err(_) => return Finding::no_authorities(OF),
    };
    let found = text!("the provider's keys can be fetched", "可获取身份提供方的密钥");
    judge(OF, outcome, found)
}

/// The application is asked about a made-up session; a header cannot be checked.
async fn gateway(config: &GatewayConfig) -> Finding {
    const OF: &str = "gateway.url";
    let cookies = match config {
        GatewayConfig::CallBack(config) => &config.cookies,
        GatewayConfig::Header(_) => {
            let found = text!(
                "the gateway sends the identity in a header; nothing to check",
                "由网关在请求头中告知；无需询问"
            );
            return Finding::good("gateway.header", found);
        }
    };
    let pairs: Vec<_> = cookies.iter().map(|name| format!("{name}=calldock-doctor")).collect();
    let outcome = match Gateway::new(config.clone()) {
        Ok(gateway) => gateway.person(&request(COOKIE, &pairs.join("; "))).await,
        Err(_) => return Finding::no_authorities(OF),
    };
    let found =
        text!("the application refuses a made-up cookie", "应用不认可虚构的 cookie");
    judge(OF, outcome, found)
}

/// Reads the file's header without opening the database, which would create files of another owner.
fn accounts(path: &Path) -> Finding {
    const OF: &str = "local.database";
    const MAGIC: &[u8; 16] = b"SQLite format 3\0";
    let mut start = [0; 16];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    match read {
        Ok(()) if start == *MAGIC => {
            Finding::good(OF, text!("the accounts' database exists", "账户文件存在"))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Finding::warning(
            OF,
            text!("the accounts' database does not exist yet", "尚无账户文件"),
            text!(
                "Add the first account as the user that runs the server: calldock-admin account add.",
                "请以服务的运行用户创建第一个账户：calldock-admin account add。"
            ),
        ),
        Ok(()) | Err(_) => Finding::failed(
            OF,
            text!("expected a readable SQLite file", "期望可读的 SQLite 文件"),
            text!(
                "Check the path, and that the server's user owns the file and can read it.",
                "请检查路径，并确认该文件属于本服务且可读。"
            ),
        ),
    }
}

/// A refusal is right; an accepted request is worse than an error.
fn judge(of: &'static str, outcome: Result<Person, Refusal>, found: Text) -> Finding {
    match outcome {
        Err(refusal) if refusal.status() == StatusCode::UNAUTHORIZED => Finding::good(of, found),
        Err(refusal) => {
            let remedy: Text = refusal.remedy().into();
            Finding::failed(of, Text::plain(refusal.detail()), remedy)
        }
        Ok(_) => Finding::failed(
            of,
            text!("a made-up request was accepted", "虚构的请求被认作某个用户"),
            text!(
                "Take this server out of service until that address responds 401 to requests that are not signed in.",
                "请停用本服务，直至该地址对未登录者返回 401。"
            ),
        ),
    }
}

fn request(name: HeaderName, value: &str) -> Parts {
    let mut parts = Request::new(()).into_parts().0;
    if let Ok(value) = HeaderValue::from_str(value) {
        parts.headers.insert(name, value);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::Verdict;
    use calldock_contract::Code;

    #[test]
    fn a_refusal_is_right_and_an_accepted_request_a_failure() {
        let refused = |status| Err(Refusal::new(status, Code::LoginFailed, "detail"));
        let judge = |outcome| judge("jwt.issuer", outcome, text!("a", "b")).verdict;
        assert_eq!(judge(refused(StatusCode::UNAUTHORIZED)), Verdict::Good);
        assert_eq!(judge(refused(StatusCode::BAD_GATEWAY)), Verdict::Failed);
        assert_eq!(judge(Ok(Person::new("10010001", None).unwrap())), Verdict::Failed);
    }

    #[test]
    fn the_database_is_read_and_not_created() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("accounts.sqlite");
        assert_eq!(accounts(&path).verdict, Verdict::Warning);
        assert!(!path.exists());
        std::fs::write(&path, "no SQLite at all").unwrap();
        assert_eq!(accounts(&path).verdict, Verdict::Failed);
        std::fs::write(&path, b"SQLite format 3\0\x10").unwrap();
        assert_eq!(accounts(&path).verdict, Verdict::Good);
    }
}
