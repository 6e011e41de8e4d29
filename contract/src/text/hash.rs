//! The call a workbench writes into the hash of a screen-pop page (screen-pop guide, "业务系统获取通信相关参数";
//! `docs/vendor/field.md` B1 to B3).

use percent_encoding::percent_decode;

use crate::error::Error;
use crate::tables::call::{PARAMETERS, Parameter};
use crate::text::scan::{decimal, find, split, split_once};

/// A hash longer than this, in bytes, is not read.
pub const HASH_LIMIT: usize = 16 * 1024;

/// This many question marks within queries are tried, from the hash's end. The queries behind them overlap,
/// so each costs the time of reading the whole hash.
const TRIES: usize = 8;

/// This many parameters that the vendor has not documented are kept, and this many names that cannot be
/// read. Every name is compared with the ones before it, so without a limit the time would grow with the
/// square of the hash's length. Documented parameters are read wherever they are.
pub const EXTRA_LIMIT: usize = 256;

/// The call a screen-pop page is shown for: a table of names and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallContext {
    values: [Option<String>; PARAMETERS.len()],
    /// Parameters the vendor has not documented, in their order, [`EXTRA_LIMIT`] at most. Of two with one
    /// name the first stays, as `URLSearchParams.get` has it.
    pub extra: Vec<(String, String)>,
    /// The names of parameters that cannot be read, because they are not UTF-8 (GBK escapes). They have no
    /// value; the rest of the call is not lost.
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
            let found = [&decimal(hash.len()), " bytes"].concat();
            return Err(Error::invalid("the page's hash", "at most 16384 bytes", &found));
        }
        // The first `?` of a part is tried before one within its query: `avatar=https://h/a?userId=5`.
        for (inner, tries) in [(false, usize::MAX), (true, TRIES)] {
            let marks = parts(hash).flat_map(|(start, end)| {
                let first = find(&hash[start..end], b'?').map_or(end, |at| start + at);
                let places = if inner { first + 1..end } else { first..end.min(first + 1) };
                let marks = places.rev().filter(|&at| hash.as_bytes()[at] == b'?');
                marks.map(move |at| (at, end, at == start))
            });
            for (at, end, alone) in marks.take(tries) {
                if let Some(call) = Self::from_query(&hash[at + 1..end], alone) {
                    return Ok(Some(call));
                }
            }
        }
        Ok(None)
    }

    /// Reads parameters; `None` where none of the documented ones has a value. Behind a router's path
    /// `status` and `type` alone do not make a call, for routers use these names too.
    fn from_query(query: &str, alone: bool) -> Option<Self> {
        let mut call = Self::default();
        let mut is_call = false;
        for pair in split(query, b'&') {
            let (name, value) = split_once(pair, b'=').unwrap_or((pair, ""));
            if pair.is_empty() {
                continue;
            }
            let name = decode(name);
            let value = decode(value);
            let (Ok(name), Ok(value)) = (&name, &value) else {
                let (Ok(name) | Err(name)) = name;
                is_call |= known(&name).is_some();
                let has_value = known(&name).is_some_and(|at| call.values[at].is_some())
                    || call.extra.iter().any(|(other, _)| *other == name);
                if !has_value
                    && call.unreadable.len() < EXTRA_LIMIT
                    && !call.unreadable.contains(&name)
                {
                    call.unreadable.push(name);
                }
                continue;
            };
            let place = known(name);
            let common = place.is_some_and(|at| !PARAMETERS[at].words.is_empty());
            is_call |= place.is_some() && !value.is_empty() && (alone || !common);
            if call.unreadable.contains(name) {
                continue;
            }
            match place {
                Some(at) if call.values[at].is_none() && !value.is_empty() => {
                    call.values[at] = Some(in_our_words(&PARAMETERS[at], value));
                }
                None if call.extra.len() < EXTRA_LIMIT
                    && call.extra.iter().all(|(other, _)| other != name) =>
                {
                    call.extra.push((name.clone(), value.clone()));
                }
                _ => {}
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
        let mut changed = Vec::new();
        for (at, parameter) in PARAMETERS.iter().enumerate() {
            if self.values[at].as_ref() != last.and_then(|last| last.values[at].as_ref()) {
                changed.push(parameter.name.into());
            }
        }
        let before = last.map_or(&[][..], |last| &last.extra);
        for (pairs, others) in [(&self.extra[..], before), (before, &self.extra)] {
            for pair in pairs {
                if !others.contains(pair) && !changed.contains(&pair.0) {
                    changed.push(pair.0.clone());
                }
            }
        }
        changed
    }
}

/// Where a documented parameter is in the table.
fn known(name: &str) -> Option<usize> {
    PARAMETERS.iter().position(|parameter| parameter.name == name)
}

/// Where the parts of a hash begin and end, the last one first: every `#?` and `#/` begins one.
fn parts(hash: &str) -> impl Iterator<Item = (usize, usize)> {
    let hash = hash.as_bytes();
    let begins = |at: usize| hash[at] == b'#' && matches!(hash.get(at + 1), Some(b'?' | b'/'));
    let mut rest = Some(hash.len());
    std::iter::from_fn(move || {
        let end = rest?;
        rest = (0..end).rev().find(|&at| begins(at));
        Some((rest.map_or(0, |at| at + 1), end))
    })
}

/// Decodes a name or a value as `URLSearchParams` does; an error is the raw text of what is not UTF-8.
/// Only a plus sign in front of a digit stays a plus: it is a telephone number's, and a space there would
/// dial another.
fn decode(raw: &str) -> Result<String, String> {
    let mut bytes = raw.as_bytes().to_vec();
    let number = matches!(bytes[..], [b'+', b'0'..=b'9', ..]);
    for byte in &mut bytes[usize::from(number)..] {
        if *byte == b'+' {
            *byte = b' ';
        }
    }
    String::from_utf8(percent_decode(&bytes).collect()).map_err(|_| raw.into())
}

fn in_our_words(parameter: &Parameter, value: &str) -> String {
    match parameter.words.iter().find(|(wire, _)| *wire == value) {
        Some((_, ours)) => (*ours).into(),
        None if parameter.words.is_empty() => value.into(),
        None => ["other:", value].concat(),
    }
}

#[cfg(test)]
#[path = "hash_tests.rs"]
mod tests;
