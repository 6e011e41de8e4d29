//! Credentials beside a stand-in for the metadata service and STS.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use http_body_util::BodyExt;

use super::*;

/// What the stand-in gives: credentials that live this long, and how often it was asked.
struct Cloud {
    lifetime: AtomicU64,
    requests: AtomicUsize,
}

impl Cloud {
    fn end(&self) -> u64 {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        now + self.lifetime.load(Ordering::Relaxed)
    }
}

async fn role(State(cloud): State<Arc<Cloud>>, Path(role): Path<String>) -> (StatusCode, String) {
    if role != "calldock-role" {
        return (StatusCode::NOT_FOUND, "<html>".into());
    }
    let end = cloud.end();
    let body = format!(
        r#"{{"TmpSecretId":"AKIDTEMP{}","TmpSecretKey":"KEYTEMP","ExpiredTime":{end},"Expiration":"x","Token":"TOKENTEMP","Code":"Success"}}"#,
        cloud.requests.load(Ordering::Relaxed)
    );
    (StatusCode::OK, body)
}

async fn assume(State(cloud): State<Arc<Cloud>>, request: Request) -> String {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let header = |name: &str| parts.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("x-tc-action"), "AssumeRoleWithWebIdentity");
    assert_eq!(
        (header("x-tc-version").as_str(), header("authorization").as_str()),
        ("2018-08-13", "SKIP")
    );
    if body["WebIdentityToken"] != "cluster-token" || body["ProviderId"] != "OIDC" {
        return r#"{"Response":{"Error":{"Code":"InvalidParameter.WebIdentityTokenError","Message":"x"},"RequestId":"y"}}"#.into();
    }
    assert_eq!(body["RoleArn"], "qcs::cam::uin/1:roleName/calldock");
    format!(
        r#"{{"Response":{{"ExpiredTime":{},"Expiration":"x","Credentials":{{"Token":"TOKENTEMP","TmpSecretId":"AKIDTEMP","TmpSecretKey":"KEYTEMP"}},"RequestId":"y"}}}}"#,
        cloud.end()
    )
}

async fn cloud(lifetime: u64) -> (Arc<Cloud>, Url) {
    let cloud = Arc::new(Cloud { lifetime: lifetime.into(), requests: AtomicUsize::new(0) });
    let folder = "/latest/meta-data/cam/security-credentials/";
    let router = Router::new()
        .route(folder, get(async || "calldock-role"))
        .route(&format!("{folder}{{role}}"), get(role))
        .route("/", post(assume))
        .with_state(Arc::clone(&cloud));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (cloud, url)
}

fn provider(metadata: Url, role: Option<&str>) -> CredentialProvider {
    let role = role.map(str::to_owned);
    CredentialProvider::new(CredentialSource::Cvm { metadata, role })
}

#[test]
fn debug_shows_nothing_and_leaks_are_seen() {
    let credentials = Credentials {
        secret_id: "AKIDEXAMPLE".into(),
        secret_key: "SECRETKEYEXAMPLE".into(),
        token: Some("SESSIONEXAMPLE".into()),
    };
    assert!(!format!("{credentials:?}").contains("EXAMPLE"));
    for secret in ["AKIDEXAMPLE", "SECRETKEYEXAMPLE", "SESSIONEXAMPLE"] {
        assert!(credentials.leak_in(&format!("…{secret}…")));
    }
    assert!(!credentials.leak_in("EXAMPLE"));
}

#[tokio::test]
async fn a_machines_role_gives_credentials_once_until_they_near_their_end() {
    let (cloud, url) = cloud(3600).await;
    for role in [None, Some("calldock-role")] {
        cloud.requests.store(0, Ordering::Relaxed);
        let provider = provider(url.clone(), role);
        let credentials = provider.current().await.unwrap();
        assert_eq!(credentials.secret_id.expose_secret(), "AKIDTEMP1");
        assert_eq!(credentials.token.as_ref().unwrap().expose_secret(), "TOKENTEMP");
        assert_eq!(provider.current().await.unwrap().secret_id.expose_secret(), "AKIDTEMP1");
        assert_eq!(cloud.requests.load(Ordering::Relaxed), 1);
        assert!(provider.leak_in("KEYTEMP"));
    }
}

