//! What a message about a mistake says: what was expected, what was found, how to fix it.

use calldock_server::config::KEYS;
use toml::{Table, Value};

use crate::config::{WHOLE, keys, load};

/// Between them these have every key.
const KINDS: [&str; 4] = [
    r#"
    [tccc]
    sdk_app_id = 1400000000
    secret_id = "AKIDEXAMPLE"
    secret_key = "SECRETKEYEXAMPLE"
    [chat]
    web_app_id = "9903496b6be2e67ad291dd2323f3ae9f"
    peer_source = "shop"
    [identity]
    kind = "fixed"
    user_id = "agent@example.com"
    [visitor]
    kind = "fixed"
    user_id = "1"
    name = "A"
    [cec]
    tenant_space_id = "1"
    channel_config_id = "2"
    mode = "authorization"
    secret_key = "SECRETKEYEXAMPLE"
    [key]
    secret = "0123456789abcdef0123456789abcdef0123456789"
    [store]
    kind = "sentinel"
    url = "redis://127.0.0.1:6379"
    master = "main"
    "#,
    r#"
    [tccc]
    sdk_app_id = 1400000000
    credentials = "cvm"
    role = "reader"
    [identity]
    kind = "gateway"
    [visitor]
    kind = "guest"
    [gateway]
    header = "X-User"
    name_header = "X-Name"
    secret_header = "X-Secret"
    secret = "SECRETEXAMPLE"
    [cec]
    tenant_space_id = "1"
    channel_config_id = "2"
    mode = "token"
    [callback]
    address = "127.0.0.1:0"
    "#,
    r#"
    [tccc]
    sdk_app_id = 1400000000
    credentials = "web-identity"
    [identity]
    kind = "gateway"
    [gateway]
    url = "https://h/"
    cookies = ["a"]
    "#,
    r#"
    [cec]
    tenant_space_id = "1"
    channel_config_id = "2"
    mode = "token"
    [visitor]
    kind = "jwt"
    [jwt]
    issuer = "https://h/"
    audience = ["a"]
    [identity]
    kind = "local"
    [tccc]
    sdk_app_id = 1400000000
    "#,
];

fn with(base: &str, key: &str, value: Value) -> String {
    let mut table: Table = base.parse().unwrap();
    let (section, name) = key.split_once('.').unwrap();
    let section = table.entry(section).or_insert_with(|| Table::new().into());
    let section = section.as_table_mut().unwrap();
    // A secret is given by one of the two.
    section.remove(name.strip_suffix("_file").unwrap_or_default());
    section.insert(name.to_owned(), value);
    toml::to_string(&table).unwrap()
}

#[test]
fn a_wrong_value_is_shown_for_every_key_that_is_no_secret() {
    let wrong = || Value::Array(vec![Value::Array(vec![Value::Integer(4711)])]);
    for key in KEYS.iter() {
        let base = |base: &&str| {
            let errors = load(&with(base, key, wrong()), &[]).err()?;
            errors.0.into_iter().find(|error| error.key == *key && error.what != "not used")
        };
        let mut found = KINDS.iter().filter_map(base);
        let error = found.next().unwrap_or_else(|| panic!("{key}: its value is not checked"));
        let names = ["secret", "token", "url", "password", "user_id"];
        let name = key.split_once('.').unwrap().1.trim_start_matches("previous_");
        let name = name.trim_start_matches("sentinel_");
        let is_hidden = names.contains(&name) && *key != "gateway.url"
            || ["tccc.secret_id", "tccc.secret_key", "cec.secret_key"].contains(key);
        assert_eq!(
            error.what.contains("found [[4711]]") || error.what.contains("found [4711]"),
            !is_hidden,
            "{key}: {}",
            error.what
        );
        assert!(!is_hidden || !error.what.contains("4711"), "{key}: {}", error.what);
        assert!(
            error.what.starts_with("expected ") && !error.fix.is_empty(),
            "{key}: {}",
            error.what
        );
    }
}

