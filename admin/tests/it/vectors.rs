//! `sign cec` over the golden vectors: as they are written, and each reading by its option alone.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::program::{error, run};

const VECTORS: &str = include_str!("../../../signing/tests/fixtures/huawei-auth-v2.json");

const OUTPUT: [&str; 8] = [
    "signedHeaders",
    "authStringPrefix",
    "signingKey",
    "canonicalHeaders",
    "normalizedPayload",
    "canonicalRequest",
    "signature",
    "authorization",
];

/// The vectors' own text, since the order of `user` counts; and what is in it.
fn vectors() -> Vec<(String, Value)> {
    let texts: Vec<Box<serde_json::value::RawValue>> = serde_json::from_str(VECTORS).unwrap();
    texts
        .into_iter()
        .map(|text| (text.get().to_owned(), serde_json::from_str(text.get()).unwrap()))
        .collect()
}

fn signed(input: &str) -> Value {
    let output = run(&["sign", "cec"], input);
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn expected(vector: &Value) -> Value {
    OUTPUT.iter().map(|name| ((*name).to_owned(), vector[name].clone())).collect()
}

#[test]
fn every_vector_is_reproduced() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 20);
    for (text, vector) in vectors {
        assert_eq!(signed(&text), expected(&vector), "{}", vector["id"]);
        let short = json!({ "input": vector["input"], "options": vector["options"] });
        assert_eq!(signed(&short.to_string()), expected(&vector), "{}", vector["id"]);
    }
}

#[test]
fn the_recommended_reading_needs_only_a_user_a_key_and_a_time() {
    for (text, vector) in vectors() {
        if vector["variant"] != "recommended" || vector["input"]["user"].is_null() {
            continue;
        }
        let input = &vector["input"];
        let user = member(&text, "user");
        let short = format!(
            r#"{{"input":{{"secretKey":{},"epochMillis":{},"user":{user}}}}}"#,
            input["secretKey"], input["epochMillis"]
        );
        let mut expected = expected(&vector);
        assert_eq!(signed(&short), expected, "{}", vector["id"]);
        // The same over a user in any order: the payload's is the reading's.
        let shuffled = json!({"input": {"secretKey": input["secretKey"], "epochMillis": input["epochMillis"], "user": input["user"]}});
        assert_eq!(signed(&shuffled.to_string()), expected.take(), "{}", vector["id"]);
    }
}

/// The text of an object among a vector's input.
fn member(text: &str, name: &str) -> String {
    #[derive(serde::Deserialize)]
    struct Outer<'a> {
        #[serde(borrow)]
        input: BTreeMap<String, &'a serde_json::value::RawValue>,
    }
    let outer: Outer = serde_json::from_str(text).unwrap();
    outer.input[name].get().to_owned()
}

