//! `gateway`, by a header.

use calldock_server::identity::AuthenticatorSettings;
use calldock_server::identity::gateway::header::Sender;
use calldock_server::identity::gateway::{HeaderSettings, NameEncoding};
use calldock_service::{Gateways, network};

use super::{agent, app, app_and_vendor, known_by, refused, visit, visitor, with_bytes};
use crate::support::{
    Answer, CEC_LOGIN, GOOD, LOGIN, Vendor, ask, come_from, post, request, server,
};

fn by_header(name_encoding: NameEncoding) -> AuthenticatorSettings {
    AuthenticatorSettings::Header(HeaderSettings {
        header: "x-remote-user".parse().unwrap(),
        name_header: Some("x-remote-name".parse().unwrap()),
        name_encoding,
        sender: Sender::Addresses(Gateways::new(
            ["127.0.0.1", "10.0.0.0/8"].map(|text| network(text).unwrap()),
        )),
        secret: None,
    })
}

fn plain() -> AuthenticatorSettings {
    by_header(NameEncoding::Plain)
}

#[tokio::test]
async fn the_gateways_header_names_agents_and_visitors() {
    let (app, vendor) = app_and_vendor(&plain());
    let headers = [("X-Remote-User", "agent@example.com"), ("X-Remote-Name", "张三")];
    let answer = agent(&app, &headers).await;
    assert_eq!(answer.json()["userId"], "agent@example.com");
    assert!(vendor.seen()[0].body.contains(r#""SeatUserId":"agent@example.com""#));
    let expected = ("agent@example.com".to_owned(), "张三".to_owned());
    assert_eq!(visitor(&visit(&app, &headers).await), expected);
    let nameless = visit(&app, &[("X-Remote-User", "10010001")]).await;
    assert_eq!(visitor(&nameless), ("10010001".into(), "Customer".into()));
    assert_eq!(nameless.header("set-cookie"), "");
}

#[tokio::test]
async fn a_name_may_come_in_percent_signs() {
    let app = app(&by_header(NameEncoding::Percent));
    for (sent, name) in [
        ("%E5%88%98%E5%85%88%E7%94%9F", "刘先生"),
        ("Tom", "Tom"),
        ("%FF", "Customer"),
        ("%0A", "Customer"),
    ] {
        let answer = visit(&app, &[("x-remote-user", "1"), ("x-remote-name", sent)]).await;
        assert_eq!(visitor(&answer).1, name, "{sent}");
    }
}

#[tokio::test]
async fn a_user_in_the_body_or_in_the_query_is_ignored() {
    let app = app(&plain());
    let body =
        r#"{"userId":"boss@example.com","thirdUserId":"boss@example.com","X-Remote-User":"boss"}"#;
    for path in [LOGIN, CEC_LOGIN] {
        let nobody = ask(&app, post(&format!("{path}?user=boss&X-Remote-User=boss"), body)).await;
        assert_eq!(refused(&nobody), (401, "LOGIN_FAILED".into()));
        let tom = with_bytes(post(path, body), &[("x-remote-user", "tom@example.com")]);
        let answer = ask(&app, tom).await;
        assert!(answer.text.contains("tom@example.com") && !answer.text.contains("boss"));
    }
}

#[tokio::test]
async fn nobody_is_refused_with_a_remedy_in_both_languages() {
    let app = app(&plain());
    for headers in [&[][..], &[("x-remote-user", "")], &[("x-remote-name", "Tom")]] {
        assert_eq!(
            refused(&visit(&app, headers).await),
            (401, "LOGIN_FAILED".into()),
            "{headers:?}"
        );
    }
    let chinese = agent(&app, &[("accept-language", "zh-CN")]).await.problem();
    assert!(chinese.remedy.contains("gateway.trusted") && chinese.remedy.contains("网关"));
}

async fn visit_from(peer: &str, headers: &[(&str, &str)]) -> Answer {
    let mut config = known_by(&plain());
    config.http.listen.gateways =
        Gateways::new([network("127.0.0.1").unwrap(), network("192.0.2.1").unwrap()]);
    let mut asked = with_bytes(request("POST", CEC_LOGIN, &[]), headers);
    come_from(&mut asked, peer);
    ask(&server(config, Vendor::saying(GOOD)), asked).await
}

#[tokio::test]
async fn only_the_gateways_own_connection_is_believed() {
    let tom = [("x-remote-user", "tom")];
    for peer in ["127.0.0.1", "10.1.2.3", "::ffff:10.1.2.3"] {
        assert_eq!(visitor(&visit_from(peer, &tom).await).0, "tom", "{peer}");
    }
    // Whatever an unknown caller says of the way the request came: the second one is a gateway by
    // listen.gateways, but not by gateway.trusted.
    for peer in ["203.0.113.9", "192.0.2.1", "::1", "11.0.0.1"] {
        let told = [tom[0], ("x-forwarded-for", "10.1.2.3"), ("x-real-ip", "127.0.0.1")];
        assert_eq!(refused(&visit_from(peer, &told).await), (403, "LOGIN_FAILED".into()), "{peer}");
        assert_eq!(refused(&visit_from(peer, &[]).await), (401, "LOGIN_FAILED".into()), "{peer}");
    }
    // And through the gateway a far caller is fine.
    let far = [tom[0], ("x-forwarded-for", "203.0.113.9")];
    assert_eq!(visitor(&visit_from("127.0.0.1", &far).await).0, "tom");
}

#[tokio::test]
async fn smuggled_headers_name_nobody() {
    let app = app(&plain());
    for name in ["X_Remote_User", "X-Remote_User", "X-Remote-User-", "Remote-User", "X.Remote.User"]
    {
        let answer = visit(&app, &[(name, "boss")]).await;
        assert_eq!(refused(&answer), (401, "LOGIN_FAILED".into()), "{name}");
        let beside = visit(&app, &[("x-remote-user", "tom"), (name, "boss")]).await;
        assert_eq!(visitor(&beside).0, "tom", "{name}");
    }
    for (first, second) in [("tom", "boss"), ("tom", "tom"), ("", "boss")] {
        let twice = [("x-remote-user", first), ("X-Remote-User", second)];
        assert_eq!(refused(&visit(&app, &twice).await), (400, "LOGIN_FAILED".into()), "{first}");
        assert_eq!(refused(&agent(&app, &twice).await), (400, "LOGIN_FAILED".into()), "{first}");
    }
    let names = [("x-remote-user", "tom"), ("x-remote-name", "Tom"), ("x-remote-name", "Boss")];
    assert_eq!(refused(&visit(&app, &names).await), (400, "LOGIN_FAILED".into()));
}

#[tokio::test]
async fn a_gateway_that_sends_no_id_is_told_so() {
    let app = app(&plain());
    for id in ["tom,boss", "tom, boss", &"a".repeat(257)] {
        assert_eq!(
            refused(&visit(&app, &[("x-remote-user", id)]).await),
            (502, "LOGIN_FAILED".into())
        );
    }
    let mut latin = request("POST", CEC_LOGIN, &[]);
    let value = axum::http::HeaderValue::from_bytes(b"t\xf6m").unwrap();
    latin.headers_mut().insert("x-remote-user", value);
    assert_eq!(refused(&ask(&app, latin).await), (502, "LOGIN_FAILED".into()));
}

#[tokio::test]
async fn who_is_known_and_no_agent_gets_no_workbench() {
    let (app, vendor) = app_and_vendor(&plain());
    let answer = agent(&app, &[("x-remote-user", "Tom Sawyer")]).await;
    assert_eq!(refused(&answer), (403, "LOGIN_FAILED".into()));
    assert!(!answer.text.contains("Sawyer"), "{}", answer.text);
    assert!(vendor.seen().is_empty());
}
