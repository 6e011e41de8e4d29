use super::*;
use proptest::prelude::*;

const VENDOR: &str = VENDOR_ORIGINS[0];

#[test]
fn the_vendors_own_frames_are_allowed_by_default() {
    for origin in VENDOR_ORIGINS {
        assert_eq!(choose(Parent::Known(origin), None, None).unwrap(), origin);
    }
}

#[test]
fn another_frame_is_refused_by_name_until_it_is_allowed() {
    let crm = "https://crm.example.com";
    let error = choose(Parent::Known(crm), None, None).unwrap_err();
    assert_eq!(error.code, Code::OriginRefused);
    assert!(error.found.contains(crm));
    assert_eq!(choose(Parent::Known(crm), Some("https://crm.example.com:443"), None).unwrap(), crm);
    for near in [
        "https://crm.example.com.evil.com",
        "http://crm.example.com",
        "https://crm.example.com:8443",
        "null",
    ] {
        assert!(choose(Parent::Known(near), Some(crm), None).is_err(), "{near}");
    }
}

#[test]
fn no_frame_and_an_unknown_frame_are_refused() {
    assert!(choose(Parent::None, None, Some(ANY)).is_err());
    assert!(
        choose(Parent::Unknown, Some(VENDOR), None).unwrap_err().found.contains("targetOrigin")
    );
}

#[test]
fn a_target_is_accepted_unless_the_frame_is_known_to_be_another() {
    assert_eq!(choose(Parent::Unknown, None, Some(VENDOR)).unwrap(), VENDOR);
    assert_eq!(
        choose(Parent::Known("https://a.com"), None, Some("https://a.com")).unwrap(),
        "https://a.com"
    );
    assert!(choose(Parent::Known("https://b.com"), None, Some("https://a.com")).is_err());
    assert_eq!(choose(Parent::Known("https://b.com"), None, Some(ANY)).unwrap(), ANY);
}

#[test]
fn anything_but_an_origin_is_refused() {
    for text in [
        "",
        "*",
        "https://",
        "crm.example.com",
        "https://a.com/",
        "https://a.com/x",
        "http://a.com",
        "ftp://a.com",
        "https://*.a.com",
        "https://A.com",
        "https://münchen.de",
        "https://a.com:0",
        "https://a.com:99999",
        "https://a.com:8,0",
        "https://u:p@a.com",
        "https://a.com?x",
        "null",
        "file://",
        "file:///x",
        "javascript://a",
        "blob://a.com",
        "app://",
        "://a.com",
        "App://crm",
    ] {
        let error = choose(Parent::Known(VENDOR), Some(text), None).unwrap_err();
        assert_eq!(error.code, Code::InvalidOption, "{text}");
    }
    for text in [
        "http://localhost:8700",
        "http://127.0.0.1:8701",
        "http://[::1]:1",
        "https://[2001:db8::1]",
        "http://crm.localhost",
        "app://crm",
        "tauri://localhost",
        "capacitor://localhost",
        "app://crm:8443",
    ] {
        assert!(choose(Parent::Known(VENDOR), Some(text), None).is_ok(), "{text}");
    }
}

#[test]
fn each_error_names_its_own_fix() {
    for (text, fix) in [
        ("https://*.crm.example", "no wildcard"),
        ("https://例子.中国", "punycode"),
        ("http://localhost:5173/", "without the slash"),
        ("https://crm.example/app", "without a path"),
        ("https://CRM.example", "lower case"),
        ("http://crm.example", "http:// only for localhost"),
        ("crm.example", "https:// in front"),
        ("https://user@crm.example", "user name"),
        ("https://crm.example:99999", "port"),
        ("https://crm.example ", "without spaces"),
        ("https://crm.example, https://b.example", "without"),
        ("https://crm.example?a=1", "without a path"),
        ("tauri://localhost/", "without the slash"),
        ("https://crm.*.example:8443", "no wildcard"),
        ("//crm.example", "https:// in front"),
        ("https:crm.example", "https:// in front"),
        ("file:///srv/crm.html", "a file has none"),
        ("null", "sandboxed"),
    ] {
        let error = parse("allowParents", text).unwrap_err();
        assert!(error.expected.contains(fix), "{text}: {error}");
        assert_eq!(error.at, "allowParents");
    }
}

#[test]
fn an_asterisk_is_for_target_origin_where_the_function_has_that_option() {
    let error = choose(Parent::Known(VENDOR), Some(ANY), None).unwrap_err();
    assert_eq!(error.at, "allowParents");
    assert!(error.expected.contains("'*' is only for targetOrigin"), "{error}");
    for option in ["allow", "allowOrigins"] {
        let error = parse(option, ANY).unwrap_err();
        assert_eq!(error.at, option);
        assert_eq!(error.expected, "each origin in full: there is no wildcard");
    }
}

proptest! {
    #[test]
    fn only_a_listed_origin_is_ever_chosen(real in "https?://[a-c]{1,2}\\.com(:[0-9]{1,5})?", listed in "https://[a-c]{1,2}\\.com") {
        let chosen = choose(Parent::Known(&real), Some(&listed), None);
        prop_assert_eq!(chosen.ok(), (real == listed).then_some(real));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}") {
        let _ = choose(Parent::Known(&text), Some(&text), Some(&text));
    }
}

#[test]
fn the_last_port_is_one() {
    assert_eq!(
        parse("option", "https://crm.example.com:65535").unwrap(),
        "https://crm.example.com:65535"
    );
    assert!(parse("option", "https://crm.example.com:65536").is_err());
}
