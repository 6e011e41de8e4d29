//! Cookies of a request.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

/// All cookies as `name, value`, in the order they came. What is not text is not there.
pub fn all(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

/// The value of a cookie that came once; of two, one was planted.
pub fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut found = all(headers).filter(|(known, _)| *known == name);
    let (_, value) = found.next()?;
    found.next().is_none().then_some(value)
}
