//! The sections, and all their mistakes.

use calldock_server::config::Config;
use calldock_server::identity::gateway::NameEncoding;
use calldock_server::identity::gateway::header::Sender;
use calldock_server::identity::jwt::Place;
use calldock_server::identity::{AgentSettings, AuthenticatorSettings, VisitorSettings};
use jsonwebtoken::Algorithm;

use crate::config::{WHOLE, keys, load};

/// Agents and visitors of one kind, with its section.
fn of_kind(kind: &str, section: &str) -> String {
    let fixed = "kind = \"fixed\"\nuser_id = \"agent@example.com\"";
    let tccc = WHOLE.replace(fixed, &format!("kind = \"{kind}\""));
    assert_ne!(tccc, WHOLE);
    let chat = "[chat]\nweb_app_id = \"9903496b6be2e67ad291dd2323f3ae9f\"\npeer_source = \"shop\"";
    format!("{tccc}\n{chat}\n[visitor]\nkind = \"{kind}\"\n[{kind}]\n{section}\n")
}

fn known(config: &Config) -> AuthenticatorSettings {
    let Some(AgentSettings::By(by)) = &config.agents else { panic!("{config:?}") };
    let Some(VisitorSettings::By { authenticator: also, name }) = &config.visitors else {
        panic!("{config:?}")
    };
    assert_eq!((format!("{by:?}"), name.as_str()), (format!("{also:?}"), "Customer"));
    by.clone()
}

#[test]
fn a_header_of_the_gateway_is_configured() {
    let with_gateways = |section: &str| {
        of_kind("gateway", section).replace("[listen]", "[listen]\ngateways = [\"10.0.0.0/8\"]")
    };
    let config = load(&with_gateways("header = \"X-Remote-User\""), &[]).unwrap();
    let AuthenticatorSettings::Header(header) = known(&config) else { panic!() };
    assert_eq!(header.header, "x-remote-user");
    assert_eq!((header.sender, header.secret), (Sender::ListenGateways, None));
    assert_eq!((header.name_header, header.name_encoding), (None, NameEncoding::Plain));
    let warnings = config.warnings();
    assert!(warnings.iter().all(|warning| !warning.contains("gateway")), "{warnings:?}");
    let more = "header = \"X-User\"\nname_header = \"X-Name\"\nname_encoding = \"percent\"\ntrusted = [\"127.0.0.1\"]";
    let config = load(&with_gateways(more), &[]).unwrap();
    let AuthenticatorSettings::Header(header) = known(&config) else { panic!() };
    let Sender::Addresses(trusted) = &header.sender else { panic!() };
    assert!(!trusted.contains("10.1.2.3".parse().unwrap()), "only its own list counts");
    let secret = "header = \"X-User\"\nsecret_header = \"X-Gateway\"\nsecret = \"SECRETEXAMPLE\"";
    let config = load(&of_kind("gateway", secret), &[]).unwrap();
    let AuthenticatorSettings::Header(by_secret) = known(&config) else { panic!() };
    assert_eq!(
        (by_secret.sender, by_secret.secret.unwrap().header.as_str()),
        (Sender::Any, "x-gateway")
    );
    assert_eq!(header.name_encoding, NameEncoding::Percent);
    assert_eq!(header.name_header.unwrap(), "x-name");
}

#[test]
fn an_address_of_the_application_is_configured() {
    let section = "url = \"https://shop.example/whoami\"\ncookies = [\"JSESSIONID\"]";
    let AuthenticatorSettings::Ask(call_back) =
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
    let AuthenticatorSettings::Jwt(jwt) = known(&load(&of_kind("jwt", section), &[]).unwrap())
    else {
        panic!()
    };
    assert_eq!(jwt.issuer, "https://login.example.com/realms/shop/", "letter by letter");
    assert_eq!(jwt.algorithms, [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA]);
    assert_eq!((jwt.id_claim.as_str(), jwt.name_claim.as_str()), ("sub", "name"));
    assert_eq!((jwt.leeway.as_secs(), jwt.jwks_url, jwt.place), (30, None, Place::Bearer));
}

#[test]
fn a_database_is_configured_beside_the_configuration() {
    let AuthenticatorSettings::Local(local) = known(&load(&of_kind("local", ""), &[]).unwrap())
    else {
        panic!()
    };
    assert!(local.database.is_absolute() && local.database.ends_with("calldock.sqlite3"));
    assert_eq!(local.session_lifetime.as_secs(), 8 * 3600);
}

