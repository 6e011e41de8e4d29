//! The demo's secrets stay in the demo.

use std::path::Path;

use calldock_server::config::Config;
use calldock_server::demo;
use calldock_server::tccc::CredentialSource;
use secrecy::ExposeSecret;

/// The secrets of the demo's own configuration, each with the keys it could be written under.
fn secrets() -> Vec<(String, [&'static str; 2])> {
    let vendor = demo::VENDOR.parse().unwrap();
    let config = demo::config(demo::LISTEN.parse().unwrap(), &vendor).unwrap();
    let CredentialSource::Fixed(credentials) = config.tccc.unwrap().credentials else {
        panic!("the demo has a fixed key")
    };
    // The key of the public golden vectors.
    let cec_key = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG";
    let secrets = [
        (credentials.secret_id, ["tccc.secret_id", "tccc.token"]),
        (credentials.secret_key, ["tccc.secret_key", "tccc.secret_key_file"]),
        (cec_key.into(), ["cec.secret_key", "cec.secret_key_file"]),
    ];
    secrets.into_iter().map(|(secret, keys)| (secret.expose_secret().to_owned(), keys)).collect()
}

#[test]
fn a_configuration_with_a_secret_of_the_demos_is_refused_by_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = secrets();
    for (number, (secret, keys)) in secrets.iter().enumerate() {
        for key in keys {
            let path = folder.path().join(format!("secret-{number}"));
            std::fs::write(&path, format!(" {secret}\n")).unwrap();
            let is_file = key.ends_with("_file");
            let value = if is_file { path.display().to_string() } else { secret.clone() };
            let name = format!("CALLDOCK_{}", key.replacen('.', "_", 1).to_ascii_uppercase());
            let variables = [(name, value), ("CALLDOCK_CEC_MODE".into(), "authorization".into())];
            let errors = Config::load(None, variables).unwrap_err();
            let error = errors.0.iter().find(|error| error.key == *key).expect(key);
            assert!(error.what.contains("--demo, which is public"), "{key}: {}", error.what);
            assert!(!errors.to_string().contains(secret), "{errors}");
        }
    }
}

/// Only commands with the flag, and the check that refuses the demo's secrets, may use the demo.
#[test]
fn only_the_flag_starts_the_demo() {
    fn search(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                search(&path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let has_flag = text.contains("requires = \"demo\"");
            if text.contains("demo::") && !has_flag && !path.ends_with("src/demo.rs") {
                found.push(path.file_name().unwrap().to_string_lossy().into_owned());
            }
        }
    }
    let mut found = Vec::new();
    search(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut found);
    assert!(found.is_empty(), "{found:?}");
}
