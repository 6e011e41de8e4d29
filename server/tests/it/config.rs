//! A file and an environment, and all their mistakes at once.

use std::path::PathBuf;

use calldock_server::config::{Config, KEYS};
use calldock_server::settings::ConfigErrors;
use calldock_server::tccc::{CredentialSource, Credentials};
use secrecy::ExposeSecret;
use tempfile::TempDir;

pub const WHOLE: &str = r#"
[listen]
address = "127.0.0.1:9000"

[tccc]
endpoint = "https://ccc.intl.tencentcloudapi.com"
region = "ap-singapore"
sdk_app_id = 1400000000
secret_id = "AKIDEXAMPLE"
secret_key = "SECRETKEYEXAMPLE"
token = "SESSIONEXAMPLE"

[identity]
kind = "fixed"
user_id = "agent@example.com"

[browser]
allowed_origins = ["https://crm.example.com", "http://localhost:5173"]
"#;

fn file(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calldock.toml");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

pub fn load(text: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    let (_folder, path) = file(text);
    Config::load(Some(&path), variables(environment))
}

/// The fixed key of a configuration.
fn key(config: &Config) -> &Credentials {
    match &config.tccc.as_ref().unwrap().credentials {
        CredentialSource::Fixed(key) => key,
        _ => panic!("expected a key"),
    }
}

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
}

pub fn keys(errors: &ConfigErrors) -> Vec<&str> {
    errors.0.iter().map(|error| error.key.as_str()).collect()
}

#[test]
fn a_whole_file_is_read() {
    let config = load(WHOLE, &[]).unwrap();
    assert_eq!(config.http.listen.address.to_string(), "http://127.0.0.1:9000");
    assert_eq!(
        config.tccc.as_ref().unwrap().endpoint.as_str(),
        "https://ccc.intl.tencentcloudapi.com/"
    );
    assert_eq!(config.tccc.as_ref().unwrap().region.as_deref(), Some("ap-singapore"));
    assert_eq!(config.tccc.as_ref().unwrap().sdk_app_id, 1_400_000_000);
    let credentials = key(&config);
    assert_eq!(credentials.secret_id.expose_secret(), "AKIDEXAMPLE");
    assert_eq!(credentials.secret_key.expose_secret(), "SECRETKEYEXAMPLE");
    assert_eq!(credentials.token.as_ref().unwrap().expose_secret(), "SESSIONEXAMPLE");
    assert_eq!(
        config.http.browser.allowed_origins,
        ["https://crm.example.com", "http://localhost:5173"]
    );
    assert!(!config.http.browser.loopback_names_only);
}

#[test]
fn the_environment_alone_is_enough_and_the_rest_has_defaults() {
    let environment = variables(&[
        ("CALLDOCK_TCCC_SDK_APP_ID", "1400000000"),
        ("CALLDOCK_TCCC_SECRET_ID", "AKIDEXAMPLE"),
        ("CALLDOCK_TCCC_SECRET_KEY", "0123456789012345"),
        ("CALLDOCK_TCCC_TOKEN", ""),
        ("CALLDOCK_IDENTITY_KIND", "fixed"),
        ("CALLDOCK_IDENTITY_USER_ID", "agent@example.com"),
        ("CALLDOCK_BROWSER_ALLOWED_ORIGINS", "https://a.example, https://b.example"),
        ("CALLDOCK_PORT_80_TCP", "tcp://192.0.2.1:80"),
        ("CALLDOCK_HOME", "/"),
        ("PATH", "/bin"),
    ]);
    let config = Config::load(None, environment).unwrap();
    assert_eq!(config.http.listen.address.to_string(), "http://127.0.0.1:8700");
    assert_eq!(config.http.operator, "127.0.0.1:8702".parse().ok(), "on by default");
    assert_eq!(config.tccc.as_ref().unwrap().endpoint.as_str(), "https://ccc.tencentcloudapi.com/");
    assert_eq!(key(&config).secret_key.expose_secret(), "0123456789012345");
    assert!(key(&config).token.is_none() && config.tccc.as_ref().unwrap().region.is_none());
    assert_eq!(config.http.browser.allowed_origins, ["https://a.example", "https://b.example"]);
}

