//! Secrets and configuration changed while the server runs.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use axum::Router;
use calldock_server::cec::settings::VALIDATE;
use calldock_server::http::router;
use calldock_server::queue::Who;
use calldock_server::start::Kept;
use calldock_server::tccc::CredentialSource;
use calldock_signing::auth_v2::canonical::{headers, sign};
use calldock_signing::auth_v2::{METHOD, Reading, Request, URI};
use serde_json::Value;

use crate::cli::Running;
use crate::support::{self, CEC_LOGIN, CHANNEL, GOOD, LOGIN, TENANT, Vendor, settings};

const KEY: &str = "9999999999888888888877777777776666666666555";
const OTHER_KEY: &str = "0000000000111111111122222222223333333333444";

/// Replaces a file at once, so that half of it can never be read.
fn put(file: &Path, text: &str) {
    let new = file.with_extension("new");
    std::fs::write(&new, text).unwrap();
    std::fs::rename(new, file).unwrap();
}

/// Nobody reads the audit of these servers, which would refuse logins once its queue is full.
fn configuration(rest: &str) -> String {
    format!(
        "[audit]\nwhen_full = \"count\"\n[visitor]\nkind = \"fixed\"\nuser_id = \"10010001\"\nname = \"Tom\"\n[cec]\nmode = \"authorization\"\ntenant_space_id = \"{TENANT}\"\nchannel_config_id = \"{CHANNEL}\"\nsecret_key_file = \"key\"\n[operator]\naddress = \"127.0.0.1:0\"\n{rest}"
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
        Self::of(folder)
    }

    /// Starts a server with the `calldock.toml` of a folder.
    fn of(folder: tempfile::TempDir) -> Self {
        let file = folder.path().join("calldock.toml");
        let mut running =
            Running::start(&["--config", file.to_str().unwrap(), "--listen", "127.0.0.1:0"]);
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

    /// Reads the log until a line contains these words. Returns what was read.
    fn until(&self, words: &str) -> String {
        let mut said = String::new();
        while !said.contains(words) {
            let line = self.log.recv_timeout(Duration::from_secs(20));
            said += &line.unwrap_or_else(|_| panic!("no more lines after: {said}"));
            said.push('\n');
        }
        said
    }

    /// A metric's value, from the operator's listener.
    fn metric(&self, operator: &str, name: &str) -> String {
        let text = request(operator, "GET", "/metrics");
        let line = text.lines().find(|line| line.starts_with(&format!("{name} ")));
        line.unwrap_or_else(|| panic!("no {name} in {text}")).split(' ').nth(1).unwrap().to_owned()
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
    let request = Request {
        method: METHOD,
        uri: URI,
        access_key: CHANNEL,
        secret_key: &key.into(),
        timestamp: authorization.split('/').nth(2).unwrap(),
        headers: &headers(&length, "application/json;charset=UTF-8"),
        payload: &payload,
    };
    sign(&request, &Reading::default()).unwrap().authorization == authorization
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
        // Without a signal: the file is watched.
        server.until("was reloaded");
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
    request(address, "POST", CEC_LOGIN)
}

fn request(address: &str, method: &str, path: &str) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_operator_sees_whether_the_last_reload_succeeded_and_when() {
    const SUCCESS: &str = "calldock_config_reload_success";
    const TIME: &str = "calldock_config_last_reload_success_timestamp_seconds";
    let server = Server::start();
    let said = server.until("the operator's listener");
    let operator = said.rsplit("address=").next().unwrap().trim().to_owned();
    assert_eq!(server.metric(&operator, SUCCESS), "1");
    let started: f64 = server.metric(&operator, TIME).parse().unwrap();
    assert!(started > 1_700_000_000.0);
    put(&server.file("key"), "short");
    server.hang_up();
    server.until("is not reloaded");
    reach_metric(&server, &operator, SUCCESS, "0");
    assert_eq!(server.metric(&operator, TIME).parse::<f64>().unwrap(), started);
    put(&server.file("key"), OTHER_KEY);
    server.hang_up();
    server.until("was reloaded");
    reach_metric(&server, &operator, SUCCESS, "1");
    assert!(server.metric(&operator, TIME).parse::<f64>().unwrap() >= started);
}

/// Waits for a metric: it is set shortly after the line of the log.
fn reach_metric(server: &Server, operator: &str, name: &str, wanted: &str) {
    let started = Instant::now();
    while server.metric(operator, name) != wanted {
        assert!(started.elapsed() < Duration::from_secs(20), "{name} is not {wanted}");
        std::thread::yield_now();
    }
}

#[tokio::test]
async fn a_reload_keeps_the_credentials_of_a_role() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let metadata = Router::new().fallback(async move || {
        counted.fetch_add(1, Ordering::Relaxed);
        r#"{"TmpSecretId":"AKIDTEMP","TmpSecretKey":"KEYTEMP","Token":"TOKENTEMP","ExpiredTime":4000000000,"Code":"Success"}"#
    });
    let metadata = format!("http://{}/", crate::identity::listen(metadata).await);
    let config = |role: &str| {
        let mut config = settings();
        let (metadata, role) = (metadata.parse().unwrap(), Some(role.to_owned()));
        config.tccc.as_mut().unwrap().credentials = CredentialSource::Cvm { metadata, role };
        config
    };
    let mut kept = Kept::new(&config("one"), Vendor::saying(GOOD)).unwrap();
    for (role, fetched) in [("one", 1), ("one", 1), ("two", 2)] {
        let app = router(&kept.app(config(role)).unwrap());
        let answer = support::ask(&app, support::request("POST", LOGIN, &[])).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        assert_eq!(asked.load(Ordering::Relaxed), fetched, "{role}");
    }
}

/// A reload used to reset every limit: a client that could cause one had no limit.
#[test]
fn a_reload_keeps_the_limits_and_the_guests() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calldock.toml");
    let text = |name: &str| {
        format!(
            "[operator]\naddress = \"off\"\n[visitor]\nkind = \"guest\"\nname = \"{name}\"\n[cec]\nmode = \"token\"\ntenant_space_id = \"{TENANT}\"\nchannel_config_id = \"{CHANNEL}\"\n[callback]\nrate = \"3/h\"\n"
        )
    };
    std::fs::write(&file, text("Guest")).unwrap();
    let server = Server::of(folder);
    let address = server.running.address.clone();
    let status = |response: &str| response[9..12].to_owned();
    for expected in ["200", "200", "200", "429"] {
        assert_eq!(status(&request(&address, "POST", VALIDATE)), expected);
    }
    let guest = ask(&address);
    let cookie = guest.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    put(&file, &text("Visitor"));
    server.hang_up();
    server.until("was reloaded");
    assert_eq!(status(&request(&address, "POST", VALIDATE)), "429", "the limit was reset");
    let login = |response: &str| -> Value {
        serde_json::from_str(response.split_once("\r\n\r\n").unwrap().1).unwrap()
    };
    let again = request_with(&address, CEC_LOGIN, &format!("Cookie: {cookie}\r\n"));
    assert_eq!(
        login(&again)["thirdUserId"],
        login(&guest)["thirdUserId"],
        "the guest is forgotten"
    );
    assert!(login(&again)["thirdUserName"].as_str().unwrap().starts_with("Visitor"));
}

