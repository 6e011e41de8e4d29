//! One name for one request: in the log's lines, in the answer's header, and, if a gateway gave it, in
//! the gateway's log too.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use tokio::task::futures::TaskLocalFuture;

use crate::digest::hex;

/// `X-Request-Id`.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    /// The request a task works for. Not a span: a filter that silences spans would silence this too.
    static CURRENT: RequestId;
}

thread_local! {
    /// Each thread has names of its own.
    static SERIES: ([RandomState; 2], Cell<u64>) =
        ([RandomState::new(), RandomState::new()], Cell::new(0));
}

/// 1 to 64 letters, digits, `.`, `_` and `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// A new one: 128 bits in hexadecimal digits, which do not tell how many there were before. They are
    /// no secret, so the system is asked for randomness once and not for every request.
    pub fn generate() -> Self {
        SERIES.with(|(keys, number)| {
            number.set(number.get().wrapping_add(1));
            let halves = keys.each_ref().map(|key| key.hash_one(number.get()).to_be_bytes());
            let digits = HeaderValue::try_from(hex(halves.as_flattened()));
            Self(digits.expect("digits are a header's value"))
        })
    }

    /// The one a gateway gave, if there is one only and it is of a harmless form. Whether the caller is a
    /// gateway at all is the caller's business.
    pub fn given(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(X_REQUEST_ID).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return None };
        let text = value.to_str().ok()?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        ((1..=64).contains(&text.len()) && text.bytes().all(plain)).then(|| Self(value.clone()))
    }

    /// Its letters.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// Does work in this request's name.
    pub fn scope<F: Future>(self, work: F) -> TaskLocalFuture<Self, F> {
        CURRENT.scope(self, work)
    }

    /// Says something in this request's name.
    pub fn say(self, say: impl FnOnce()) {
        CURRENT.sync_scope(self, say);
    }

    /// Says something about the request this task works for, if there is one.
    pub fn with_current(say: impl FnOnce(&Self)) {
        let _ = CURRENT.try_with(say);
    }

    /// For the answer.
    pub fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(values: &[&'static str]) -> Option<RequestId> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(X_REQUEST_ID, HeaderValue::from_static(value));
        }
        RequestId::given(&headers)
    }

    #[test]
    fn a_new_name_is_long_and_new() {
        let (one, two) = (RequestId::generate(), RequestId::generate());
        assert_eq!(one.as_str().len(), 32);
        assert_ne!(one, two);
    }

    #[test]
    fn a_given_name_is_taken_only_if_it_is_one_and_harmless() {
        assert_eq!(given(&["a1.b-C_2"]).unwrap().as_str(), "a1.b-C_2");
        for values in [&[][..], &["a", "b"], &[""], &["a b"], &["a\"b"], &["agent@example.com"]] {
            assert_eq!(given(values), None, "{values:?}");
        }
        assert_eq!(given(&[const { concat_65() }]), None);
    }

    const fn concat_65() -> &'static str {
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    }
}