#[test]
fn the_environment_goes_over_the_file() {
    let config = load(
        WHOLE,
        &[("CALLDOCK_LISTEN_ADDRESS", "127.0.0.1:1"), ("CALLDOCK_TCCC_REGION", "ap-guangzhou")],
    )
    .unwrap();
    assert_eq!(config.http.listen.address.to_string(), "http://127.0.0.1:1");
    assert_eq!(config.tccc.as_ref().unwrap().region.as_deref(), Some("ap-guangzhou"));
    assert_eq!(config.tccc.as_ref().unwrap().sdk_app_id, 1_400_000_000);
}

#[test]
fn every_mistake_is_listed_at_once_with_its_key_and_its_fix() {
    let errors = load(
        r#"
        colour = "red"
        [listen]
        address = "example.com:80"
        [tccc]
        endpoint = "http://127.0.0.1:8701"
        region = "AP Singapore"
        sdk_app_id = "14x"
        secret_id = 17
        secretkey = "SECRETKEYEXAMPLE"
        [identity]
        kind = "everyone"
        user_id = "an agent"
        [browser]
        allowed_origins = ["*"]
        [extra.deep]
        key = 1
        "#,
        &[("CALLDOCK_TCCC_TOKENS", "x")],
    )
    .unwrap_err();
    assert_eq!(
        keys(&errors),
        [
            "listen.address",
            "browser.allowed_origins",
            "tccc.endpoint",
            "tccc.region",
            "tccc.sdk_app_id",
            "tccc.secret_id",
            "tccc.secret_key",
            "identity.kind",
            "colour",
            "extra.deep.key",
            "tccc.secretkey",
            "tccc.tokens",
        ]
    );
    let shown = errors.to_string();
    assert!(shown.starts_with("12 errors in the configuration:\n  listen.address: "), "{shown}");
    assert!(shown.contains("tccc.secret_key: missing. To fix it: set CALLDOCK_TCCC_SECRET_KEY or tccc.secret_key_file, or start with --demo"), "{shown}");
    assert!(
        shown.contains(
            "tccc.secretkey: unknown key. To fix it: remove it, or write tccc.secret_key or "
        ),
        "{shown}"
    );
    assert_eq!(shown.lines().count(), 13);
}

#[test]
fn required_keys_are_reported_as_missing() {
    let errors = Config::load(None, []).unwrap_err();
    assert_eq!(
        keys(&errors),
        ["tccc.sdk_app_id", "tccc.secret_id", "tccc.secret_key", "identity.kind"]
    );
    assert!(errors.to_string().contains("identity.kind: missing. To fix it: pass --config"));
    assert!(keys(&errors).iter().all(|key| KEYS.contains(key)));
}

#[test]
fn the_secret_key_may_be_in_a_file_beside_the_configuration() {
    let text = WHOLE.replace("secret_key = \"SECRETKEYEXAMPLE\"", "secret_key_file = \"key\"");
    let (folder, path) = file(&text);
    let errors = Config::load(Some(&path), []).unwrap_err();
    assert_eq!(keys(&errors), ["tccc.secret_key_file"]);
    std::fs::write(folder.path().join("key"), "SECRETKEYFROMFILE\n").unwrap();
    let config = Config::load(Some(&path), []).unwrap();
    assert_eq!(key(&config).secret_key.expose_secret(), "SECRETKEYFROMFILE");
    std::fs::write(folder.path().join("key"), "two words").unwrap();
    assert_eq!(keys(&Config::load(Some(&path), []).unwrap_err()), ["tccc.secret_key_file"]);
}

