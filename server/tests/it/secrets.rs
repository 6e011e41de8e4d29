//! No configured secret comes out, whatever the vendor says.

use std::time::Duration;

use axum::http::header::HeaderMap;
use calldock_server::config::Config;
use calldock_server::tccc::transport::Reply;
use calldock_server::tccc::{ChatSettings, CredentialSource, Credentials};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{
    Answer, CEC_LOGIN, CHAT, LOGIN, Vendor, ask, cec, guests, reply, request, server, signing_by,
    tccc,
};

#[derive(Clone, Debug)]
struct Secrets {
    id: String,
    key: String,
    token: String,
    cec: String,
}

impl Secrets {
    fn all(&self) -> [&str; 4] {
        [&self.id, &self.key, &self.token, &self.cec]
    }

    /// Both vendors, keyed with these, for guests.
    fn configure(&self) -> Config {
        let mut config = cec(signing_by(&self.cec), guests());
        tccc(&mut config).credentials = CredentialSource::Fixed(self.clone().into());
        config.chat = Some(ChatSettings {
            web_app_id: "9903496b6be2e67ad291dd2323f3ae9f".into(),
            peer_source: "XX商城".into(),
            extra: Vec::new(),
            allowed_fields: Vec::new(),
            expires_in: Duration::from_secs(3600),
        });
        config
    }

    fn into(self) -> Credentials {
        Credentials {
            secret_id: self.id.into(),
            secret_key: self.key.into(),
            token: Some(self.token.into()),
        }
    }
}

prop_compose! {
    fn secrets()(id in "AKID[A-Za-z0-9]{16,32}", key in "[A-Za-z0-9+/=]{16,40}", token in "[!-~]{16,64}", cec in "[A-Za-z0-9]{16,43}") -> Secrets {
        Secrets { id, key, token, cec }
    }
}

/// A vendor that puts the secrets into every place it can write to, in one shape after the other.
fn hostile_reply(secrets: &Secrets, shape: usize, which: usize) -> Reply {
    let leak = secrets.all()[which];
    let body = match shape {
        0 => json!({"Response": {"Error": {"Code": leak, "Message": leak}, "RequestId": leak}}).to_string(),
        1 => json!({"Response": {"Error": {"Code": "AuthFailure.SecretIdNotFound", "Message": leak}, "RequestId": leak}}).to_string(),
        2 => json!({"Response": {"Token": leak, "SdkURL": "https://tccc.qcloud.com/s.js", "ExpiredTime": 1}}).to_string(),
        3 => json!({"Response": {"Token": "t", "SdkURL": format!("https://tccc.qcloud.com/s.js?{leak}"), "ExpiredTime": 1}}).to_string(),
        4 => json!({"Response": {"Token": [leak], "SdkURL": leak, "ExpiredTime": leak}}).to_string(),
        5 => json!({ leak: leak }).to_string(),
        8 => json!({"Response": {"UserSig": leak}}).to_string(),
        6 => format!("<html>{leak}</html>"),
        _ => leak.to_owned(),
    };
    reply(200, leak, &body)
}

fn holds(answer: &Answer, secret: &str) -> bool {
    let headers: &HeaderMap = &answer.headers;
    answer.text.contains(secret) || format!("{headers:?}").contains(secret)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_holds_a_secret(secrets in secrets(), shape in 0..9usize, which in 0..3usize, path in prop::sample::select(&[LOGIN, CHAT, "/nothing"][..])) {
        let app = server(secrets.configure(), Vendor::answering(Ok(hostile_reply(&secrets, shape, which))));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let answer = runtime.block_on(ask(&app, request("POST", path, &[("accept-language", "zh")])));
        prop_assert!(!answer.status.is_success(), "{}", answer.text);
        for secret in secrets.all() {
            prop_assert!(!holds(&answer, secret), "{}", answer.text);
        }
    }

    #[test]
    fn what_is_signed_for_a_guest_holds_no_secret(secrets in secrets()) {
        let app = server(secrets.configure(), Vendor::saying(""));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let answer = runtime.block_on(ask(&app, request("POST", CEC_LOGIN, &[])));
        prop_assert!(answer.status.is_success(), "{}", answer.text);
        for secret in secrets.all() {
            prop_assert!(!holds(&answer, secret), "{}", answer.text);
        }
        let cookie = answer.header("set-cookie").split(['=', ';']).nth(1).unwrap();
        prop_assert!(cookie.len() > 43 && !answer.text.contains(cookie));
        prop_assert!(!format!("{:?}", answer.headers).contains(cookie), "the guest's secret is no log's business");
    }

    #[test]
    fn debug_of_a_configuration_holds_no_secret(secrets in secrets()) {
        let config = secrets.configure();
        let shown = format!("{config:?} {config:#?}");
        for secret in secrets.all() {
            prop_assert!(!shown.contains(secret));
        }
    }

    #[test]
    fn no_configuration_error_holds_a_secret(secrets in secrets(), breakage in 0..5usize) {
        let Secrets { id, key, token, .. } = &secrets;
        let text = match breakage {
            0 => format!("[tccc]\nsecret_key = \"{key}\nsecret_id = \"{id}\""),
            1 => format!("[tccc]\nsecret_key = [{key:?}]\nsecret_id = {{ a = {id:?} }}"),
            2 => format!("[tccc]\nsecret_key = {key:?}\nsecret_key = {key:?}"),
            3 => format!("[tccc]\nsecret_key = \" {key} {id}\"\ntoken = \"{id}\\n{key}\""),
            _ => id.clone(),
        };
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calldock.toml");
        std::fs::write(&file, text).unwrap();
        let environment = [("CALLDOCK_TCCC_TOKEN".to_owned(), format!("{token} {token}"))];
        let errors = Config::load(Some(&file), environment).unwrap_err();
        let shown = format!("{errors} {errors:?}");
        for secret in secrets.all() {
            prop_assert!(!shown.contains(secret), "{shown}");
        }
    }
}
