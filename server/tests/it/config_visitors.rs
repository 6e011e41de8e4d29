//! The sections about visitors: `[visitor]`, `[chat]`, `[cec]`, `[signature]`.

use calldock_server::cec::CecMode;
use calldock_server::identity::VisitorSettings;
use calldock_signing::auth_v2::Reading;

use crate::config::{WHOLE, keys, load};

const CEC: &str = r#"
[visitor]
kind = "guest"
[cec]
tenant_space_id = "202007159031"
channel_config_id = "817854979183314945"
mode = "authorization"
secret_key = "ExAmPlEkEyOfNoChAnNeLaTaLl0123456789AbCdEfG"
"#;

/// The same in Token mode.
fn token_mode() -> String {
    CEC.replace(r#""authorization""#, r#""token""#).replace("secret_key = ", "# ")
}

#[test]
fn cec_alone_is_enough_and_the_rest_has_defaults() {
    let config = load(CEC, &[]).unwrap();
    assert!(config.tccc.is_none() && config.agents.is_none() && config.chat.is_none());
    let cec = config.cec.as_ref().unwrap();
    assert_eq!(cec.channel.tenant, "202007159031");
    assert_eq!(cec.path, "/calldock/v1/cec/login");
    let CecMode::Authorization(signer) = &cec.mode else { panic!("{cec:?}") };
    assert_eq!(signer.access_key, "817854979183314945");
    assert_eq!(signer.reading, Reading::default());
    assert!(matches!(&config.visitors, Some(VisitorSettings::Guest { name }) if name == "Guest"));
    let starts = |config: &calldock_server::config::Config| -> Vec<_> {
        let first = |warning: &'static str| warning.split(' ').next().unwrap_or_default();
        config.warnings().into_iter().map(first).collect()
    };
    assert_eq!(starts(&config), ["listen.gateways", "key.secret"]);
    let behind = [
        ("CALLDOCK_LISTEN_GATEWAYS", "127.0.0.1"),
        ("CALLDOCK_KEY_SECRET", "0123456789abcdef0123456789abcdef0123456789"),
    ];
    assert_eq!(load(CEC, &behind).unwrap().warnings(), Vec::<&str>::new());
}

#[test]
fn token_mode_is_configured() {
    let more = "token_lifetime = 60\ntoken_uses = 2\nvalidate_path = \"/callbacks/cec\"\n";
    let environment = [("CALLDOCK_CEC_TOKEN_LIFETIME", "30")];
    let config = load(&format!("{}{more}", token_mode()), &environment).unwrap();
    let cec = config.cec.as_ref().unwrap();
    assert!(cec.mints_tokens());
    let CecMode::Token { lifetime, uses } = cec.mode else { panic!("{cec:?}") };
    assert_eq!((lifetime.as_secs(), uses), (30, Some(2)));
    assert_eq!(cec.validate_path, "/callbacks/cec");
}

/// The proxy is calldock-edge now; its keys here are mistakes, not silently ignored.
#[test]
fn keys_of_the_proxy_are_unknown() {
    for key in
        ["origin = \"https://a.example\"", "proxy_prefix = \"/demo\"", "private_cookies = [\"a\"]"]
    {
        let errors = load(&format!("{CEC}{key}\n"), &[]).unwrap_err();
        assert_eq!(keys(&errors).len(), 1, "{errors}");
    }
}

#[test]
fn every_reading_is_configured() {
    let readings = r#"
        [signature]
        separator = ":"
        line_separator = "crlf"
        normalize_header_name = false
        normalize_header_value = false
        empty_query_line = true
        payload_mode = "raw"
        payload_order = "hashMap"
        content_length = "body"
        content_type = "a/b"
        time_zone = "+08:00"
        timestamp_precision = "seconds"
        body_sample = '{"locale":"zh"}'
        "#;
    let config = load(&format!("{CEC}{readings}"), &[]).unwrap();
    let CecMode::Authorization(signer) = &config.cec.as_ref().unwrap().mode else {
        panic!("{config:?}")
    };
    let mut expected = Reading::default();
    for (option, value) in [
        ("separator", ":"),
        ("lineSeparator", "\r\n"),
        ("normalizeHeaderName", "false"),
        ("normalizeHeaderValue", "false"),
        ("emptyQueryLine", "true"),
        ("payloadMode", "raw"),
        ("payloadOrder", "hashMap"),
        ("contentLength", "body"),
        ("contentType", "a/b"),
        ("timeZone", "+08:00"),
        ("timestampPrecision", "seconds"),
    ] {
        expected.set(option, value).unwrap();
    }
    assert_eq!(signer.reading, expected);
    assert_eq!(signer.body_sample.json(), r#"{"locale":"zh"}"#);
}

#[test]
fn every_mistake_about_visitors_is_listed_at_once() {
    let errors = load(
        r#"
        [listen]
        gateways = ["nginx"]
        [visitor]
        kind = "everyone"
        user_id = "1"
        [chat]
        web_app_id = "a b"
        expires_in = 3601
        [chat.extra]
        uid = "1"
        extra_a = 1
        [cec]
        tenant_space_id = ""
        channel_config_id = "a/b"
        mode = "authorization"
        token_uses = 2
        [signature]
        separator = ","
        payload_members = "all"
        body_sample = "[]"
        "#,
        &[("CALLDOCK_SIGNATURE_TIME_ZONE", "Asia/Shanghai")],
    )
    .unwrap_err();
    assert_eq!(
        keys(&errors),
        [
            "listen.gateways",
            "tccc.sdk_app_id",
            "tccc.secret_id",
            "tccc.secret_key",
            "chat.web_app_id",
            "chat.peer_source",
            "chat.expires_in",
            "chat.extra.extra_a",
            "chat.extra.uid",
            "cec.tenant_space_id",
            "cec.channel_config_id",
            "cec.secret_key",
            "signature.separator",
            "signature.time_zone",
            "signature.body_sample",
            "visitor.kind",
            "cec.token_uses",
            "signature.payload_members",
        ],
        "{errors}"
    );
    assert!(errors.to_string().contains("cec.token_uses: not used"), "{errors}");
}

#[test]
fn keys_that_depend_on_a_wrong_one_are_not_reported() {
    let modeless = CEC.replace(r#""authorization""#, r#""both""#);
    assert_eq!(keys(&load(&modeless, &[]).unwrap_err()), ["cec.mode"]);
    let alone = "[cec]\nsecret_key = \"SECRETKEYEXAMPLE\"\n[signature]\n";
    assert_eq!(
        keys(&load(alone, &[]).unwrap_err()),
        ["cec.tenant_space_id", "cec.channel_config_id", "cec.mode", "visitor.kind"]
    );
    let unused = format!("{WHOLE}\n[visitor]\nkind = \"guest\"\n[signature]\nseparator = \";\"");
    assert_eq!(keys(&load(&unused, &[]).unwrap_err()), ["signature.separator", "visitor.kind"]);
}

#[test]
fn the_callback_has_a_path_of_its_own() {
    for path in [
        "",
        "x",
        "/",
        "/a/",
        "/a//b",
        "/../a",
        "/a b",
        "/{a}",
        "/healthz",
        "/calldock/v1/cec/login",
        "/service-cloud/x",
        "/a?b",
    ] {
        let text = format!("{}validate_path = \"{path}\"\n", token_mode());
        assert_eq!(keys(&load(&text, &[]).unwrap_err()), ["cec.validate_path"], "{path}");
    }
}

#[test]
fn the_chat_has_fields_of_its_own() {
    let chat = r#"
        [visitor]
        kind = "fixed"
        user_id = "zhangsan"
        name = "张三"
        [tccc]
        sdk_app_id = 1
        secret_id = "AKIDEXAMPLE"
        secret_key = "SECRETKEYEXAMPLE"
        [chat]
        web_app_id = "9903496b6be2e67ad291dd2323f3ae9f"
        peer_source = "XX商城"
        "#;
    let config = load(&format!("{chat}[chat.extra]\nextra_ID = \"1\"\n"), &[]).unwrap();
    let read = config.chat.as_ref().unwrap();
    assert_eq!(read.extra, [("extra_ID".to_owned(), "1".to_owned())]);
    assert_eq!(read.expires_in.as_secs(), 3600);
    assert!(config.agents.is_none(), "without [identity] there is no agents' login");
    assert!(config.warnings().iter().any(|warning| warning.starts_with("visitor.kind is")));
    let environment =
        [("CALLDOCK_CHAT_EXTRA", r#"{"extra_b":"2"}"#), ("CALLDOCK_CHAT_EXPIRES_IN", "60")];
    let read = load(chat, &environment).unwrap().chat.unwrap();
    assert_eq!(read.extra, [("extra_b".to_owned(), "2".to_owned())]);
    assert_eq!(read.expires_in.as_secs(), 60);
}

#[test]
fn a_web_app_id_that_pages_refuse_is_refused() {
    let chat = |id: &str| {
        let text = format!(
            "[tccc]\nsdk_app_id = 1\nsecret_id = \"AKIDEXAMPLE\"\nsecret_key = \"SECRETKEYEXAMPLE\"\n[visitor]\nkind = \"guest\"\n[chat]\nweb_app_id = \"{id}\"\npeer_source = \"b\"\n"
        );
        load(&text, &[]).map(|config| config.chat.unwrap().web_app_id)
    };
    let id = "9903496B6be2e67ad291dd2323f3ae9f";
    assert_eq!(chat(id).unwrap(), id);
    for wrong in [&id[1..], &format!("{id}0"), &id.replace('B', "g"), "9903496b", "shop_1"] {
        let errors = chat(wrong).unwrap_err();
        assert_eq!(keys(&errors), ["chat.web_app_id"], "{wrong}");
        assert!(errors.to_string().contains("32 hexadecimal digits"), "{errors}");
    }
}

#[test]
fn an_unusual_secret_and_a_long_id_are_accepted_with_a_warning() {
    let short = CEC.replace("0123456789AbCdEfG", "");
    let gateway = [
        ("CALLDOCK_LISTEN_GATEWAYS", "127.0.0.1"),
        ("CALLDOCK_KEY_SECRET", "0123456789abcdef0123456789abcdef0123456789"),
    ];
    let warnings = load(&short, &gateway).unwrap().warnings();
    assert!(warnings.len() == 1 && warnings[0].starts_with("cec.secret_key"), "{warnings:?}");
    let fixed = format!("\"fixed\"\nuser_id = \"{}\"\nname = \"Tom\"", "1".repeat(65));
    let warnings = load(&CEC.replace(r#""guest""#, &fixed), &[]).unwrap().warnings();
    let of_id = |warning: &&str| warning.starts_with("visitor.user_id");
    assert!(warnings.iter().any(of_id), "{warnings:?}");
}

#[test]
fn allowed_fields_cannot_contain_what_the_server_fills_in() {
    let chat = |allowed: &str| {
        let text = format!(
            "[tccc]\nsdk_app_id = 1\nsecret_id = \"AKIDEXAMPLE\"\nsecret_key = \"SECRETKEYEXAMPLE\"\n[visitor]\nkind = \"guest\"\n[chat]\nweb_app_id = \"9903496b6be2e67ad291dd2323f3ae9f\"\npeer_source = \"b\"\nallowed_fields = {allowed}\n[chat.extra]\nextra_a = \"1\"\n"
        );
        load(&text, &[])
    };
    let config = chat(r#"["extra_orderId", "avatarUrl"]"#).unwrap();
    assert_eq!(config.chat.unwrap().allowed_fields, ["extra_orderId", "avatarUrl"]);
    for wrong in [r#"["uid"]"#, r#"["nickName"]"#, r#"["extra_a"]"#, r#"["a b"]"#, r#"[""]"#, "7"] {
        assert_eq!(keys(&chat(wrong).unwrap_err()), ["chat.allowed_fields"], "{wrong}");
    }
}