#[test]
fn the_environment_overrides_a_secret_whichever_of_its_two_keys_the_file_has() {
    const FILE: &str = "secret_key_file = \"key\"";
    const ITSELF: &str = "secret_key = \"SECRETKEYEXAMPLE\"";
    let with = |line: &str, set: &[(&str, &str)]| {
        let (folder, path) = file(&WHOLE.replace(ITSELF, line));
        std::fs::write(folder.path().join("key"), "SECRETKEYFROMFILE").unwrap();
        Config::load(Some(&path), variables(set))
    };
    let (itself, by_file) = ("CALLDOCK_TCCC_SECRET_KEY", "CALLDOCK_TCCC_SECRET_KEY_FILE");
    for (line, set, expected) in [
        (FILE, [(itself, "SECRETKEYOFSTAFF")], "SECRETKEYOFSTAFF"),
        (ITSELF, [(itself, "SECRETKEYOFSTAFF")], "SECRETKEYOFSTAFF"),
        (ITSELF, [(by_file, "key")], "SECRETKEYFROMFILE"),
        // An empty variable counts as unset.
        (FILE, [(itself, "")], "SECRETKEYFROMFILE"),
    ] {
        let config = with(line, &set).unwrap();
        assert_eq!(key(&config).secret_key.expose_secret(), expected, "{line} {set:?}");
    }
    let both = format!("{ITSELF}\n{FILE}");
    for (line, set) in
        [(both.as_str(), &[][..]), (FILE, &[(itself, "SECRETKEYOFSTAFF"), (by_file, "key")])]
    {
        assert_eq!(keys(&with(line, set).unwrap_err()), ["tccc.secret_key"], "{set:?}");
    }
}

#[test]
fn a_file_that_is_not_toml_is_reported_by_its_position() {
    let errors = load("[tccc]\nsecret_key = \"SECRETKEYEXAMPLE\n", &[]).unwrap_err();
    let shown = errors.to_string();
    assert!(shown.contains("not TOML at line 2, column "), "{shown}");
    assert!(!shown.contains("SECRET"), "{shown}");
    let errors = Config::load(Some("/nonexistent/calldock.toml".as_ref()), []).unwrap_err();
    assert!(
        errors.to_string().contains("/nonexistent/calldock.toml: the file cannot be read"),
        "{errors}"
    );
}

#[test]
fn an_endpoint_is_https_and_nothing_but_a_host() {
    for endpoint in ["http://localhost:1", "https://h/path", "https://h/?a", "https://u:p@h/", "h"]
    {
        let text = WHOLE.replace("https://ccc.intl.tencentcloudapi.com", endpoint);
        assert_eq!(keys(&load(&text, &[]).unwrap_err()), ["tccc.endpoint"], "{endpoint}");
    }
}

#[test]
fn an_origin_is_written_as_browsers_write_it() {
    for origin in [
        "*",
        "null",
        "https://a.example/",
        "https://A.example",
        "https://a.example:443",
        "http://a.example",
        "a.example",
    ] {
        let text = WHOLE.replace("https://crm.example.com", origin);
        assert_eq!(keys(&load(&text, &[]).unwrap_err()), ["browser.allowed_origins"], "{origin}");
    }
}

#[test]
fn the_example_needs_only_secrets() {
    let example = include_str!("../../calldock.example.toml");
    let errors = load(example, &[]).unwrap_err();
    assert_eq!(keys(&errors), ["tccc.secret_id", "tccc.secret_key"]);
    let secrets = [
        ("CALLDOCK_TCCC_SECRET_ID", "AKIDEXAMPLE"),
        ("CALLDOCK_TCCC_SECRET_KEY", "SECRETKEYEXAMPLE"),
    ];
    assert!(load(example, &secrets).is_ok());
}

#[test]
fn temporary_credentials_may_all_come_from_files() {
    let (folder, path) = file(
        "[tccc]\nsdk_app_id = 1\nsecret_id_file = \"id\"\nsecret_key_file = \"key\"\ntoken_file = \"token\"\n[identity]\nkind = \"fixed\"\nuser_id = \"agent@example.com\"\n",
    );
    for (name, text) in [("id", "IDEXAMPLE\n"), ("key", "KEYEXAMPLE"), ("token", " TOKENEXAMPLE")] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let config = Config::load(Some(&path), []).unwrap();
    let credentials = key(&config);
    assert_eq!(credentials.secret_id.expose_secret(), "IDEXAMPLE");
    assert_eq!(credentials.secret_key.expose_secret(), "KEYEXAMPLE");
    assert_eq!(credentials.token.as_ref().unwrap().expose_secret(), "TOKENEXAMPLE");
    std::fs::remove_file(folder.path().join("token")).unwrap();
    let set = variables(&[("CALLDOCK_TCCC_SECRET_ID", "IDEXAMPLE")]);
    let errors = Config::load(Some(&path), set).unwrap_err();
    assert_eq!(keys(&errors), ["tccc.token_file"], "the variable overrides secret_id_file");
}