#[test]
fn a_unix_socket_or_a_secret_header_proves_the_gateway_without_addresses() {
    let socket = "[listen]\naddress = \"unix:/run/calldock/server.sock\"\n";
    let secret = "secret_header = \"X-Gateway-Secret\"\nsecret = \"SECRETEXAMPLE\"\n";
    for (listen, proof, complete) in
        [("", "", false), (socket, "", true), ("", secret, true), (socket, secret, true)]
    {
        let text = format!(
            "{listen}[chat]\nweb_app_id = \"9903496b6be2e67ad291dd2323f3ae9f\"\npeer_source = \"shop\"\n[tccc]\nsdk_app_id = 1\nsecret_id = \"SECRETIDEXAMPLE\"\nsecret_key = \"SECRETKEYEXAMPLE\"\n[visitor]\nkind = \"gateway\"\n[gateway]\nheader = \"X-User\"\n{proof}"
        );
        match load(&text, &[]) {
            Ok(_) => assert!(complete, "{text}"),
            Err(errors) => {
                assert!(!complete, "{errors}");
                assert_eq!(keys(&errors), ["gateway.trusted"]);
            }
        }
    }
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
        ("gateway", "header = \"X-User\"\nsecret = \"SECRETEXAMPLE\"", &["gateway.secret_header"]),
        ("gateway", "header = \"X-User\"\nsecret_header = \"X-G\"", &["gateway.secret"]),
        (
            "gateway",
            "header = \"X-Gateway\"\nsecret_header = \"x-gateway\"\nsecret = \"SECRETEXAMPLE\"",
            &["gateway.header"],
        ),
        (
            "gateway",
            "header = \"X-User\"\nname_header = \"x-gateway\"\nsecret_header = \"X-Gateway\"\nsecret = \"SECRETEXAMPLE\"",
            &["gateway.name_header"],
        ),
        ("jwt", "", &["jwt.issuer", "jwt.audience"]),
        (
            "jwt",
            "issuer = \"https://h/\"\naudience = [\"a\"]\nid_claim = \"email\"",
            &["jwt.id_claim"],
        ),
        (
            "jwt",
            "issuer = \"https://h/\"\naudience = [\"a\"]\nid_claim = \"upn\"\nid_claim_is_stable = false",
            &["jwt.id_claim"],
        ),
        (
            "jwt",
            "issuer = \"https://h/\"\naudience = [\"a\"]\ncookie = \"a\"\nheader = \"X-Token\"",
            &["jwt.header"],
        ),
        (
            "jwt",
            "issuer = \"http://127.0.0.1/\"\naudience = []\njwks_url = \"http://127.0.0.1/\"\nalgorithms = [\"HS256\"]\nleeway = 301\ncookie = \"a b\"",
            &["jwt.jwks_url", "jwt.audience", "jwt.algorithms", "jwt.cookie", "jwt.leeway"],
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
    assert!(errors.to_string().contains("not used"), "{errors}");
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
        include_str!("../../../../docs/en/operate/identity.md"),
        include_str!("../../../../docs/zh/operate/identity.md"),
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
            match (config.agents, config.visitors) {
                (Some(AgentSettings::By(by)), None)
                | (None, Some(VisitorSettings::By { authenticator: by, .. })) => by,
                other => panic!("{other:?}"),
            }
        })
        .collect();
    assert!(matches!(
        kinds[..],
        [
            AuthenticatorSettings::Header(_),
            AuthenticatorSettings::Ask(_),
            AuthenticatorSettings::Jwt(_),
            AuthenticatorSettings::Jwt(_),
            AuthenticatorSettings::Local(_),
        ]
    ));
}

#[test]
fn an_id_claim_that_the_operator_calls_stable_is_accepted() {
    let section = |claim: &str| {
        let stable = format!("id_claim = \"{claim}\"\nid_claim_is_stable = true");
        of_kind("jwt", &format!("issuer = \"https://h/\"\naudience = [\"a\"]\n{stable}"))
    };
    for claim in ["email", "upn", "preferred_username", "sub", "oid"] {
        let config = load(&section(claim), &[]).unwrap();
        let AuthenticatorSettings::Jwt(jwt) = known(&config) else { panic!() };
        assert_eq!(jwt.id_claim, claim);
    }
    let oid = section("oid").replace("id_claim_is_stable = true", "");
    assert!(load(&oid, &[]).is_ok(), "needs no consent");
}

#[test]
fn a_wrong_value_is_shown_unless_it_is_secret() {
    let section = "header = \"X_User\"\nsecret_header = \"X-G\"\nsecret = \"SHORT\"";
    let errors = load(&of_kind("gateway", section), &[]).unwrap_err().to_string();
    assert!(errors.contains("found \"X_User\"") && !errors.contains("SHORT"), "{errors}");
}
