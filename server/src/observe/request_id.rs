//! The id of a request: in the log's lines, in the response's header, and, where a gateway gave it, in the
//! gateway's log too.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use tokio::task::futures::TaskLocalFuture;

/// `X-Request-Id`.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    /// The request a task works for. Not a span: a filter that silences spans would silence this too.
    static CURRENT: RequestId;
}

/// 1 to 64 letters, digits, `.`, `_` and `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// Creates one of 128 random bits, so that it does not tell how many requests there were.
    pub fn generate() -> Self {
        let mut bytes = [0_u8; 16];
        // Without randomness the id is of no use, but the request goes on.
        let _ = getrandom::fill(&mut bytes);
        let digits = base16ct::lower::encode_string(&bytes);
        Self(HeaderValue::try_from(digits).unwrap_or(HeaderValue::from_static("none")))
    }

    /// Reads the one a gateway gave, where there is exactly one and its form is harmless. The caller checks
    /// that the peer is a gateway.
    pub fn given(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(X_REQUEST_ID).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return None };
        let text = value.to_str().ok()?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        ((1..=64).contains(&text.len()) && text.bytes().all(plain)).then(|| Self(value.clone()))
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// Runs a future as work for this request.
    pub fn scope<F: Future>(self, work: F) -> TaskLocalFuture<Self, F> {
        CURRENT.scope(self, work)
    }

    /// Runs a function as work for this request.
    pub fn sync_scope(self, work: impl FnOnce()) {
        CURRENT.sync_scope(self, work);
    }

    /// Passes the id of the request this task works for, if there is one.
    pub fn with_current(work: impl FnOnce(&Self)) {
        let _ = CURRENT.try_with(work);
    }

    /// Returns the id as a header's value.
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
    fn a_new_id_is_long_and_new() {
        let (one, two) = (RequestId::generate(), RequestId::generate());
        assert_eq!(one.as_str().len(), 32);
        assert_ne!(one, two);
    }

    #[test]
    fn a_given_id_is_used_only_if_there_is_one_and_it_is_harmless() {
        assert_eq!(given(&["a1.b-C_2"]).unwrap().as_str(), "a1.b-C_2");
        for values in [&[][..], &["a", "b"], &[""], &["a b"], &["a\"b"], &["agent@example.com"]] {
            assert_eq!(given(values), None, "{values:?}");
        }
        let long = HeaderValue::from_str(&"a".repeat(65)).unwrap();
        assert_eq!(RequestId::given(&HeaderMap::from_iter([(X_REQUEST_ID, long)])), None);
    }
}