#[test]
fn the_vendors_pace_and_single_use_are_the_operators_to_set() {
    let values = |config: &Config| {
        let pace = config.queue.vendor;
        (pace.per_second, pace.deadline.as_secs(), config.tccc.as_ref().unwrap().only_once)
    };
    assert_eq!(values(&load(WHOLE, &[]).unwrap()), (20, 5, false));
    let set = |rate, deadline, once| {
        let environment = [
            ("CALLDOCK_TCCC_REQUESTS_PER_SECOND", rate),
            ("CALLDOCK_TCCC_QUEUE_DEADLINE", deadline),
            ("CALLDOCK_TCCC_ONLY_ONCE", once),
        ];
        load(WHOLE, &environment)
    };
    assert_eq!(values(&set("7", "6", "true").unwrap()), (7, 6, true));
    let errors = set("0", "7", "once").unwrap_err();
    assert_eq!(
        keys(&errors),
        ["tccc.requests_per_second", "tccc.queue_deadline", "tccc.only_once"]
    );
}

#[test]
fn a_wrong_value_is_shown_unless_it_may_be_secret() {
    let text =
        WHOLE.replace("127.0.0.1:9000", "example.com:80").replace("SECRETKEYEXAMPLE", "two words");
    let shown = load(&text, &[]).unwrap_err().to_string();
    assert!(shown.contains("found \"example.com:80\""), "{shown}");
    assert!(!shown.contains("two words"), "{shown}");
}

#[test]
fn a_listener_may_be_a_unix_socket_and_the_operators_may_be_off() {
    let with = |listen: &str| load(&WHOLE.replace("127.0.0.1:9000", listen), &[]);
    let config = with("unix:/run/calldock/server.sock").unwrap();
    assert_eq!(config.http.listen.address.to_string(), "unix:/run/calldock/server.sock");
    assert_eq!(keys(&with("unix:server.sock").unwrap_err()), ["listen.address"]);
    let off = [("CALLDOCK_OPERATOR_ADDRESS", "off")];
    assert_eq!(load(WHOLE, &off).unwrap().http.operator, None);
}

#[test]
fn a_listener_for_everyone_without_a_gateway_is_warned_about() {
    let warned = |environment: &[(&str, &str)]| {
        let config = load(WHOLE, environment).unwrap();
        config.warnings().iter().any(|warning| warning.starts_with("listen.address"))
    };
    let everywhere = ("CALLDOCK_LISTEN_ADDRESS", "0.0.0.0:8700");
    assert!(warned(&[everywhere]));
    assert!(!warned(&[everywhere, ("CALLDOCK_LISTEN_GATEWAYS", "10.0.0.0/8")]));
    assert!(!warned(&[]));
}

#[test]
fn a_shared_store_needs_a_shared_key() {
    let text = format!("{WHOLE}\n[store]\nkind = \"redis\"\nurl = \"redis://127.0.0.1:6379\"\n");
    assert_eq!(keys(&load(&text, &[]).unwrap_err()), ["key.secret"]);
    let key = [("CALLDOCK_KEY_SECRET", "0123456789abcdef0123456789abcdef0123456789")];
    assert!(load(&text, &key).is_ok());
}

#[test]
fn an_old_key_is_refused_and_the_page_that_has_what_replaces_it_is_named() {
    let errors = load(&format!("{WHOLE}\n[cec]\nproxy_prefix = \"/x\"\n"), &[]).unwrap_err();
    let error = errors.0.iter().find(|error| error.key == "cec.proxy_prefix").unwrap();
    assert!(error.fix.contains("migration/server-keys.md"), "{}", error.fix);
}
