//! The login route and everything the vendor may answer.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use calldock_server::address::PlainHttp;
use calldock_server::tccc::hosts::Hosts;
use calldock_server::tccc::transport::TransportError;
use http_body_util::channel::Channel;
use serde_json::json;

use crate::support::{
    GOOD, LOGIN, SESSION, Vendor, ask, credentials, login, reply, request, server, settings, tccc,
};

#[tokio::test]
async fn a_login_is_what_the_page_needs_and_nothing_else() {
    let vendor = Vendor::saying(GOOD);
    let answer = login(&server(settings(), vendor.clone())).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        answer.json(),
        json!({
            "token": "0123456789abcdef0123456789abcdef",
            "sdkUrl": "https://tccc.qcloud.com/sdk/tcccSdk.js?token=0123456789abcdef0123456789abcdef",
            "sdkAppId": 1_400_000_000,
            "userId": "agent@example.com",
            "expiresAt": 1_700_000_600
        })
    );
    let seen = vendor.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].url, "https://ccc.tencentcloudapi.com/");
    assert_eq!(seen[0].body, r#"{"SdkAppId":1400000000,"SeatUserId":"agent@example.com"}"#);
    let header = |name: &str| seen[0].headers.get(name).map(|value| value.to_str().unwrap());
    assert_eq!(header("content-type"), Some("application/json"));
    assert_eq!(header("x-tc-action"), Some("CreateSDKLoginToken"));
    assert_eq!(header("x-tc-version"), Some("2020-02-10"));
    assert_eq!((header("x-tc-region"), header("x-tc-token")), (None, None));
    assert!(header("x-tc-timestamp").unwrap().parse::<u64>().unwrap() > 1_700_000_000);
    assert!(header("authorization").unwrap().starts_with("TC3-HMAC-SHA256 Credential=AKID"));
    assert!(seen[0].headers["authorization"].is_sensitive());
}

#[tokio::test]
async fn region_and_session_token_travel_along_where_configured() {
    let vendor = Vendor::saying(GOOD);
    let mut config = settings();
    tccc(&mut config).region = Some("ap-singapore".into());
    tccc(&mut config).credentials = credentials(Some(SESSION));
    login(&server(config, vendor.clone())).await;
    let seen = vendor.seen();
    assert_eq!(seen[0].headers["x-tc-region"], "ap-singapore");
    assert_eq!(seen[0].headers["x-tc-token"], SESSION);
    assert!(seen[0].headers["x-tc-token"].is_sensitive());
}

#[tokio::test]
async fn every_login_is_asked_for_anew() {
    let vendor = Vendor::saying(GOOD);
    let app = server(settings(), vendor.clone());
    for _ in 0..3 {
        assert_eq!(login(&app).await.status, StatusCode::OK);
    }
    assert_eq!(vendor.seen().len(), 3);
}

#[tokio::test]
async fn a_user_id_in_the_body_is_ignored() {
    let vendor = Vendor::saying(GOOD);
    let app = server(settings(), vendor.clone());
    for body in [r#"{"userId":"boss@example.com","SeatUserId":"boss@example.com"}"#, "{not json"] {
        let request = Request::post(LOGIN)
            .header("content-type", "application/json; charset=utf-8")
            .body(Body::from(body))
            .unwrap();
        assert_eq!(ask(&app, request).await.json()["userId"], "agent@example.com");
    }
    assert!(vendor.seen().iter().all(|seen| !seen.body.contains("boss")));
}

