//! The sections, and all their mistakes.

use calldock_server::config::Config;
use calldock_server::identity::gateway::{GatewayConfig, NameEncoding};
use calldock_server::identity::{Identity, KnownBy, Visitors};
use jsonwebtoken::Algorithm;

use crate::config::{WHOLE, keys, load};

/// Agents and visitors of one kind, with its section.
fn of_kind(kind: &str, section: &str) -> String {
    let fixed = "kind = \"fixed\"\nuser_id = \"agent@example.com\"";
    let tccc = WHOLE.replace(fixed, &format!("kind = \"{kind}\""));
    assert_ne!(tccc, WHOLE);
    let chat = "[chat]\nweb_app_id = \"9903496b\"\npeer_source = \"shop\"";
    format!("{tccc}\n{chat}\n[visitor]\nkind = \"{kind}\"\n[{kind}]\n{section}\n")
}

fn known(config: &Config) -> KnownBy {
    let Some(Identity::Known(by)) = &config.identity else { panic!("{config:?}") };
    let visitors = &config.chat.as_ref().unwrap().visitors;
    let Visitors::Known { by: also, name } = visitors else { panic!("{config:?}") };
    assert_eq!((format!("{by:?}"), name.as_str()), (format!("{also:?}"), "Customer"));
    by.clone()
}

#[test]
fn a_header_of_the_gateway_is_configured() {
    let with_gateways = |section: &str| {
        of_kind("gateway", section).replace("[listen]", "[listen]\ngateways = [\"10.0.0.0/8\"]")
    };
    let config = load(&with_gateways("header = \"X-Remote-User\""), &[]).unwrap();
    let KnownBy::Gateway(GatewayConfig::Header(header)) = known(&config) else { panic!() };
    assert_eq!(header.header, "x-remote-user");
    assert!(header.trusted.contains("10.1.2.3".parse().unwrap()));
    assert_eq!((header.name_header, header.name_encoding), (None, NameEncoding::Plain));
    assert_eq!(config.warnings(), Vec::<&str>::new());
    let more = "header = \"X-User\"\nname_header = \"X-Name\"\nname_encoding = \"percent\"\ntrusted = [\"127.0.0.1\"]";
    let config = load(&with_gateways(more), &[]).unwrap();
    let KnownBy::Gateway(GatewayConfig::Header(header)) = known(&config) else { panic!() };
    assert!(!header.trusted.contains("10.1.2.3".parse().unwrap()), "its own list alone counts");
    assert_eq!(header.name_encoding, NameEncoding::Percent);
    assert_eq!(header.name_header.unwrap(), "x-name");
}

#[test]
fn an_address_of_the_application_is_configured() {
    let section = "url = \"https://shop.example/whoami\"\ncookies = [\"JSESSIONID\"]";
    let KnownBy::Gateway(GatewayConfig::CallBack(call_back)) =
        known(&load(&of_kind("gateway", section), &[]).unwrap())
    else {
        panic!()
    };
    assert_eq!(call_back.cookies, ["JSESSIONID"]);
    assert_eq!((call_back.id_member.as_str(), call_back.name_member.as_str()), ("/id", "/name"));
    assert_eq!(call_back.cache.as_secs(), 5);
    let plain = section.replace("https://shop.example", "http://127.0.0.1:8080");
    assert!(load(&of_kind("gateway", &plain), &[]).is_ok(), "on this machine");
}

#[test]
fn a_provider_is_configured() {
    let section = "issuer = \"https://login.example.com/realms/shop/\"\naudience = [\"calldock\"]";
    let KnownBy::Jwt(jwt) = known(&load(&of_kind("jwt", section), &[]).unwrap()) else { panic!() };
    assert_eq!(jwt.issuer, "https://login.example.com/realms/shop/", "letter by letter");
    assert_eq!(jwt.algorithms, [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA]);
    assert_eq!((jwt.id_claim.as_str(), jwt.name_claim.as_str()), ("sub", "name"));
    assert_eq!((jwt.leeway.as_secs(), jwt.jwks_url, jwt.cookie), (30, None, None));
}

#[test]
fn a_database_is_configured_beside_the_configuration() {
    let KnownBy::Local(local) = known(&load(&of_kind("local", ""), &[]).unwrap()) else { panic!() };
    assert!(local.database.is_absolute() && local.database.ends_with("calldock.sqlite3"));
    assert_eq!(local.session_lifetime.as_secs(), 8 * 3600);
}