fn request_with(address: &str, path: &str, headers: &str) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "POST {path} HTTP/1.1\r\nHost: x\r\n{headers}Connection: close\r\n\r\n")
        .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

#[test]
fn a_wrong_configuration_is_reported_by_its_keys_and_the_previous_one_stays() {
    let server = Server::start();
    put(&server.file("key"), "short");
    server.hang_up();
    let said = server.until("is not reloaded");
    assert!(said.contains("cec.secret_key_file") && !said.contains("short\n"), "{said}");
    assert!(is_signed_by(&server.running.ask("POST", CEC_LOGIN), KEY));
    put(&server.file("calldock.toml"), "[cec");
    server.hang_up();
    assert!(server.until("not TOML").contains("calldock.toml"));
    assert!(is_signed_by(&server.running.ask("POST", CEC_LOGIN), KEY));
    // A corrected file is used without a signal.
    put(&server.file("key"), OTHER_KEY);
    put(&server.file("calldock.toml"), &configuration(""));
    server.until("was reloaded");
    assert!(is_signed_by(&server.running.ask("POST", CEC_LOGIN), OTHER_KEY));
}

#[test]
fn a_file_that_hangs_does_not_keep_the_server_from_stopping() {
    let mut server = Server::start();
    let drained = configuration("[listen]\ndrain = 0\n");
    put(&server.file("calldock.toml"), &drained);
    server.until("was reloaded");
    // Reading a pipe waits for what is written, which never comes.
    let [pipe, key] = ["pipe", "key"].map(|name| server.file(name));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::fs::rename(pipe, &key).unwrap();
    server.hang_up();
    // A pipe opens for writing once it is open for reading. Nothing is written, and it is not closed.
    let (sent, opened) = mpsc::channel();
    std::thread::spawn(move || sent.send(std::fs::File::options().write(true).open(key)));
    let _writer = opened.recv_timeout(Duration::from_secs(20)).expect("it reads the pipe").unwrap();
    let id = server.running.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let started = Instant::now();
    while server.running.child.try_wait().unwrap().is_none() {
        assert!(started.elapsed() < Duration::from_secs(15), "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_configuration_that_cannot_be_used_changes_no_bound() {
    use std::io::{Read, Write};
    let server = Server::start();
    let ask_over = |idle: &mut std::net::TcpStream| {
        idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let (mut response, mut bytes) = (String::new(), [0; 1024]);
        while !response.ends_with("{\"status\":\"ok\"}") {
            let length = idle.read(&mut bytes).unwrap();
            assert_ne!(length, 0, "the idle connection was closed: {response}");
            response += std::str::from_utf8(&bytes[..length]).unwrap();
        }
    };
    let connect = |_| std::net::TcpStream::connect(&server.running.address).unwrap();
    let mut idle = [0; 8].map(connect);
    idle.iter_mut().for_each(ask_over);
    // The folder is a file: no database can be opened.
    let rest =
        "[local]\ndatabase = \"key/accounts.sqlite3\"\n[listen]\nconnections_per_address = 8\n";
    let fixed = "kind = \"fixed\"\nuser_id = \"10010001\"\n";
    let text = configuration(rest).replace(fixed, "kind = \"local\"\n");
    put(&server.file("calldock.toml"), &text);
    server.hang_up();
    let said = server.until("is not reloaded");
    assert!(said.contains("local.database"), "{said}");
    // With eight connections of an address, the one idle longest would be closed for this.
    assert!(server.running.ask("GET", "/healthz").starts_with("HTTP/1.1 200"));
    ask_over(&mut idle[0]);
}

#[test]
fn what_needs_a_restart_is_named_and_the_rest_is_used() {
    let server = Server::start();
    put(&server.file("key"), OTHER_KEY);
    put(
        &server.file("calldock.toml"),
        &configuration(
            "[listen]\naddress = \"127.0.0.1:1\"\nheader_bytes = 9000\nconnections = 20\n",
        ),
    );
    server.hang_up();
    let said = server.until("was reloaded");
    for key in ["listen.address", "listen.header_bytes"] {
        assert!(said.contains(key) && said.contains("needs a restart"), "{said}");
    }
    assert!(is_signed_by(&server.running.ask("POST", CEC_LOGIN), OTHER_KEY));
}

#[test]
fn a_listener_of_its_own_for_the_callback_needs_a_restart() {
    let server = Server::start();
    let about = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    put(&server.file("callback.pem"), &about.cert.pem());
    put(&server.file("callback.key"), &about.signing_key.serialize_pem());
    let tokens = configuration("")
        .replace("mode = \"authorization\"", "mode = \"token\"")
        .replace("secret_key_file = \"key\"\n", "");
    put(&server.file("calldock.toml"), &tokens);
    server.hang_up();
    server.until("was reloaded");
    assert!(server.running.ask("POST", VALIDATE).starts_with("HTTP/1.1 200"));
    let apart = "[callback]\naddress = \"127.0.0.1:0\"\ncertificate_file = \"callback.pem\"\nkey_file = \"callback.key\"\n";
    put(&server.file("calldock.toml"), &format!("{tokens}{apart}"));
    server.hang_up();
    let said = server.until("is not reloaded");
    assert!(said.contains("callback.address") && said.contains("restart"), "{said}");
    // Unchanged: CEC still gets its response on the pages' listener.
    assert!(server.running.ask("POST", VALIDATE).starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_reload_keeps_the_queues_whose_pace_has_not_changed() {
    let mut kept = Kept::new(&settings(), Vendor::saying(GOOD)).unwrap();
    let app = kept.app(settings()).unwrap();
    let budget = app.login.unwrap().budget.clone();
    let mut waiting = tokio::task::JoinSet::new();
    for number in 0..10 {
        let (budget, address) = (budget.clone(), [203, 0, 113, 9].into());
        let who = Who::person(&format!("agent{number}@example.com"), address);
        waiting.spawn(async move { budget.turn(&who, None).await.is_ok() });
    }
    while budget.waiting() < 8 {
        tokio::task::yield_now().await;
    }
    let mut others = settings();
    others.queue.failures = None;
    others.queue.look_ups.per_second = 7;
    others.queue.cec.per_second = 7;
    let same = kept.app(others).unwrap().login.unwrap().budget.clone();
    assert!(same.waiting() > 0, "the same queue");
    let waits = |kept: &Kept| -> usize {
        let counts = kept.counts()();
        counts.iter().filter(|(_, name, _)| *name == budget.name()).map(|count| count.2).sum()
    };
    assert!(waits(&kept) > 0);
    assert!(waiting.join_all().await.into_iter().all(|served| served));
    assert_eq!(waits(&kept), 0);
    let mut faster = settings();
    faster.queue.vendor.per_second = 40;
    let other = kept.app(faster).unwrap().login.unwrap().budget.clone();
    assert_eq!(other.pace().per_second, 40);
}
