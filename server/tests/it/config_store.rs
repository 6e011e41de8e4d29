//! The section about the store.

use calldock_server::store::settings::StoreSettings;

use crate::config::{WHOLE, keys, load};

const PASSWORD: &str = "redis-password-example";

fn with(store: &str) -> String {
    format!(
        "{WHOLE}\n[key]\nsecret = \"0123456789abcdef0123456789abcdef0123456789\"\n[store]\n{store}"
    )
}

#[test]
fn the_store_is_memory_by_default_or_redis() {
    for text in [WHOLE.to_owned(), with(""), with("kind = \"memory\"")] {
        assert!(matches!(load(&text, &[]).unwrap().store, StoreSettings::Memory));
    }
    for (url, in_the_clear) in [
        ("redis://127.0.0.1:6379", false),
        ("redis://localhost/15", false),
        ("redis://[::1]:6379/0", false),
        ("redis://:redis-password-example@redis.example:6379/0", true),
        ("redis://192.0.2.1", true),
        ("rediss://calldock:redis-password-example@redis.example:6380/0", false),
    ] {
        let config = load(&with("kind = \"redis\""), &[("CALLDOCK_STORE_URL", url)]).unwrap();
        let StoreSettings::Redis(redis) = &config.store else { panic!("{url}") };
        assert_eq!((redis.prefix.as_str(), redis.in_the_clear), ("calldock:", in_the_clear));
        let warned = config.warnings().iter().any(|warning| warning.contains("rediss://"));
        assert_eq!(warned, in_the_clear, "{url}");
        let shown = format!("{config:?}");
        assert!(!shown.contains(PASSWORD) && !shown.contains("redis.example"), "{shown}");
    }
}

#[test]
fn the_address_may_be_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("redis_url"), "rediss://:redis-password-example@r.example\n")
        .unwrap();
    let path = folder.path().join("calldock.toml");
    let text = with("kind = \"redis\"\nurl_file = \"redis_url\"\nprefix = \"shop-1:\"");
    std::fs::write(&path, text).unwrap();
    let config = calldock_server::config::Config::load(Some(&path), []).unwrap();
    let StoreSettings::Redis(redis) = config.store else { panic!("not Redis") };
    assert_eq!(redis.prefix, "shop-1:");
}

#[test]
fn a_wrong_store_is_reported_by_its_key_and_without_its_address() {
    let url = |url: &str| format!("kind = \"redis\"\nurl = \"{url}\"");
    for (store, key) in [
        ("kind = \"sqlite\"\nurl = \"redis://r.example\"".into(), "store.kind"),
        ("kind = \"memory\"\nurl = \"redis://r.example\"".into(), "store.url"),
        ("kind = \"redis\"".into(), "store.url"),
        ("kind = \"redis\"\nurl_file = \"nowhere\"".into(), "store.url_file"),
        ("kind = \"redis\"\nurl = \"redis://r.example\"\nprefix = \"a b\"".into(), "store.prefix"),
        ("kind = \"redis\"\nurl = \"redis://r.example\"\nurl_file = \"x\"".into(), "store.url"),
        (url("http://:redis-password-example@r.example"), "store.url"),
        (url("redis://:redis-password-example@/0"), "store.url"),
        (url("redis://:redis-password-example@r.example/x"), "store.url"),
        (url("redis://:redis-password-example@r.example?protocol=resp3"), "store.url"),
        (url("rediss://:redis-password-example@r.example/0#insecure"), "store.url"),
        (url("redis-password-example"), "store.url"),
        (url("rediss://:redis-password-example:redis.example:6380/0"), "store.url"),
        (url("rediss://a.example,rediss://:redis-password-example:b.example:6380/0"), "store.url"),
        (url("rediss://a@a.example,rediss:/redis-password-example@b.example"), "store.url"),
        (url("rediss://redis.example:redis-password-example"), "store.url"),
    ] {
        let errors = load(&with(&store), &[]).unwrap_err();
        assert_eq!(keys(&errors), [key], "{store}: {errors}");
        assert!(!errors.to_string().contains(PASSWORD), "{errors}");
    }
}
