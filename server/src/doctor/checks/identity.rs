//! What knows who is asking can be asked: each kind by somebody made up, whom it must not know.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Request, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::Running;
use crate::doctor::finding::{Finding, Said, said};
use crate::doctor::{Examination, Part};
use crate::identity::gateway::{Gateway, GatewayConfig};
use crate::identity::jwt::{Jwt, JwtConfig};
use crate::identity::{Identity, KnownBy, Person, Visitors};
use crate::problem::Refusal;

/// A row for each kind that is used, whoever it is used for.
pub fn run(exam: &Examination) -> Running<'_> {
    Box::pin(async move {
        let mut rows: Vec<Finding> = Vec::new();
        for by in used(exam) {
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

/// Agents' and visitors'.
fn used(exam: &Examination) -> Vec<&KnownBy> {
    let config = &exam.config;
    let tccc = exam.wants(Part::Tccc);
    let agents = config.identity.as_ref().filter(|_| tccc).and_then(|identity| match identity {
        Identity::Known(by) => Some(by),
        Identity::Fixed(_) => None,
    });
    let chats = config.chat.iter().filter(|_| tccc).map(|chat| &chat.visitors);
    let logins = exam.cec().into_iter().flat_map(|cec| &cec.logins).map(|login| &login.visitors);
    let visitors = chats.chain(logins).filter_map(|visitors| match visitors {
        Visitors::Known { by, .. } => Some(by),
        Visitors::Fixed(_) | Visitors::Guest { .. } => None,
    });
    agents.into_iter().chain(visitors).collect()
}

/// A token with a key nobody has makes the provider's keys be fetched.
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
        Err(_) => return no_authorities(OF),
    };
    let found = said!("the provider's keys can be fetched", "可获取身份提供方的密钥");
    judge(OF, outcome, found)
}

/// The application is asked about a made-up session; a header is there or not, with every request.
async fn gateway(config: &GatewayConfig) -> Finding {
    const OF: &str = "gateway.url";
    let cookies = match config {
        GatewayConfig::CallBack(config) => &config.cookies,
        GatewayConfig::Header(_) => {
            let found = said!(
                "the gateway says it in a header; nothing to ask",
                "由网关在请求头中告知；无需询问"
            );
            return Finding::good("gateway.header", found);
        }
    };
    let pairs: Vec<_> = cookies.iter().map(|name| format!("{name}=calldock-doctor")).collect();
    let outcome = match Gateway::new(config.clone()) {
        Ok(gateway) => gateway.person(&request(COOKIE, &pairs.join("; "))).await,
        Err(_) => return no_authorities(OF),
    };
    let found =
        said!("the application knows nobody by a made-up cookie", "应用不认可虚构的 cookie");
    judge(OF, outcome, found)
}

/// Looks without opening: whoever opens it may leave files that are not the server's.
fn accounts(path: &Path) -> Finding {
    const OF: &str = "local.database";
    const MAGIC: &[u8; 16] = b"SQLite format 3\0";
    let mut start = [0; 16];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    match read {
        Ok(()) if start == *MAGIC => {
            Finding::good(OF, said!("the file of accounts is there", "账户文件存在"))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Finding::warning(
            OF,
            said!("there is no file of accounts yet", "尚无账户文件"),
            said!(
                "Make the first account, as the user the server runs as: calldock-server account add.",
                "请以服务的运行用户创建第一个账户：calldock-server account add。"
            ),
        ),
        Ok(()) | Err(_) => Finding::failed(
            OF,
            said!("expected a readable SQLite file", "期望可读的 SQLite 文件"),
            said!(
                "Check the path, and that the file is the server's own and can be read.",
                "请检查路径，并确认该文件属于本服务且可读。"
            ),
        ),
    }
}

/// Nobody is the right answer; somebody is worse than none.
fn judge(of: &'static str, outcome: Result<Person, Refusal>, found: Said) -> Finding {
    match outcome {
        Err(refusal) if refusal.status() == StatusCode::UNAUTHORIZED => Finding::good(of, found),
        Err(refusal) => {
            let remedy: Said = refusal.remedy().into();
            Finding::failed(of, Said::plain(refusal.detail()), remedy)
        }
        Ok(_) => Finding::failed(
            of,
            said!("somebody made up was taken for somebody", "虚构的请求被认作某个用户"),
            said!(
                "Take this server out of service until that address answers 401 to whoever is not signed in.",
                "请停用本服务，直至该地址对未登录者返回 401。"
            ),
        ),
    }
}

fn no_authorities(of: &'static str) -> Finding {
    Finding::failed(
        of,
        said!("no certificate authorities found on this machine", "本机没有受信任的证书机构"),
        said!("Install ca-certificates.", "请安装 ca-certificates。"),
    )
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
    fn nobody_is_the_right_answer() {
        let refused = |status| Err(Refusal::new(status, Code::LoginFailed, "detail"));
        let judge = |outcome| judge("jwt.issuer", outcome, said!("a", "b")).verdict;
        assert_eq!(judge(refused(StatusCode::UNAUTHORIZED)), Verdict::Good);
        assert_eq!(judge(refused(StatusCode::BAD_GATEWAY)), Verdict::Failed);
        assert_eq!(judge(Ok(Person::new("10010001", None).unwrap())), Verdict::Failed);
    }

    #[test]
    fn a_file_of_accounts_is_looked_at_and_not_made() {
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