#[test]
fn what_is_wrong_in_a_section_is_told_by_its_key() {
    for (kind, section, wrong) in [
        ("gateway", "", &["gateway.header"][..]),
        ("gateway", "header = \"X-User\"\nurl = \"https://h/\"\ncache = 1", &["gateway.header"]),
        ("gateway", "header = \"X-User\"", &["gateway.trusted"]),
        ("gateway", "header = \"X-User\"\ntrusted = []", &["gateway.trusted"]),
        ("gateway", "header = \"X-User\"\ntrusted = [\"nginx\"]", &["gateway.trusted"]),
        ("gateway", "header = \"X_User\"\ntrusted = [\"::1\"]", &["gateway.header"]),
        ("gateway", "header = \"Cookie\"\ntrusted = [\"::1\"]", &["gateway.header"]),
        ("gateway", "header = \"X-Forwarded-For\"\ntrusted = [\"::1\"]", &["gateway.header"]),
        (
            "gateway",
            "header = \"X-User\"\ntrusted = [\"::1\"]\nname_encoding = \"plain\"\ncache = 5",
            &["gateway.cache", "gateway.name_encoding"],
        ),
        ("gateway", "url = \"https://h/\"", &["gateway.cookies"]),
        ("gateway", "url = \"https://h/\"\ncookies = []", &["gateway.cookies"]),
        ("gateway", "url = \"https://h/\"\ncookies = [\"a b\"]", &["gateway.cookies"]),
        (
            "gateway",
            "url = \"http://shop.example/\"\ncookies = [\"a\"]\nid_member = \"id\"\nname_member = \"/~2\"\ncache = 61\ntrusted = [\"::1\"]",
            &[
                "gateway.url",
                "gateway.id_member",
                "gateway.name_member",
                "gateway.cache",
                "gateway.trusted",
            ],
        ),
        ("gateway", "url = \"https://u:p@h/\"\ncookies = [\"a\"]", &["gateway.url"]),
        ("jwt", "", &["jwt.issuer", "jwt.audience"]),
        (
            "jwt",
            "issuer = \"http://127.0.0.1/\"\naudience = []\njwks_url = \"http://127.0.0.1/\"\nalgorithms = [\"HS256\"]\nleeway = 301\ncookie = \"a b\"",
            &[
                "jwt.issuer",
                "jwt.audience",
                "jwt.jwks_url",
                "jwt.algorithms",
                "jwt.cookie",
                "jwt.leeway",
            ],
        ),
        (
            "jwt",
            "issuer = \"https://h/?a\"\naudience = [\"a\"]\nalgorithms = [\"none\"]\nid_claim = \"\"",
            &["jwt.issuer", "jwt.algorithms", "jwt.id_claim"],
        ),
        (
            "local",
            "database = \"\"\nsession_lifetime = 60",
            &["local.database", "local.session_lifetime"],
        ),
    ] {
        let errors = load(&of_kind(kind, section), &[]).unwrap_err();
        assert_eq!(keys(&errors), wrong, "{section}");
    }
}

#[test]
fn a_section_that_no_kind_uses_is_told() {
    let errors = load(&format!("{WHOLE}\n[jwt]\nissuer = \"https://h/\"\n"), &[]).unwrap_err();
    assert_eq!(keys(&errors), ["jwt.issuer"]);
    assert!(errors.to_string().contains("nothing uses it"), "{errors}");
    let with_id =
        of_kind("local", "").replace("kind = \"local\"", "kind = \"local\"\nuser_id = \"a\"");
    assert_eq!(keys(&load(&with_id, &[]).unwrap_err()), ["identity.user_id", "visitor.user_id"]);
    let guest = of_kind("local", "")
        .replace("[identity]\nkind = \"local\"", "[identity]\nkind = \"guest\"\nuser_id = \"a\"");
    assert_eq!(keys(&load(&guest, &[]).unwrap_err()), ["identity.kind"], "the rest is passed over");
}

/// The code blocks of a document in this language.
fn blocks<'a>(document: &'a str, language: &str) -> Vec<&'a str> {
    let opening = format!("```{language}\n");
    let ends = document.split(&opening).skip(1).map(|rest| rest.split("```").next().unwrap());
    ends.collect()
}

#[test]
fn the_guides_configurations_are_whole_and_the_same_in_both_languages() {
    let (en, zh) = (
        include_str!("../../../../docs/identity.md"),
        include_str!("../../../../docs/identity.zh.md"),
    );
    for language in ["toml", "java", "ts", "sh"] {
        let count = blocks(en, language).len();
        assert!(count > 0 && count == blocks(zh, language).len(), "{language}");
    }
    assert_eq!(blocks(en, "toml"), blocks(zh, "toml"));
    let kinds: Vec<_> = blocks(en, "toml")
        .into_iter()
        .map(|block| {
            let agents = block.contains("[identity]");
            let vendor = if agents {
                let fixed = "[identity]\nkind = \"fixed\"\nuser_id = \"agent@example.com\"";
                WHOLE.replace(fixed, "").replace("[listen]\naddress = \"127.0.0.1:9000\"", "")
            } else {
                "[cec]\ntenant_space_id = \"1\"\nchannel_config_id = \"2\"\nmode = \"token\"".into()
            };
            let config = load(&format!("{vendor}\n{block}"), &[]).unwrap();
            match (config.identity, config.cec.map(|cec| cec.logins[0].visitors.clone())) {
                (Some(Identity::Known(by)), None) | (None, Some(Visitors::Known { by, .. })) => by,
                other => panic!("{other:?}"),
            }
        })
        .collect();
    assert!(matches!(
        kinds[..],
        [
            KnownBy::Gateway(GatewayConfig::Header(_)),
            KnownBy::Gateway(GatewayConfig::CallBack(_)),
            KnownBy::Jwt(_),
            KnownBy::Local(_),
        ]
    ));
}
