use calldock::abi::{err, fail};
use calldock_contract::{Code, Error};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::parts;

#[wasm_bindgen_test]
fn an_error_crosses_as_code_where_expected_and_found() {
    let expected = ["INVALID_OPTION", "desc", "at most 256 characters", "‹300 characters›"];
    assert_eq!(parts(err(Code::InvalidOption, expected[1], expected[2], expected[3])), expected);
    let error = Error::invalid(expected[1], expected[2], expected[3]);
    assert_eq!(parts(fail(error)), expected);
}
