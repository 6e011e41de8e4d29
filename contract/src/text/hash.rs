//! The call a workbench writes into the hash of a screen-pop page (seed 004, "业务系统获取通信相关参数";
//! `vendor/field.md` B1 to B3).

use percent_encoding::percent_decode;

use crate::error::Error;
use crate::tables::call::{PARAMETERS, Parameter};

/// A hash longer than this, in bytes, is not read.
pub const HASH_LIMIT: usize = 16 * 1024;

/// The call a screen-pop page is shown for: a table of names and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallContext {
    values: [Option<String>; PARAMETERS.len()],
    /// Parameters the vendor has not documented, in their order. Of two with one name the first stays,
    /// as `URLSearchParams.get` has it.
    pub extra: Vec<(String, String)>,
    /// The names of parameters that cannot be read, for example because they are not UTF-8 (GBK escapes).
    /// They have no value; the rest of the call is not lost.
    pub unreadable: Vec<String>,
}

impl CallContext {
    /// Reads a page's hash, with or without its `#`.
    ///
    /// The call stands behind the last `#?` or `?` whose parameters are a call's, so that a router's own
    /// query does no harm: `#?…`, `#/route?…`, `#/list?tab=1#?…`. `None` where there is none.
    ///
    /// ```
    /// use calldock_contract::CallContext;
    /// let call = CallContext::from_hash("#/list?tab=1#?mobile=%2B8613800000000&type=phone").unwrap().unwrap();
    /// assert_eq!(call.get("mobile"), Some("+8613800000000"));
    /// ```
    ///
    /// # Errors
    /// [`crate::Code::InvalidOption`] for a hash over [`HASH_LIMIT`].
    pub fn from_hash(hash: &str) -> Result<Option<Self>, Error> {
        let hash = hash.strip_prefix('#').unwrap_or(hash);
        if hash.len() > HASH_LIMIT {
            let found = [&hash.len().to_string(), " bytes"].concat();
            return Err(Error::invalid("the page's hash", "at most 16384 bytes", &found));
        }
        let parts = parts(hash);
        let first = parts.iter().rev().find_map(|part| {
            let (route, query) = part.split_once('?')?;
            Self::from_query(query, route.is_empty())
        });
        // A query within a router's query: `#/list?tab=1?mobile=…`.
        Ok(first.or_else(|| {
            parts.iter().rev().find_map(|part| {
                let (_, query) = part.split_once('?')?;
                let mut inner = query.rsplit_once('?');
                while let Some((rest, query)) = inner {
                    if let Some(call) = Self::from_query(query, false) {
                        return Some(call);
                    }
                    inner = rest.rsplit_once('?');
                }
                None
            })
        }))
    }

    /// Reads parameters; `None` where none of the documented ones has a value. Behind a router's path
    /// `status` and `type` alone do not make a call, for routers use these names too.
    fn from_query(query: &str, alone: bool) -> Option<Self> {
        let mut call = Self::default();
        let mut is_call = false;
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, name_is_text) = decode(name);
            let (value, value_is_text) = decode(value);
            let known = PARAMETERS.iter().position(|parameter| parameter.name == name);
            let common = known.is_some_and(|at| !PARAMETERS[at].words.is_empty());
            is_call |= known.is_some() && !value.is_empty() && (alone || !common);
            if call.unreadable.contains(&name) {
                continue;
            }
            if !(name_is_text && value_is_text) {
                call.unreadable.push(name);
                continue;
            }
            match known {
                Some(at) if call.values[at].is_none() && !value.is_empty() => {
                    call.values[at] = Some(in_our_words(&PARAMETERS[at], value));
                }
                Some(_) => {}
                None if call.extra.iter().all(|(other, _)| *other != name) => {
                    call.extra.push((name, value));
                }
                None => {}
            }
        }
        is_call.then_some(call)
    }

    /// The value of a documented parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name)?.1
    }

    /// Every documented parameter with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Option<&str>)> {
        PARAMETERS
            .iter()
            .map(|parameter| parameter.name)
            .zip(self.values.iter().map(Option::as_deref))
    }

    /// The names of the parameters that differ from `last`'s, the documented ones first; every one that
    /// has a value, if there is no last call.
    pub fn changed_since(&self, last: Option<&Self>) -> Vec<String> {
        let none = Self::default();
        let last = last.unwrap_or(&none);
        let documented = self.iter().zip(last.values.iter());
        let documented = documented
            .filter(|((_, now), before)| *now != before.as_deref())
            .map(|((name, _), _)| name);
        let mut changed: Vec<String> = documented.map(String::from).collect();
        for (call, other) in [(self, last), (last, self)] {
            for pair in &call.extra {
                if !other.extra.contains(pair) && !changed.contains(&pair.0) {
                    changed.push(pair.0.clone());
                }
            }
        }
        changed
    }
}

/// The parts of a hash that may have a query of their own: they begin with `#?` or `#/`.
fn parts(hash: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, pair) in hash.as_bytes().windows(2).enumerate() {
        if pair[0] == b'#' && matches!(pair[1], b'?' | b'/') {
            parts.push(&hash[start..at]);
            start = at + 1;
        }
    }
    parts.push(&hash[start..]);
    parts
}

/// Decodes a name or a value as `URLSearchParams` does, and says whether it is UTF-8. Only a plus sign in
/// front of a digit stays a plus: it is a telephone number's, and a space there would dial another.
fn decode(raw: &str) -> (String, bool) {
    let plus = raw.as_bytes();
    let number = plus.first() == Some(&b'+') && plus.get(1).is_some_and(u8::is_ascii_digit);
    let mut spaced = raw.replace('+', " ");
    if number {
        spaced.replace_range(..1, "+");
    }
    match String::from_utf8(percent_decode(spaced.as_bytes()).collect()) {
        Ok(text) => (text, true),
        Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), false),
    }
}

fn in_our_words(parameter: &Parameter, value: String) -> String {
    if parameter.words.is_empty() {
        return value;
    }
    match parameter.words.iter().find(|(wire, _)| *wire == value) {
        Some((_, ours)) => (*ours).into(),
        None => ["other:", &value].concat(),
    }
}

#[cfg(test)]
#[path = "hash_tests.rs"]
mod tests;