#[test]
fn a_wrong_text_number_or_time_is_shown() {
    for (key, value, found) in [
        ("tccc.sdk_app_id", Value::from("abc"), r#"found "abc""#),
        ("tccc.sdk_app_id", (-1).into(), "found -1"),
        ("tccc.queue_deadline", 7.into(), "expected 1 to 6 seconds, found 7"),
        ("tccc.queue_deadline", 1.5.into(), "found 1.5"),
        ("tccc.only_once", "once".into(), r#"expected true or false, found "once""#),
        ("tccc.endpoint", "https://u:SECRET@h/".into(), r#"found "https://…@h/""#),
        (
            "store.kind",
            "redys".into(),
            r#""memory", "redis", "sentinel" or "cluster", found "redys""#,
        ),
        ("limits.failures", "60/d".into(), r#"found "60/d""#),
        ("listen.gateways", "a, 10.0.0.1".into(), r#"found "a""#),
        ("identity.user_id", "an agent@example.com".into(), "found 20 characters, not shown here"),
        ("chat.extra", true.into(), "expected a table of strings, found true"),
    ] {
        let shown = load(&with(KINDS[0], key, value), &[]).unwrap_err().to_string();
        assert!(shown.contains(found), "{found}: {shown}");
        assert!(!shown.contains("SECRET"), "{shown}");
    }
    for url in ["redys://:SECRET@h/", "redis://:SECRET@h/?SECRET", "rediss://h,redis://:SECRET@h"] {
        let shown = load(&with(KINDS[0], "store.url", url.into()), &[]).unwrap_err().to_string();
        assert!(shown.contains("store.url: expected ") && !shown.contains("SECRET"), "{shown}");
    }
}

#[test]
fn all_rules_of_the_servers_secret_are_said_at_once() {
    for secret in ["short", "two words", "DemoDemoDemo\u{e4}", "0123456789012345678901234567890"] {
        let text = with(KINDS[0], "key.secret", secret.into());
        let errors = load(&text, &[]).unwrap_err();
        assert_eq!(keys(&errors), ["key.secret"]);
        let shown = errors.to_string();
        assert!(shown.contains("expected 32 to 4096 visible ASCII characters without spaces"));
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn what_depends_on_a_kind_that_is_wrong_is_not_judged() {
    let kinds = ["identity.kind", "visitor.kind", "store.kind", "cec.mode", "tccc.credentials"];
    for base in KINDS {
        for kind in kinds {
            let section = kind.split('.').next().unwrap();
            if !base.contains(&format!("[{section}]")) {
                continue;
            }
            let mut base = base.to_owned();
            if section == "cec" {
                base = base.replace("[callback]\n    address = \"127.0.0.1:0\"", "");
            }
            let text = with(&base, kind, "nonsense".into());
            let errors = load(&text, &[("CALLDOCK_TCCC_ROLE", "reader")]).unwrap_err();
            let of_section: Vec<_> = keys(&errors)
                .into_iter()
                .filter(|key| key.starts_with(&format!("{section}.")) && *key != "tccc.role")
                .collect();
            if kind == "tccc.credentials" || section != "tccc" {
                assert!(of_section.iter().all(|key| *key == kind), "{errors}");
                assert!(of_section.contains(&kind), "{errors}");
            }
        }
    }
    let text = WHOLE.replace("\"fixed\"\nuser_id = \"agent@example.com\"", "\"everyone\"");
    assert_eq!(keys(&load(&text, &[]).unwrap_err()), ["identity.kind"]);
}

#[test]
fn each_missing_key_has_an_advice_of_its_own() {
    let fix = |text: &str, key: &str| {
        let errors = load(text, &[]).unwrap_err();
        errors.0.into_iter().find(|error| error.key == key).expect(key).fix
    };
    let without = |line: &str| KINDS[0].replace(line, "");
    let url = fix(&without("url = \"redis://127.0.0.1:6379\""), "store.url");
    assert_eq!(
        url,
        "set CALLDOCK_STORE_URL or store.url_file, or remove store.kind if this is the only instance"
    );
    let secret = fix(&WHOLE.replace("secret_key = \"SECRETKEYEXAMPLE\"", ""), "tccc.secret_key");
    assert!(secret.ends_with("or start with --demo to try without a vendor"), "{secret}");
    let master = fix(&without("master = \"main\""), "store.master");
    assert_eq!(master, "add it to the file, or set CALLDOCK_STORE_MASTER");
}

#[test]
fn an_unknown_key_names_the_few_that_may_be_meant_and_the_page() {
    for (key, meant) in [
        ("tccc.secretkey", Some("tccc.secret_key")),
        ("identity.userid", Some("identity.user_id")),
        ("listen.adress", Some("listen.address")),
        ("browsers.allowed_origins", Some("browser.allowed_origins")),
        ("zzz.qqq", None),
    ] {
        let errors = load(&with(WHOLE, key, "x".into()), &[]).unwrap_err();
        assert_eq!(keys(&errors), [key]);
        let fix = &errors.0[0].fix;
        assert!(fix.contains("operate/server.md"), "{fix}");
        let named = KEYS
            .iter()
            .filter(|known| fix.split(' ').any(|word| word.trim_end_matches(';') == **known))
            .count();
        assert_eq!(named > 0, meant.is_some(), "{fix}");
        assert!(
            named <= 3 && meant.is_none_or(|meant| fix.contains(&format!("write {meant}"))),
            "{fix}"
        );
    }
}