#[tokio::test]
async fn a_body_that_is_too_long_or_of_another_type_never_reaches_the_vendor() {
    let vendor = Vendor::saying(GOOD);
    let app = server(settings(), vendor.clone());
    let post = |content_type: &str, body: String| {
        Request::post(LOGIN).header("content-type", content_type).body(Body::from(body)).unwrap()
    };
    let long = ask(&app, post("application/json", "x".repeat(4097))).await;
    assert_eq!(long.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(long.problem().code, "INVALID_OPTION");
    let fits = ask(&app, post("application/json", "x".repeat(4096))).await;
    assert_eq!(fits.status, StatusCode::OK);
    vendor.seen();
    for content_type in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
    {
        let answer = ask(&app, post(content_type, "a=b".into())).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type}");
        answer.problem();
    }
    assert!(vendor.seen().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_given_up() {
    let (_silent, endless) = Channel::<Bytes, Infallible>::new(1);
    let request = Request::post(LOGIN).body(Body::new(endless)).unwrap();
    let answer = ask(&server(settings(), Vendor::saying(GOOD)), request).await;
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(answer.problem().code, "TIMEOUT");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_the_callers_fault() {
    let (sender, broken) = Channel::<Bytes, std::io::Error>::new(1);
    sender.abort(std::io::ErrorKind::ConnectionReset.into());
    let request = Request::post(LOGIN).body(Body::new(broken)).unwrap();
    let answer = ask(&server(settings(), Vendor::saying(GOOD)), request).await;
    assert_eq!(
        (answer.status, answer.problem().code.as_str()),
        (StatusCode::BAD_REQUEST, "NETWORK")
    );
}

#[tokio::test]
async fn each_refusal_of_the_vendors_has_a_status_and_a_remedy_of_its_own() {
    let table = [
        ("AuthFailure.SignatureExpire", 502, "clock", "时钟"),
        ("AuthFailure.SignatureFailure", 502, "tccc.secret_key", "tccc.secret_key"),
        ("AuthFailure.SecretIdNotFound", 502, "tccc.secret_id", "tccc.secret_id"),
        ("AuthFailure.TokenFailure", 502, "temporary credentials", "临时密钥"),
        ("InvalidParameterValue.AccountNotExist", 403, "Add the agent", "添加该坐席"),
        ("InvalidParameterValue.InstanceNotExist", 502, "tccc.sdk_app_id", "tccc.sdk_app_id"),
        ("FailedOperation.PermissionDenied", 502, "right to call", "权限"),
        ("LimitExceeded.InsufficientLicense", 502, "licences", "许可"),
        ("LimitExceeded.BasePackageExpired", 502, "Renew", "续费"),
        ("LimitExceeded.OutOfCountLimit", 502, "quotas", "配额"),
        ("AuthFailure.UnauthorizedOperation", 502, "CreateUserSig", "权限"),
        ("UnauthorizedOperation", 502, "DescribeStaffInfoList", "权限"),
        ("InvalidParameter.InstanceNotExist", 502, "tccc.sdk_app_id", "tccc.sdk_app_id"),
        ("FailedOperation.DuplicatedAccount", 502, "another mail", "邮箱"),
        ("InvalidParameterValue.PhoneNumInvalid", 502, "008613800000000", "国家码"),
        ("InvalidParameterValue.SkillGroupError", 502, "skill group", "技能组"),
        ("UnsupportedRegion", 502, "tccc.region", "tccc.region"),
        ("InvalidAction", 502, "tccc.endpoint", "tccc.endpoint"),
        ("RequestLimitExceeded", 503, "20 requests a second", "每秒 20 次"),
        ("RequestLimitExceeded.UinLimitExceeded", 503, "20 requests a second", "每秒 20 次"),
        ("RequestLimitExceededly", 502, "RequestId", "RequestId"),
        ("InternalError", 502, "RequestId", "RequestId"),
    ];
    for (code, status, english, chinese) in table {
        let app = server(settings(), Vendor::refusing(code));
        let answer = login(&app).await;
        assert_eq!(answer.status.as_u16(), status, "{code}");
        assert_eq!(answer.header("retry-after"), if status == 503 { "1" } else { "" });
        let problem = answer.problem();
        assert_eq!(problem.code, "VENDOR_REJECTED");
        assert!(problem.detail.contains(code), "{}", problem.detail);
        assert!(problem.detail.contains("RequestId eac6b301-a322-493a-8e36-83b295459397"));
        assert!(!problem.detail.contains("free text"), "{}", problem.detail);
        assert!(problem.remedy.contains(english), "{code}: {}", problem.remedy);
        let answer = ask(&app, request("POST", LOGIN, &[("accept-language", "zh-CN")])).await;
        assert!(answer.problem().remedy.contains(chinese), "{code}");
        assert_eq!(answer.header("content-language"), "zh");
    }
}

#[tokio::test]
async fn an_http_error_with_an_envelope_is_still_the_vendors_word() {
    let body = r#"{"Response":{"Error":{"Code":"InternalError","Message":""},"RequestId":"r-1"}}"#;
    let vendor = Vendor::answering(Ok(reply(500, "application/json", body)));
    let problem = login(&server(settings(), vendor)).await.problem();
    assert_eq!(problem.code, "VENDOR_REJECTED");
    assert!(problem.detail.contains("InternalError") && problem.detail.contains("r-1"));
}

#[tokio::test]
async fn what_the_vendor_writes_in_another_form_is_not_repeated() {
    for (code, id) in
        [(r#""<b>no</b>""#, r#""r 1""#), (r#""秘密""#, "17"), ("null", "null"), ("{}", "[]")]
    {
        let vendor = Vendor::saying(&format!(
            r#"{{"Response":{{"Error":{{"Code":{code},"Message":"m"}},"RequestId":{id}}}}}"#
        ));
        let problem = login(&server(settings(), vendor)).await.problem();
        assert_eq!(problem.code, "VENDOR_REJECTED");
        assert_eq!(problem.detail, "The vendor responded an error without a code.");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_the_vendors_is_named() {
    let table = [
        (reply(200, "text/html; charset=utf-8", "<!doctype html>"), "an HTML page"),
        (reply(302, "", ""), "a redirect"),
        (reply(500, "application/json", "{}"), "JSON without its Response object (HTTP 500)"),
        (reply(200, "application/json", "{\"Response\":{"), "something that is not JSON"),
        (reply(200, "application/json", r#"{"Response":{"Token":"t"}}"#), "no Token, SdkURL"),
    ];
    for (reply, found) in table {
        let answer = login(&server(settings(), Vendor::answering(Ok(reply)))).await;
        let problem = answer.problem();
        assert_eq!((answer.status.as_u16(), problem.code.as_str()), (502, "LOGIN_FAILED"));
        assert!(problem.detail.contains(found), "{}", problem.detail);
        assert!(problem.remedy.contains("tccc.endpoint"), "{}", problem.remedy);
    }
}

#[tokio::test]
async fn silence_of_the_vendors_has_a_code_for_each_kind() {
    for (error, status, code) in [
        (TransportError::Timeout, 504, "TIMEOUT"),
        (TransportError::Unreachable, 502, "NETWORK"),
        (TransportError::TooLarge, 502, "LOGIN_FAILED"),
    ] {
        let answer = login(&server(settings(), Vendor::answering(Err(error)))).await;
        assert_eq!((answer.status.as_u16(), answer.problem().code.as_str()), (status, code));
    }
}

#[tokio::test]
async fn a_script_address_a_page_must_not_load_is_not_passed_on() {
    let good = |plain_http, address: &str| {
        let body = format!(
            r#"{{"Response":{{"Token":"0123456789abcdef","ExpiredTime":1700000600,"SdkURL":"{address}","RequestId":"r"}}}}"#
        );
        let mut config = settings();
        tccc(&mut config).plain_http = plain_http;
        let app = server(config, Vendor::saying(&body));
        async move { login(&app).await }
    };
    for address in [
        "http://tccc.qcloud.com/sdk.js",
        "http://127.0.0.1:8701/sdk.js",
        "javascript:alert(1)",
        "data:text/javascript,1",
        "//tccc.qcloud.com/sdk.js",
        "https://user:pass@tccc.qcloud.com/sdk.js",
        "",
        " ",
    ] {
        let answer = good(PlainHttp::Refused, address).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{address}");
        assert_eq!(answer.problem().code, "LOGIN_FAILED");
    }
    for address in ["https://tccc.qcloud.com/sdk.js", "https://tccc.cdn-go.cn/sdk.js"] {
        assert_eq!(good(PlainHttp::Refused, address).await.status, StatusCode::OK, "{address}");
    }
    assert_eq!(
        good(PlainHttp::OnLoopback, "http://127.0.0.1:8701/s.js").await.status,
        StatusCode::OK
    );
    assert_eq!(
        good(PlainHttp::OnLoopback, "http://h/sdk.js").await.status,
        StatusCode::BAD_GATEWAY
    );
}

#[tokio::test]
async fn an_expiry_the_vendor_leaves_out_is_left_out() {
    let body = r#"{"Response":{"Token":"0123456789abcdef","SdkURL":"https://tccc.qcloud.com/s.js","RequestId":"r"}}"#;
    let answer = login(&server(settings(), Vendor::saying(body))).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.json().get("expiresAt").is_none());
}

#[tokio::test]
async fn only_once_is_asked_for_where_the_operator_wants_it() {
    for (only_once, asked) in [(false, serde_json::Value::Null), (true, true.into())] {
        let vendor = Vendor::saying(GOOD);
        let mut config = settings();
        tccc(&mut config).only_once = only_once;
        assert_eq!(login(&server(config, vendor.clone())).await.status, StatusCode::OK);
        let sent: serde_json::Value = serde_json::from_str(&vendor.seen()[0].body).unwrap();
        assert_eq!(sent["OnlyOnce"], asked);
    }
}

#[tokio::test]
async fn a_script_of_another_host_is_refused_by_its_name_until_it_is_listed() {
    let body = GOOD.replace("https://tccc.qcloud.com/", "https://cdn.evil.example/");
    for address in
        ["cdn.evil.example", "tccc.qcloud.com.evil.example", "xtccc.qcloud.com", "cdn-go.cn"]
    {
        let body = GOOD.replace("tccc.qcloud.com", address);
        let answer = login(&server(settings(), Vendor::saying(&body))).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{address}");
        let problem = answer.problem();
        assert!(problem.detail.contains(address), "{}", problem.detail);
        assert!(problem.remedy.contains("tccc.sdk_hosts"), "{}", problem.remedy);
    }
    let mut config = settings();
    tccc(&mut config).sdk_hosts = Hosts::new(vec!["*.evil.example".into()]);
    assert_eq!(login(&server(config, Vendor::saying(&body))).await.status, StatusCode::OK);
    // The line to add keeps the hosts that are listed, and no others.
    let mut config = settings();
    tccc(&mut config).sdk_hosts = Hosts::new(vec!["*.evil.example".into()]);
    let problem = login(&server(config, Vendor::saying(GOOD))).await.problem();
    let line = "tccc.sdk_hosts = [\"*.evil.example\", \"tccc.qcloud.com\"]";
    assert!(problem.detail.contains(line), "{}", problem.detail);
}
