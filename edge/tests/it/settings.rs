//! The settings file.

use std::fs;

use calldock_edge::Settings;
use calldock_edge::settings::{Host, load};
use calldock_service::settings::ConfigErrors;

fn read(text: &str) -> Result<Settings, ConfigErrors> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calldock-edge.toml");
    fs::write(&file, text).unwrap();
    load(&file)
}

#[test]
fn the_example_file_is_valid_and_names_every_key() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/calldock-edge.example.toml");
    let text = fs::read_to_string(file).unwrap();
    load(file.as_ref()).unwrap();
    // With every comment that is a key taken literally, the file has no unknown key and no mistake.
    let all: String = text
        .lines()
        .map(|line| match line.strip_prefix("#") {
            Some(key) if key.contains(" = ") && !key.starts_with(' ') => format!("{key}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let all = all.replace("ca_file = \"cec-ca.pem\"\n", "");
    let settings = read(&all).unwrap();
    let defaults = Settings::new(settings.cec.origin.clone());
    assert_eq!(settings.edge.streams, defaults.edge.streams, "the file shows the defaults");
    assert_eq!(settings.edge.websockets, defaults.edge.websockets);
    assert_eq!(settings.listen.connections, defaults.listen.connections);
    assert_eq!(settings.listen.deadlines, defaults.listen.deadlines);
    assert_eq!(
        (settings.listen.drain, settings.listen.grace),
        (defaults.listen.drain, defaults.listen.grace)
    );
    assert_eq!(settings.edge.timeout, defaults.edge.timeout);
    assert_eq!(settings.edge.body_bytes, defaults.edge.body_bytes);
    assert_eq!(settings.edge.websocket_idle, defaults.edge.websocket_idle);
    assert_eq!(
        (settings.listen.address, settings.operator),
        (defaults.listen.address, defaults.operator)
    );
}

#[test]
fn every_mistake_is_reported_at_once() {
    let mistakes = read(
        "[listen]\naddress = \"shop.example:80\"\ngateways = [\"10.1.2.3/8\", \"nginx\"]\nconnections = 2\ndrain = -1\n[cec]\norigin = \"http://cec.example/x\"\nhost = \"both\"\n[edge]\nprefix = \"/demo/service-cloud\"\nheaders = [\"Cookie\", \"X-Forwarded-For\", \"a b\", \"x-own\"]\ncookies = [\"a=b\"]\nignored = [\"a b\"]\nallowed_origins = [\"https://CRM.example\"]\nbody_mib = 2000\nstreems = 3\n[operator]\naddress = 8703\n[log]\nformat = \"xml\"\n[secrets]\nkey = \"x\"\n",
    )
    .unwrap_err();
    let mut keys: Vec<_> = mistakes.0.iter().map(|mistake| mistake.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "cec.host",
            "cec.origin",
            "edge.allowed_origins",
            "edge.body_mib",
            "edge.cookies",
            "edge.headers",
            "edge.headers",
            "edge.headers",
            "edge.ignored",
            "edge.prefix",
            "edge.streems",
            "listen.address",
            "listen.connections",
            "listen.drain",
            "listen.gateways",
            "listen.gateways",
            "log.format",
            "operator.address",
            "secrets.key",
        ],
        "{mistakes}"
    );
    let text = mistakes.to_string();
    assert!(text.starts_with("19 errors in the configuration:"), "{text}");
    assert!(text.contains("remove it, or write edge.streams or "), "{text}");
}

#[test]
fn what_is_missing_or_no_toml_is_reported() {
    let mistakes = read("").unwrap_err();
    assert_eq!(mistakes.0.len(), 1, "{mistakes}");
    assert!(mistakes.to_string().contains("cec.origin: missing"), "{mistakes}");
    let mistakes = read("[cec]\norigin = https://x\n").unwrap_err();
    assert!(mistakes.to_string().contains("not TOML at line 2, column 10"), "{mistakes}");
    let mistakes = load("/nowhere/calldock-edge.toml".as_ref()).unwrap_err();
    assert!(mistakes.to_string().contains("cannot be read"), "{mistakes}");
}

#[test]
fn values_are_read() {
    let settings = read(
        "[listen]\ngateways = [\"127.0.0.1\"]\n[operator]\naddress = \"off\"\n[cec]\norigin = \"https://cec.example\"\nhost = \"page\"\n[edge]\nprefix = \"/demo\"\nheaders = [\"X-Own\"]\ncookies = [\"route\"]\n[log]\nformat = \"json\"\n",
    )
    .unwrap();
    assert!(settings.listen.gateways.contains([127, 0, 0, 1].into()));
    assert_eq!((settings.operator, settings.cec.host), (None, Host::Page));
    assert_eq!(settings.edge.headers, ["x-own"]);
    assert!(settings.json_log && settings.edge.prefix == "/demo");
}