#[test]
fn each_reading_is_an_option() {
    let by_id: BTreeMap<String, (String, Value)> = vectors()
        .into_iter()
        .map(|(text, vector)| (vector["id"].as_str().unwrap().to_owned(), (text, vector)))
        .collect();
    let table = [
        ("V-A-tom", r#"{"separator":":"}"#),
        ("V-B-tom", r#"{"normalizeHeaderValue":false}"#),
        ("V-C-tom", r#"{"payloadOrder":"alphabetical"}"#),
        ("V-D-tom", r#"{"payloadOrder":"hashMap"}"#),
        ("V-E-tom", r#"{"contentLength":"characters"}"#),
        ("V-F-tom", r#"{"lineSeparator":"\r\n"}"#),
        ("V-F-tom", r#"{"lineSeparator":"crlf"}"#),
        ("V-G-tom", r#"{"emptyQueryLine":true}"#),
        ("V-H-tom", r#"{"payloadMode":"normalizePath"}"#),
        ("V-I-tom", r#"{"payloadMembers":"all"}"#),
        ("V-J-tom", r#"{"contentLength":"body"}"#),
        ("V-K-tom", r#"{"contentType":"application/x-www-form-urlencoded; charset=UTF-8"}"#),
        ("V-L-tom", r#"{"timestampPrecision":"seconds"}"#),
        ("V-M-tom", r#"{"payloadMode":"raw"}"#),
        ("V-M-tom", r#"{"payloadMode":"normalizeValues"}"#),
    ];
    for (id, options) in table {
        let (text, vector) = &by_id[id];
        let user = member(text, "user");
        let input = format!(
            r#"{{"input":{{"secretKey":{},"epochMillis":{},"user":{user}}},"options":{options}}}"#,
            vector["input"]["secretKey"], vector["input"]["epochMillis"]
        );
        assert_eq!(signed(&input), expected(vector), "{id} by {options}");
    }
    let reached: Vec<_> = table.iter().map(|(id, _)| *id).collect();
    assert!(
        by_id.keys().filter(|id| id.starts_with("V-")).all(|id| reached.contains(&id.as_str()))
    );
}

#[test]
fn an_option_overrides_the_input() {
    let (_, vector) = vectors().swap_remove(0);
    let with =
        |options: Value| signed(&json!({"input": vector["input"], "options": options}).to_string());
    let local = with(json!({"timeZone": "+08:00"}));
    assert_eq!(
        local["authStringPrefix"],
        "auth-v2/817854979183314945/2024-08-19T11:04:05.678Z/content-length;content-type"
    );
    let sorted = with(json!({"payloadOrder": "alphabetical"}));
    assert!(sorted["normalizedPayload"].as_str().unwrap().starts_with("%7B%22channelConfigId"));
    let counted = with(json!({"contentLength": "body"}));
    assert!(counted["canonicalHeaders"].as_str().unwrap().starts_with("content-length:290\n"));
    let named = with(json!({"normalizeHeaderName": false, "contentType": "a/b"}));
    assert!(named["canonicalHeaders"].as_str().unwrap().ends_with("\ncontent-type:a%2Fb"));
}

#[test]
fn a_payload_of_null_or_none_is_empty() {
    let (_, vector) = vectors()
        .into_iter()
        .find(|(_, vector)| vector["id"] == "R08-empty-payload")
        .expect("the vector of an empty payload");
    assert!(vector["input"]["user"].is_null());
    let mut null = vector.clone();
    null["input"]["payload"] = Value::Null;
    assert_eq!(signed(&null.to_string()), expected(&vector));
    let mut none = vector.clone();
    none["input"].as_object_mut().unwrap().remove("payload");
    assert_eq!(signed(&none.to_string()), expected(&vector));
}

#[test]
fn an_error_is_one_sentence_without_the_input() {
    let with = |name: &str, value: Value| {
        let mut input = json!({"secretKey": "SECRETKEYEXAMPLE", "accessKey": "1", "epochMillis": 1, "user": {"thirdUserName": "Tom"}});
        input[name] = value;
        json!({ "input": input }).to_string()
    };
    let option = |name: &str, value: Value| {
        json!({"input": {"secretKey": "SECRETKEYEXAMPLE", "accessKey": "1", "epochMillis": 1}, "options": {name: value}}).to_string()
    };
    let table = [
        (String::new(), "standard input"),
        ("SECRETKEYEXAMPLE".into(), "standard input"),
        ("[]".into(), "standard input"),
        (r#"{"input":1}"#.into(), "standard input"),
        (with("SECRETKEYEXAMPLE", json!(1)), "unknown member"),
        (with("secretKey", json!(["SECRETKEYEXAMPLE"])), "secretKey"),
        (with("secretKey", json!("SECRETKEYEXAMPLE\n")), "secretKey"),
        (with("accessKey", json!("a\nb")), "accessKey"),
        (with("epochMillis", json!("1")), "epochMillis"),
        (with("epochMillis", json!(-1)), "epochMillis"),
        (with("timestamp", json!("SECRETKEYEXAMPLE\n")), "timestamp"),
        (with("httpUri", json!("https://EXAMPLE/")), "httpUri"),
        (with("httpUri", json!("/x?EXAMPLE")), "httpUri"),
        (with("httpMethod", json!("")), "httpMethod"),
        (with("headers", json!({"a": 1})), "headers"),
        (with("headers", json!({"a": "1\nb:2"})), "headers"),
        (with("headers", json!({"a": "1", "A": "2"})), "headers"),
        (with("payload", json!({})), "payload"),
        (with("user", json!("EXAMPLE")), "user"),
        (option("separator", json!("EXAMPLE")), "options.separator"),
        (option("emptyQueryLine", json!("EXAMPLE")), "options.emptyQueryLine"),
        (option("payloadMode", json!(1)), "options.payloadMode"),
        (option("EXAMPLE", json!(1)), "unknown member"),
        (r#"{"input":{"user":{"a":"EXAMPLE","a":""}}}"#.into(), "user"),
    ];
    for (input, names) in table {
        let message = error(&run(&["sign", "cec"], &input));
        assert!(message.contains(names), "{input}: {message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        assert!(!message.contains("EXAMPLE"), "{message}");
    }
}

#[test]
fn a_member_written_twice_is_refused_by_its_place() {
    let key = r#""secretKey":"SECRETKEYEXAMPLE""#;
    let table = [
        format!(r#"{{"input":{{{key},{key}}}}}"#),
        format!(r#"{{"input":{{{key}}},"input":{{{key}}}}}"#),
        format!(r#"{{"input":{{{key},"user":null,"user":null}}}}"#),
        format!(r#"{{"input":{{{key},"user":{{"a":"EXAMPLE","a":""}}}}}}"#),
        format!(r#"{{"input":{{{key},"headers":{{"a":"EXAMPLE","a":""}}}}}}"#),
        format!(r#"{{"input":{{{key}}},"options":{{"separator":":","separator":";"}}}}"#),
        format!(r#"{{"input":{{{key},"user":{{"m":{{"a":"EXAMPLE","a":""}}}}}}}}"#),
    ];
    for input in table {
        let message = error(&run(&["sign", "cec"], &input));
        assert!(
            message.contains("every member once, found a mistake at line 1 column "),
            "{message}"
        );
        assert!(!message.contains("EXAMPLE"), "{message}");
    }
}

#[test]
fn numbers_are_signed_as_a_browser_posts_them() {
    let sign = |number: &str| {
        let user = format!(r#"{{"thirdUserName":"Tom","n":{number},"m":{{"n":[{number}]}}}}"#);
        let options = r#"{"payloadMembers":"all","payloadMode":"raw","contentLength":"body"}"#;
        let input = r#""secretKey":"SECRETKEYEXAMPLE","accessKey":"1","epochMillis":1"#;
        signed(&format!(r#"{{"input":{{{input},"user":{user}}},"options":{options}}}"#))
    };
    assert_eq!(
        sign("100.0")["normalizedPayload"],
        r#"{"thirdUserName":"Tom","n":100,"m":{"n":[100]}}"#
    );
    for (written, posted) in [("1.0", "1"), ("-0.0", "0"), ("1e16", "10000000000000000")] {
        assert_eq!(sign(written), sign(posted), "{written}");
    }
}

#[test]
fn members_of_objects_within_are_signed_in_the_order_in_which_the_page_posts_them() {
    let user = r#"{"thirdUserName":"Tom","order":{"time":1,"id":[{"b":2,"a":1}]}}"#;
    let input = r#""secretKey":"SECRETKEYEXAMPLE","accessKey":"1","epochMillis":1"#;
    let options = r#"{"payloadMembers":"all","payloadMode":"raw"}"#;
    let signed = signed(&format!(r#"{{"input":{{{input},"user":{user}}},"options":{options}}}"#));
    assert_eq!(signed["normalizedPayload"], user);
}
