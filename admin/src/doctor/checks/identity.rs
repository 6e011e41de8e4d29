//! The configured authenticators can be reached and refuse a made-up request.

#[cfg(feature = "accounts")]
use std::fs::File;
#[cfg(feature = "accounts")]
use std::io::{ErrorKind, Read};
use std::net::IpAddr;
#[cfg(feature = "accounts")]
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use calldock_server::identity::gateway::AskSettings;
use calldock_server::identity::jwt::{JwtSettings, Place};
use calldock_server::identity::{
    Agents, AuthenticatorSettings, Authenticators, Person, Resources, VisitorSettings,
};
use calldock_server::key::ServerKey;
use calldock_server::problem::Refusal;
use calldock_server::queue::{Budget, Pace};
use calldock_server::store::Store;
use calldock_service::{Caller, Gateways};
use http::header::{AUTHORIZATION, COOKIE};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Request, StatusCode};

use super::Running;
use crate::doctor::finding::{Finding, Text, text};
use crate::doctor::{Context, Part};

/// Reports a row for each kind in use.
pub fn run(context: &Context) -> Running<'_> {
    Box::pin(async move {
        let mut rows: Vec<Finding> = Vec::new();
        for settings in used(context) {
            let finding = match settings {
                AuthenticatorSettings::Jwt(jwt) => check(settings, provider(jwt)).await,
                AuthenticatorSettings::Ask(ask) => check(settings, application(ask)).await,
                AuthenticatorSettings::Header(_) => Finding::good(
                    "gateway.header",
                    text!(
                        "the gateway sends the identity in a header; nothing to check",
                        "由网关在请求头中告知身份；无需检查"
                    ),
                ),
                #[cfg(feature = "accounts")]
                AuthenticatorSettings::Local(local) => accounts(&local.database),
            };
            if rows.iter().all(|row| row.of != finding.of) {
                rows.push(finding);
            }
        }
        rows
    })
}

/// The authenticators of agents and visitors.
fn used(context: &Context) -> impl Iterator<Item = &AuthenticatorSettings> {
    let config = &context.config;
    let agents = config.agents.as_ref().filter(|_| context.wants(Part::Tccc));
    let agents = agents.and_then(|agents| match agents {
        Agents::By(settings) => Some(settings),
        Agents::Fixed(_) => None,
    });
    let visitors = config.visitors.as_ref().and_then(|visitors| match visitors {
        VisitorSettings::By { authenticator, .. } => Some(authenticator),
        VisitorSettings::Fixed(_) | VisitorSettings::Guest { .. } => None,
    });
    agents.into_iter().chain(visitors)
}

/// A made-up request, what it is checked for, and what is found if it is refused.
struct Made {
    of: &'static str,
    request: Parts,
    refused: Text,
}

/// A token with an unknown key id makes the authenticator fetch the provider's keys.
fn provider(settings: &JwtSettings) -> Made {
    let algorithm = settings.algorithms.first().map(|algorithm| format!("{algorithm:?}"));
    let header = format!(
        r#"{{"alg":"{}","typ":"JWT","kid":"calldock-doctor"}}"#,
        algorithm.unwrap_or_default()
    );
    let token = format!("{}.e30.AAAA", BASE64_URL_SAFE_NO_PAD.encode(header));
    let request = match &settings.place {
        Place::Cookie(name) => request(COOKIE, &format!("{name}={token}")),
        Place::Header(name) => request(name.clone(), &token),
        Place::Bearer => request(AUTHORIZATION, &format!("Bearer {token}")),
    };
    let refused = text!("the provider's keys can be fetched", "可获取身份提供方的密钥");
    Made { of: "jwt.issuer", request, refused }
}

/// The application is asked about a made-up session.
fn application(settings: &AskSettings) -> Made {
    let pairs: Vec<_> =
        settings.cookies.iter().map(|name| format!("{name}=calldock-doctor")).collect();
    let request = request(COOKIE, &pairs.join("; "));
    let refused = text!("the application refuses a made-up cookie", "应用不认可虚构的 cookie");
    Made { of: "gateway.url", request, refused }
}

/// Sends the request through an authenticator of its own.
async fn check(settings: &AuthenticatorSettings, made: Made) -> Finding {
    let (key, store) = (ServerKey::random(), Store::memory());
    let look_ups = Budget::new("doctor", Pace::default(), &key, &store);
    let mut authenticators = Authenticators::new(Resources { store, key, look_ups });
    let agents = match authenticators.agents(Agents::By(settings.clone())) {
        Ok(Agents::By(authenticator)) => authenticator,
        _ => return Finding::no_authorities(made.of),
    };
    let here = IpAddr::from([127, 0, 0, 1]);
    let caller = Caller::new(here, true, &made.request.headers, &Gateways::default());
    judge(made.of, agents.authenticate(&made.request, &caller).await, made.refused)
}

#[cfg(feature = "accounts")]
/// Reads the file's header without opening the database, which would create files of another owner.
fn accounts(path: &Path) -> Finding {
    const OF: &str = "local.database";
    const MAGIC: &[u8; 16] = b"SQLite format 3\0";
    let mut start = [0; 16];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    match read {
        Ok(()) if start == *MAGIC => {
            Finding::good(OF, text!("the accounts' database exists", "账号文件存在"))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Finding::warning(
            OF,
            text!("the accounts' database does not exist yet", "尚无账号文件"),
            text!(
                "Add the first account as the user that runs the server: calldock-admin account add.",
                "请以服务的运行用户创建第一个账号：calldock-admin account add。"
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
            Finding::failed(of, Text::of(refusal.detail()), remedy)
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
    #[cfg(feature = "accounts")]
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
