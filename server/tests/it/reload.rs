//! Secrets and configuration changed while the server runs.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use calldock_server::cec::auth_v2::{Parts, sign};
use calldock_server::cec::reading::Form;
use calldock_server::cec::signer;
use calldock_server::config::VALIDATE;
use serde_json::Value;

use crate::cli::Running;
use crate::support::{CEC_LOGIN, CHANNEL, TENANT};

const KEY: &str = "9999999999888888888877777777776666666666555";
const OTHER_KEY: &str = "0000000000111111111122222222223333333333444";

/// Puts a text into a file's place as careful tools do it: never half of it can be read.
fn put(file: &Path, text: &str) {
    let new = file.with_extension("new");
    std::fs::write(&new, text).unwrap();
    std::fs::rename(new, file).unwrap();
}

fn configuration(rest: &str) -> String {
    format!(
        "[visitor]\nkind = \"fixed\"\nuser_id = \"10010001\"\nname = \"Tom\"\n[cec]\nmode = \"authorization\"\ntenant_space_id = \"{TENANT}\"\nchannel_config_id = \"{CHANNEL}\"\nsecret_key_file = \"key\"\n[limits]\nper_address = \"off\"\n{rest}"
    )
}

struct Server {
    running: Running,
    log: mpsc::Receiver<String>,
    folder: tempfile::TempDir,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calldock.toml");
        std::fs::write(&file, configuration("")).unwrap();
        std::fs::write(folder.path().join("key"), KEY).unwrap();
        let mut running =
            Running::start(&["--config", file.to_str().unwrap(), "--listen", "127.0.0.1:0"]);
        // Read to its end whatever is asked of it: a log that nobody reads would hold the server up.
        let lines = BufReader::new(running.child.stderr.take().unwrap()).lines();
        let (said, log) = mpsc::channel();
        std::thread::spawn(move || {
            lines.map_while(Result::ok).try_for_each(|line| said.send(line))
        });
        Self { running, log, folder }
    }

    fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// Reads the log until it says this, and hands out what it said.
    fn until(&self, words: &str) -> String {
        let mut said = String::new();
        while !said.contains(words) {
            let line = self.log.recv_timeout(Duration::from_secs(20));
            said += &line.unwrap_or_else(|_| panic!("nothing more was said: {said}"));
            said.push('\n');
        }
        said
    }

    fn hang_up(&self) {
        let id = self.running.child.id().to_string();
        assert!(Command::new("kill").args(["-HUP", &id]).status().unwrap().success());
    }
}

/// Whether an answer's signature is one by this key.
fn is_signed_by(answer: &str, key: &str) -> bool {
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let login: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    let authorization = login["authorization"].as_str().unwrap();
    let payload = format!(
        r#"{{"thirdUserName":"Tom","thirdUserId":"10010001","tenantSpaceId":"{TENANT}","channelConfigId":"{CHANNEL}"}}"#
    );
    let length = payload.len().to_string();
    let parts = Parts {
        method: "POST",
        uri: "/service-cloud/webclient/chat_client/js/newThirdPartyClient.js",
        access_key: CHANNEL,
        secret_key: &key.into(),
        timestamp: authorization.split('/').nth(2).unwrap(),
        headers: &signer::headers(&length, "application/json;charset=UTF-8"),
        payload: &payload,
    };
    sign(&parts, &Form::default()).ok().unwrap().authorization() == authorization
}

#[test]
fn a_secret_that_changes_under_load_is_used_and_no_request_fails() {
    let server = Server::start();
    let done = AtomicBool::new(false);
    let (former, latter) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let ending = Ending(&done);
        let address = server.running.address.clone();
        for _ in 0..4 {
            let (done, former, latter, address) = (&done, &former, &latter, address.clone());
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    let answer = ask(&address);
                    if is_signed_by(&answer, KEY) {
                        former.fetch_add(1, Ordering::Relaxed);
                    } else {
                        assert!(is_signed_by(&answer, OTHER_KEY), "by neither key");
                        latter.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        reach(&former, 20);
        put(&server.file("key"), OTHER_KEY);
        // Nobody is told: the file is looked at.
        server.until("was read again");
        assert!(is_signed_by(&server.running.ask("POST", CEC_LOGIN), OTHER_KEY));
        reach(&latter, latter.load(Ordering::Relaxed) + 20);
        drop(ending);
    });
}

/// Waits until so many are counted.
fn reach(counted: &AtomicUsize, wanted: usize) {
    let started = Instant::now();
    while counted.load(Ordering::Relaxed) < wanted {
        assert!(started.elapsed() < Duration::from_secs(20), "the load stands still");
        std::thread::yield_now();
    }
}

/// Ends the load with the test, however that ends.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn ask(address: &str) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "POST {CEC_LOGIN} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_configuration_that_is_wrong_is_told_by_its_keys_and_the_former_stays() {
    let server = Server::start();
    put(&server.file("key"), "short");
    server.hang_up();
    let said = server.until("is not read again");
    assert!(said.contains("cec.secret_key_file") && !said.contains("short\n"), "{said}");
    assert!(is_signed_by(&server.running.ask("POST", CEC_LOGIN), KEY));
    put(&server.file("calldock.toml"), "[cec");
    server.hang_up();
    assert!(server.until("not TOML").contains("calldock.toml"));
    assert!(is_signed_by(&server.running.ask("POST", CEC_LOGIN), KEY));
    // What is mended is used without another word.
    put(&server.file("key"), OTHER_KEY);
    put(&server.file("calldock.toml"), &configuration(""));
    server.until("was read again");
    assert!(is_signed_by(&server.running.ask("POST", CEC_LOGIN), OTHER_KEY));
}

#[test]
fn what_needs_a_restart_is_named_and_the_rest_is_used() {
    let server = Server::start();
    put(&server.file("key"), OTHER_KEY);
    put(
        &server.file("calldock.toml"),
        &configuration("[listen]\naddress = \"127.0.0.1:1\"\nconnections = 20\n"),
    );
    server.hang_up();
    let said = server.until("was read again");
    for key in ["listen.address", "listen.connections"] {
        assert!(said.contains(key) && said.contains("needs a restart"), "{said}");
    }
    assert!(is_signed_by(&server.running.ask("POST", CEC_LOGIN), OTHER_KEY));
}

#[test]
fn a_listener_of_the_callbacks_own_comes_with_a_restart_and_never_half() {
    let server = Server::start();
    let about = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    put(&server.file("callback.pem"), &about.cert.pem());
    put(&server.file("callback.key"), &about.signing_key.serialize_pem());
    let tokens = configuration("")
        .replace("mode = \"authorization\"", "mode = \"token\"")
        .replace("secret_key_file = \"key\"\n", "");
    put(&server.file("calldock.toml"), &tokens);
    server.hang_up();
    server.until("was read again");
    assert!(server.running.ask("POST", VALIDATE).starts_with("HTTP/1.1 200"));
    let apart = "[callback]\naddress = \"127.0.0.1:0\"\ncertificate_file = \"callback.pem\"\nkey_file = \"callback.key\"\n";
    put(&server.file("calldock.toml"), &format!("{tokens}{apart}"));
    server.hang_up();
    let said = server.until("is not read again");
    assert!(said.contains("callback.address") && said.contains("restart"), "{said}");
    // As it was: CEC is answered where it asks.
    assert!(server.running.ask("POST", VALIDATE).starts_with("HTTP/1.1 200"));
}
