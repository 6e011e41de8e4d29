//! `sign …`: the golden vectors of TCCC, and errors in one sentence that repeats nothing of the input.

use serde_json::{Value, json};

use crate::program::{error, run};

fn vector() -> Value {
    json!({
        "secretId": "AKIDEXAMPLE",
        "secretKey": "SECRETKEYEXAMPLE",
        "timestamp": 1_700_000_000,
        "host": "ccc.tencentcloudapi.com",
        "contentType": "application/json",
        "service": "ccc",
        "body": r#"{"SdkAppId":1400000000,"SeatUserId":"agent@example.com"}"#
    })
}

#[test]
fn sign_tc3_prints_the_golden_vector() {
    let output = run(&["sign", "tc3"], &vector().to_string());
    assert!(output.status.success(), "{output:?}");
    let signed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let signature = "16dc45a0329ee1961b63c4816be7faa24f784489f46b1cc71b8eddcde5641926";
    assert_eq!(
        signed,
        json!({
            "canonicalRequest": "POST\n/\n\ncontent-type:application/json\nhost:ccc.tencentcloudapi.com\n\ncontent-type;host\n210f75dd6fd627c179c1859d9e6c20c7870147cfa2f76fe15f92cd43778b2262",
            "stringToSign": "TC3-HMAC-SHA256\n1700000000\n2023-11-14/ccc/tc3_request\n8f160900c24a62fdf1d22e0c75e0423df29fb582728c3b469af32386761df2f2",
            "signature": signature,
            "authorization": format!("TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2023-11-14/ccc/tc3_request, SignedHeaders=content-type;host, Signature={signature}"),
        })
    );
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1);
}

#[test]
fn an_error_of_sign_tc3_is_one_sentence_without_the_input() {
    let with = |name: &str, value: Value| {
        let mut input = vector();
        input[name] = value;
        input.to_string()
    };
    let table = [
        (String::new(), "standard input"),
        ("SECRETKEYEXAMPLE".into(), "standard input"),
        ("[\"SECRETKEYEXAMPLE\"]".into(), "standard input"),
        (vector().to_string() + "SECRETKEYEXAMPLE", "standard input"),
        (vector().to_string().replacen('{', r#"{"host":"EXAMPLE","#, 1), "every member once"),
        (with("SECRETKEYEXAMPLE", json!(1)), "unknown member"),
        (with("timestamp", json!("SECRETKEYEXAMPLE")), "timestamp"),
        (with("timestamp", json!(-1)), "timestamp"),
        (with("timestamp", json!(1.5)), "timestamp"),
        (with("secretKey", json!(["SECRETKEYEXAMPLE"])), "secretKey"),
        (with("secretKey", json!("SECRETKEYEXAMPLE\n")), "secretKey"),
        (with("secretId", json!("")), "secretId"),
        (with("host", json!("h\ncontent-type:x")), "host"),
        (with("contentType", Value::Null), "contentType"),
        (with("service", json!("客服")), "service"),
        (with("body", json!({})), "body"),
    ];
    for (input, names) in table {
        let message = error(&run(&["sign", "tc3"], &input));
        assert!(message.contains(names), "{input}: {message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        assert!(!message.contains("EXAMPLE"), "{message}");
    }
}

/// The sample of the chat guide.
const USER_SIG: &str = include_str!("../../../signing/tests/fixtures/chat-guide-user-sig.txt");

#[test]
fn sign_user_sig_shows_that_the_guides_sample_has_expired_and_is_for_another_text() {
    let client_data = r#"{"peerSource":"XX商城","nickName":"张三","uid":"zhangsan","extra_phoneNumber":"15813812110","extra_ID":"611551555111XXX","extra_questionGroup":"投诉"}"#;
    let decoded = |input: &Value| -> Value {
        let output = run(&["sign", "user-sig"], &input.to_string());
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let message = decoded(&json!({"userSig": USER_SIG.trim(), "clientData": client_data}));
    assert_eq!(
        message,
        json!({
            "version": "2.0",
            "sdkAppId": 1_400_264_214,
            "identifier": "TCCC-EXTRA-UID-3KAq6hXP-xxxxxxxx",
            "uid": "xxxxxxxx",
            "time": 1_626_075_929,
            "expire": 3600,
            "expiresAt": 1_626_079_529,
            "expired": true,
            "clientData": r#"{"peerSource":"同创荟","nickName":"张三","uid":"xxxxxxxx","extra_phoneNumber":"13813812113","extra_ID":"611551555111XXX","extra_questionGroup":"投保"}"#,
            "sigBytes": 32,
            "forThisClientData": false,
            "forThisUid": false,
        })
    );
    let message = decoded(
        &json!({"userSig": USER_SIG, "clientData": message["clientData"], "now": 1_626_079_528}),
    );
    assert_eq!(
        (&message["expired"], &message["forThisClientData"], &message["forThisUid"]),
        (&json!(false), &json!(true), &json!(true))
    );
}

#[test]
fn an_error_of_sign_user_sig_is_one_sentence_without_the_input() {
    for (input, names) in [
        (json!({"userSig": "EXAMPLE!"}), "userSig: expected base64"),
        (json!({"userSig": ["EXAMPLE"]}), "userSig: expected a string"),
        (json!({"EXAMPLE": 1}), "unknown member"),
        (json!({"userSig": USER_SIG, "now": "EXAMPLE"}), "now"),
        (json!({"userSig": USER_SIG, "clientData": {"uid": "EXAMPLE"}}), "clientData"),
        (json!({"userSig": USER_SIG, "uid": 1}), "uid"),
    ] {
        let message = error(&run(&["sign", "user-sig"], &input.to_string()));
        assert!(message.contains(names) && message.lines().count() == 1, "{message}");
        assert!(!message.contains("EXAMPLE"), "{message}");
    }
    let twice = error(&run(&["sign", "user-sig"], r#"{"uid":"a","userSig":"","uid":"b"}"#));
    assert!(twice.contains("every member once"), "{twice}");
}
