//! auth-v2 against the code that the guide prints, by the JDK of `cargo xtask fuzz`: signatures over
//! generated texts, the order of a `HashMap`, and what Java calls a length.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use calldock_signing::Members;
use calldock_signing::auth_v2::canonical::{self, Request};
use calldock_signing::auth_v2::{METHOD, Reading, URI, payload};
use fastrand::Rng;

/// How many signatures are compared.
const CASES: u64 = 3000;

/// The documented fields, and names as integrators add them.
const NAMES: [&str; 16] = [
    "thirdUserName",
    "thirdUserId",
    "tenantSpaceId",
    "channelConfigId",
    "locale",
    "channelId",
    "userEmail",
    "phone",
    "订单号",
    "Aa",
    "BB",
    "AaAa",
    "BBBB",
    "AaBB",
    "\u{1f600}",
    "x",
];

/// Texts in which encodings differ.
const PIECES: [&str; 20] = [
    "a",
    "Z",
    "0",
    "-",
    ".",
    "_",
    "~",
    " ",
    "+",
    "%",
    "/",
    "*",
    "\"",
    "\\",
    "张",
    "é",
    "\u{1f600}",
    "\u{7f}",
    "\t",
    "{}",
];

fn text(random: &mut Rng, most: usize) -> String {
    (0..random.usize(..=most)).map(|_| PIECES[random.usize(..PIECES.len())]).collect()
}

struct Case {
    access_key: String,
    secret: String,
    time: String,
    payload: String,
    names: Vec<&'static str>,
    headers: BTreeMap<&'static str, String>,
}

fn case(random: &mut Rng) -> Case {
    let first = random.usize(..NAMES.len());
    let count = 1 + random.usize(..NAMES.len());
    // One secret sign at least: Java takes no empty key.
    let secret = format!("k{}", text(random, 8));
    let mut headers = BTreeMap::new();
    for name in ["Content-Length", "content-type", "X-A", "x-b"] {
        if random.bool() {
            headers.insert(name, text(random, 6));
        }
    }
    // As the guide's code fills its map: the four fields first.
    let mut names: Vec<_> = (0..count).map(|at| NAMES[(first + at) % NAMES.len()]).collect();
    names.sort_by_key(|name| NAMES.iter().position(|known| known == name).map(|at| at.min(4)));
    Case {
        access_key: text(random, 8),
        secret,
        time: "2024-08-19T03:04:05.678Z".into(),
        payload: text(random, 20),
        names,
        headers,
    }
}

fn field(text: &str) -> String {
    text.bytes().fold(String::from("="), |field, byte| field + &format!("{byte:02x}"))
}

fn from_hex(digits: &str) -> String {
    let bytes = digits.as_bytes().chunks(2);
    let bytes = bytes.map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap());
    String::from_utf8(bytes.collect()).unwrap()
}

#[test]
fn the_guides_code_signs_the_same() {
    let mut random = Rng::with_seed(1);
    let cases: Vec<_> = (0..CASES).map(|_| case(&mut random)).collect();
    let mut input = String::new();
    for case in &cases {
        let names = case.names.join("\0");
        let first = [&case.access_key, &case.secret, &case.time, &case.payload, &names];
        let mut fields: Vec<_> = first.into_iter().map(|text| field(text)).collect();
        for (name, value) in &case.headers {
            fields.extend([field(name), field(value)]);
        }
        input.push_str(&fields.join(" "));
        input.push('\n');
    }
    let answers = java(input);
    assert_eq!(answers.lines().count(), cases.len());
    for (case, answer) in cases.iter().zip(answers.lines()) {
        let [authorization, order, length] =
            answer.split(' ').collect::<Vec<_>>().try_into().unwrap();
        assert_eq!(sign(case), from_hex(authorization), "{:?} {:?}", case.headers, case.payload);
        assert_eq!(ordered(&case.names), from_hex(&order[1..]).replace('\0', " "));
        assert_eq!(case.payload.encode_utf16().count().to_string(), length);
    }
}

fn java(input: String) -> String {
    let java = std::env::var_os("CALLDOCK_JAVA").expect("`cargo xtask fuzz` says where Java is");
    let mut child = Command::new(java)
        .arg("-Dstdout.encoding=UTF-8")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/oracles/GuideSigner.java"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "Java failed");
    String::from_utf8(output.stdout).unwrap()
}

fn sign(case: &Case) -> String {
    let headers: Vec<_> =
        case.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let request = Request {
        method: METHOD,
        uri: URI,
        access_key: &case.access_key,
        secret_key: &case.secret.as_str().into(),
        timestamp: &case.time,
        headers: &headers,
        payload: &case.payload,
    };
    canonical::sign(&request, &Reading::default()).unwrap().authorization
}

/// The names as a reading with `payloadOrder = hashMap` signs them. Names of one bucket come in the order in
/// which they were put in; the guide's four were put in first, the others as the page has them.
fn ordered(names: &[&'static str]) -> String {
    let mut reading = Reading::default();
    reading.set("payloadOrder", "hashMap").unwrap();
    reading.set("payloadMembers", "all").unwrap();
    let posted: Members = names.iter().map(|name| (*name, "")).collect();
    let payload = payload::payload(&posted, &reading);
    let members: Members = serde_json::from_str(&payload).unwrap();
    members.0.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" ")
}