#[tokio::test]
async fn credentials_near_their_end_are_renewed_and_used_as_long_as_they_live() {
    let (cloud, url) = cloud(200).await;
    let provider = provider(url, None);
    for number in 1..=3 {
        let credentials = provider.current().await.unwrap();
        assert_eq!(credentials.secret_id.expose_secret(), format!("AKIDTEMP{number}"));
    }
    assert_eq!(cloud.requests.load(Ordering::Relaxed), 3);
    let unreachable = CredentialProvider {
        source: CredentialSource::Cvm {
            metadata: "http://127.0.0.1:1/".parse().unwrap(),
            role: None,
        },
        ..provider
    };
    assert!(unreachable.current().await.is_ok(), "they have not ended");
}

#[tokio::test]
async fn of_many_callers_one_fetches() {
    let (cloud, url) = cloud(3600).await;
    let provider = Arc::new(provider(url, None));
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let provider = Arc::clone(&provider);
        callers.spawn(async move { provider.current().await.is_ok() });
    }
    assert!(callers.join_all().await.into_iter().all(|ok| ok));
    assert_eq!(cloud.requests.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_failure_is_told_to_all_who_wait_and_tried_again_after_a_pause() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let router = Router::new().fallback(async move || {
        counted.fetch_add(1, Ordering::Relaxed);
        StatusCode::SERVICE_UNAVAILABLE
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let provider = Arc::new(provider(url, None));
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let provider = Arc::clone(&provider);
        callers.spawn(async move { provider.current().await.unwrap_err() });
    }
    let told = callers.join_all().await;
    assert!(told.iter().all(|error| *error == told[0]), "{told:?}");
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    tokio::time::pause();
    tokio::time::advance(PAUSE).await;
    tokio::time::resume();
    assert!(provider.current().await.is_err());
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let (_, url) = cloud(3600).await;
    let error = provider(url, Some("another")).current().await.unwrap_err();
    assert!(error.to_string().contains("tccc.role"), "{error}");
    let nobody = "http://127.0.0.1:1/".parse().unwrap();
    let error = provider(nobody, None).current().await.unwrap_err();
    assert!(error.to_string().contains("metadata service did not respond"), "{error}");
}

#[tokio::test]
async fn a_clusters_token_becomes_credentials() {
    let (_, sts) = cloud(3600).await;
    let folder = tempfile::tempdir().unwrap();
    let token_file = folder.path().join("token");
    let provider = |provider_id: &str| {
        CredentialProvider::new(CredentialSource::WebIdentity {
            sts: sts.clone(),
            region: "ap-guangzhou".into(),
            provider_id: provider_id.into(),
            role_arn: "qcs::cam::uin/1:roleName/calldock".into(),
            token_file: token_file.clone(),
        })
    };
    let error = provider("OIDC").current().await.unwrap_err();
    assert!(error.to_string().contains("web_identity_token_file"), "{error}");
    std::fs::write(&token_file, "cluster-token\n").unwrap();
    let credentials = provider("OIDC").current().await.unwrap();
    assert_eq!(credentials.secret_key.expose_secret(), "KEYTEMP");
    let error = provider("another").current().await.unwrap_err();
    assert!(error.to_string().contains("refused"), "{error}");

    // Reading a pipe waits for what is written, which never comes.
    std::fs::remove_file(&token_file).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&token_file).status().unwrap().success());
    let fetching = provider("OIDC");
    let current = tokio::time::timeout(TIMEOUT * 3, fetching.current()).await;
    // Ends the thread that reads.
    std::fs::File::options().write(true).open(&token_file).unwrap();
    let error = current.expect("a deadline").unwrap_err();
    assert!(error.to_string().contains("web_identity_token_file"), "{error}");
}

#[test]
fn an_end_in_another_unit_is_no_later_than_credentials_last() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    assert_eq!(end(now.as_secs() + 60), UNIX_EPOCH + Duration::from_secs(now.as_secs() + 60));
    for far in [u64::try_from(now.as_millis()).unwrap(), u64::MAX] {
        assert!(end(far) <= SystemTime::now() + LONGEST, "{far}");
    }
}
