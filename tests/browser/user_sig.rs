use calldock::tccc::chat::user_sig::inspect_user_sig;
use js_sys::{Array, Reflect};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::text;

const SIG: &str = r#"{"TLS.expire":3600,"TLS.identifier":"TCCC-EXTRA-UID-3KAq6hXP-lisi-2","TLS.sdkappid":1400264214,"TLS.time":1626075929,"TLS.ver":"2.0"}"#;

fn faults(client_data: Option<&str>, signed: &str, now: f64) -> String {
    let report =
        inspect_user_sig(SIG, client_data.map(Into::into), Some(signed.into()), now).unwrap();
    assert_eq!(text(&report, "uid"), "lisi-2", "only the first 8 characters are the vendor's");
    let faults: Array = Reflect::get(&report, &"faults".into()).unwrap().into();
    faults.join(",").into()
}

#[wasm_bindgen_test]
fn each_fault_is_told_by_itself_and_all_together() {
    let (before, after) = (1_626_079_528.0, 1_626_079_529.0);
    let mine = r#"{"uid":"lisi-2"}"#;
    assert_eq!(faults(Some(mine), mine, before), "");
    assert_eq!(faults(None, mine, before), "");
    assert_eq!(faults(Some(mine), mine, after), "EXPIRED");
    assert_eq!(faults(Some(mine), r#"{"uid":"lisi-2" }"#, before), "OTHER_TEXT");
    assert_eq!(faults(Some(r#"{"uid":"zhangsan"}"#), mine, after), "EXPIRED,OTHER_USER,OTHER_TEXT");
}

#[wasm_bindgen_test]
fn what_is_no_signature_is_refused() {
    for inflated in ["", "{}", "[]", r#"{"TLS.identifier":1}"#] {
        let error = inspect_user_sig(inflated, None, None, 0.0).unwrap_err();
        assert_eq!(text(&error, "code"), "INVALID_OPTION");
    }
}
