//! The section about CEC's question.

use std::path::Path;

use calldock_server::config::Config;
use calldock_server::queue::Rate;
use calldock_server::settings::ConfigErrors;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tempfile::TempDir;

use crate::config::keys;

const TOKEN: &str = r#"
[visitor]
kind = "guest"
[cec]
tenant_space_id = "202007159031"
channel_config_id = "817854979183314945"
mode = "token"
"#;

const TLS: &str = r#"
address = "127.0.0.1:8443"
certificate_file = "callback.pem"
key_file = "callback.key"
"#;

/// A folder with a certificate and its key, another's key, and a certificate as `.cer`.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let names = || ["gateway.example.com".to_owned()];
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names()).unwrap();
    let other = generate_simple_self_signed(names()).unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("callback.pem", cert.pem().as_bytes());
    write("callback.key", signing_key.serialize_pem().as_bytes());
    write("other.key", other.signing_key.serialize_pem().as_bytes());
    write("ca.cer", other.cert.der());
    folder
}

fn load(folder: &Path, text: &str) -> Result<Config, ConfigErrors> {
    let path = folder.join("calldock.toml");
    std::fs::write(&path, text).unwrap();
    Config::load(Some(&path), [])
}

#[test]
fn callers_and_a_listener_are_read_and_their_absence_is_warned_about() {
    let folder = folder();
    let load = |callback: &str| {
        load(folder.path(), &format!("{TOKEN}[callback]\n{callback}")).map_err(|e| e.to_string())
    };
    let warned = |config: &Config| {
        config.warnings().iter().any(|warning| warning.starts_with("callback.callers"))
    };
    let bare = load("").unwrap();
    assert!(warned(&bare) && bare.http.callback.listener.is_none());
    assert_eq!(bare.http.callback.rate, Rate::parse("100/s").ok());
    assert!(bare.warnings().iter().any(|warning| warning.starts_with("key.secret")));
    let listed = load("callers = [\"198.51.100.0/24\", \"203.0.113.7\"]\nrate = \"20/s\"").unwrap();
    let callers = listed.http.callback.callers.as_ref().unwrap();
    assert!(callers.contains([198, 51, 100, 9].into()) && !callers.contains([1, 1, 1, 1].into()));
    assert!(!warned(&listed));
    assert_eq!(listed.http.callback.rate, Rate::parse("20/s").ok());
    assert_eq!(load("rate = \"off\"").unwrap().http.callback.rate, None);
    let open = load(TLS).unwrap();
    assert!(warned(&open), "encrypted, and open to every caller");
    assert_eq!(open.http.callback.listener.unwrap().address.port(), 8443);
    for file in ["callback.pem", "ca.cer"] {
        let mutual = load(&format!("{TLS}client_ca_file = \"{file}\"")).unwrap();
        assert!(!warned(&mutual), "{file}");
    }
}

#[test]
fn more_tokens_than_the_store_in_memory_keeps_are_refused() {
    let folder = folder();
    let load = |rest: &str| load(folder.path(), &format!("{TOKEN}{rest}"));
    for rest in ["", "token_lifetime = 200", "token_lifetime = 600\n[limits]\ncec_per_second = 333"]
    {
        assert!(load(rest).is_ok(), "{rest}");
    }
    for rest in ["token_lifetime = 201", "[limits]\ncec_per_second = 2000"] {
        let errors = load(rest).unwrap_err();
        assert_eq!(keys(&errors), ["cec.token_lifetime"], "{errors}");
        assert!(errors.to_string().contains("limits.cec_per_second"), "{errors}");
    }
    let redis = "token_lifetime = 600\n[key]\nsecret = \"0123456789abcdef0123456789abcdef\"\n[store]\nkind = \"redis\"\nurl = \"redis://127.0.0.1\"";
    assert!(load(redis).is_ok());
}

#[test]
fn a_wrong_callback_is_reported_by_its_key() {
    let folder = folder();
    for (callback, expected) in [
        ("callers = [\"0.0.0.0/0\"]", "callback.callers"),
        ("callers = [\"gateway.example.com\"]", "callback.callers"),
        ("rate = \"0/s\"", "callback.rate"),
        ("key_file = \"callback.key\"", "callback.key_file"),
        ("address = \"127.0.0.1:8443\"", "callback.certificate_file callback.key_file"),
        (&TLS.replace("callback.pem", "nowhere.pem"), "callback.certificate_file"),
        (&TLS.replace("callback.pem", "callback.key"), "callback.certificate_file"),
        (&TLS.replace("callback.key", "callback.pem"), "callback.key_file"),
        (&TLS.replace("callback.key", "other.key"), "callback.key_file"),
        (&format!("{TLS}client_ca_file = \"callback.key\""), "callback.client_ca_file"),
        (&format!("{TLS}client_ca_file = \"nowhere\""), "callback.client_ca_file"),
    ] {
        let errors = load(folder.path(), &format!("{TOKEN}[callback]\n{callback}")).unwrap_err();
        assert_eq!(keys(&errors).join(" "), expected, "{callback}: {errors}");
        assert!(!errors.to_string().contains("PRIVATE KEY"), "{errors}");
    }
}

#[test]
fn without_tokens_there_is_no_callback() {
    let folder = folder();
    let text = TOKEN.replace("\"token\"", "\"authorization\"\nsecret_key = \"SECRETKEYEXAMPLE\"");
    let text = format!("{text}[callback]\ncallers = [\"198.51.100.0/24\"]");
    let errors = load(folder.path(), &text).unwrap_err();
    assert_eq!(keys(&errors), ["callback.callers"]);
}
