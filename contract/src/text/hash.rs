//! The call a workbench writes into the hash of a screen-pop page (screen-pop guide, "业务系统获取通信相关参数";
//! `docs/vendor/field.md` B1 to B3), or CEC's into the query of a page (F12).

use percent_encoding::percent_decode;

use crate::error::Error;
use crate::tables::call::{AGENT_PARAMETERS, PARAMETERS, Parameter};
use crate::text::number::visible;
use crate::text::scan::{decimal, split, split_once};

/// A hash longer than this, in bytes, is not read.
pub const HASH_LIMIT: usize = 256 * 1024;

/// A parameter longer than this, in bytes, counts as unreadable: a picture as a `data:` address must not
/// cost the call.
pub const PARAMETER_LIMIT: usize = 16 * 1024;

/// This many parameters are kept that the vendor has not documented or that cannot be read. Every name is
/// compared with the ones before it, so without a limit the time would grow with the square of the hash's
/// length. Documented parameters are read wherever they are.
pub const EXTRA_LIMIT: usize = 256;

/// This many question marks within queries are tried, from the hash's end, and from the beginning of what CEC's agent
/// workbench wrote. The queries behind them overlap, so each costs the time of reading the whole hash.
pub const TRIES: usize = 8;

/// The call a screen-pop page is shown for: a table of names and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallContext {
    /// The parameters that the vendor documents.
    table: &'static [Parameter],
    values: Vec<Option<String>>,
    /// Parameters the vendor has not documented, in their order, [`EXTRA_LIMIT`] at most. Of two with one
    /// name the first stays, as `URLSearchParams.get` has it.
    pub extra: Vec<(String, String)>,
    /// The names of parameters that cannot be read, because they are not UTF-8 (GBK escapes) or longer than
    /// [`PARAMETER_LIMIT`]. They have no value; the rest of the call is not lost.
    pub unreadable: Vec<String>,
}

impl CallContext {
    /// Reads a page's hash, with or without its `#`.
    ///
    /// The call stands behind the last `#?`, or else the last `?`, whose parameters are a call's, so that a
    /// router's own query does no harm: `#?…`, `#/route?…`, `#/list?tab=1#?…`, `#?…#/route?…`. One with
    /// `type` and `status` alone is the call only where no other is. `None` where there is none.
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
        check_length("the page's hash", hash)?;
        let bytes = hash.as_bytes();
        // A part begins with `#?` or `#/`.
        let begins =
            |at: usize| bytes[at] == b'#' && matches!(bytes.get(at + 1), Some(b'?' | b'/'));
        // The first `?` of a part is tried before one within its query: `avatar=https://h/a?userId=5`.
        // Where that one is no call either, the question mark was a value's: `#?userId=7?status=1`.
        for pass in 0..3 {
            let inner = pass == 1;
            let mut best = (0, None);
            let mut tries = 0;
            let mut end = hash.len();
            for at in (0..hash.len()).rev() {
                if begins(at) {
                    end = at;
                }
                if bytes[at] != b'?' {
                    continue;
                }
                let mut before = at;
                let first = loop {
                    if before == 0 || begins(before - 1) {
                        break true;
                    }
                    before -= 1;
                    if bytes[before] == b'?' {
                        break false;
                    }
                };
                if first == inner {
                    continue;
                }
                let alone = before == at;
                let (rank, call) =
                    Self::from_pairs(&PARAMETERS, &hash[at + 1..end], alone, pass > 0);
                tries += 1;
                if rank > best.0 {
                    best = (rank, Some(call));
                }
                if best.0 == RANKS || inner && (rank > 0 || tries == TRIES) {
                    break;
                }
            }
            if best.1.is_some() {
                return Ok(best.1);
            }
        }
        Ok(None)
    }

    /// Reads the query of a page inside CEC's agent workbench, with its hash behind it if it has one, or the body
    /// of the form that was posted for it. `None` where there is no call in it.
    ///
    /// The workbench writes the call to the end of an address that may have a query or a hash of its own: the call
    /// is behind the first `?` whose parameters are a call's, in the query or else in the hash: `?…`, `?tab=1?…`,
    /// `#/route?…`. In a hash, where routers have parameters too and TCCC writes its own, a call has `callid` and
    /// one more.
    ///
    /// # Errors
    /// [`crate::Code::InvalidOption`] for a query over [`HASH_LIMIT`].
    pub fn from_agent_query(query: &str) -> Result<Option<Self>, Error> {
        check_length("the page's query", query)?;
        // A form has no hash, and a `#` in it is a value's: it is split at a byte that no text has.
        let separator = if matches!(query.as_bytes(), [b'?' | b'#', ..]) { b'#' } else { 0xFF };
        for (at, part) in split(query, separator).enumerate().take(TRIES) {
            let part = part.strip_prefix('?').unwrap_or(part);
            // As in `from_hash`.
            for inner in [false, true] {
                let (mut begin, mut tries) = (0, 0);
                for piece in split(part, b'?') {
                    // The others have no parameter that the query around them does not have.
                    if begin == 0 || tries < TRIES && is_parameter(&AGENT_PARAMETERS, piece) {
                        tries += 1;
                        let (rank, call) =
                            Self::from_pairs(&AGENT_PARAMETERS, &part[begin..], false, inner);
                        let values = call.iter().filter(|(_, value)| value.is_some()).count();
                        let is_whole = call.get("callid").is_some() && values > 1;
                        if rank > 0 && (at == 0 || is_whole) {
                            return Ok(Some(call));
                        }
                    }
                    begin += piece.len() + 1;
                }
            }
        }
        Ok(None)
    }

    /// Reads parameters, with their rank: 0 where they are no call, because none of the documented ones has a
    /// value. Behind a router's path a name that routers use too makes a call only beside a word of the
    /// vendor's: `userId=7&type=im`.
    ///
    /// 0 too where another query begins within a parameter in front of the call's, until `inner` queries are
    /// tried: `tab=1?mobile=…`, `userId=7?mobile=…`. The address of a picture may have one.
    #[inline(never)]
    fn from_pairs(
        table: &'static [Parameter],
        query: &str,
        alone: bool,
        inner: bool,
    ) -> (u8, Self) {
        let known = |name: &str| table.iter().position(|parameter| parameter.name == name);
        let mut call = Self { table, ..Self::default() };
        call.values.resize(table.len(), None);
        // The kinds of the parameters that were read.
        let mut kinds = 0;
        let is_call = |kinds: u8| kinds >= NAME || kinds & MIXED == MIXED || alone && kinds > 0;
        for pair in split(query, b'&') {
            let (raw, value) = split_once(pair, b'=').unwrap_or((pair, ""));
            if pair.is_empty() {
                continue;
            }
            let name = decode(raw, false);
            // Neither can have a space, and the vendor does not escape a plus (`docs/vendor/field.md` B2).
            let keeps_plus = matches!(raw, "agentEmail" | "avatar");
            let value = if pair.len() > PARAMETER_LIMIT {
                Err(String::new())
            } else {
                decode(value, keeps_plus)
            };
            let (Ok(name), Ok(value)) = (&name, &value) else {
                let (Ok(name) | Err(name)) = name;
                kinds |= known(&name).map_or(0, |at| kind(&table[at], "?"));
                let has_value = known(&name).is_some_and(|at| call.values[at].is_some())
                    || call.extra.iter().any(|(other, _)| *other == name);
                if !has_value
                    && call.has_room()
                    && raw.len() <= 256
                    && !call.unreadable.contains(&name)
                {
                    call.unreadable.push(name);
                }
                continue;
            };
            let place = known(name);
            if !inner && !is_call(kinds) && name != "avatar" && holds_a_query(table, pair) {
                return (0, call);
            }
            kinds |= match place {
                // Without a value it counts only where no other query is a call.
                Some(at) if !value.is_empty() || inner && !alone => kind(&table[at], value),
                _ => 0,
            };
            if call.unreadable.contains(name) {
                continue;
            }
            match place {
                Some(at) if call.values[at].is_none() && !value.is_empty() => {
                    call.values[at] = Some(in_our_words(&table[at], value));
                }
                None if call.has_room() && call.extra.iter().all(|(other, _)| other != name) => {
                    call.extra.push((name.clone(), value.clone()));
                }
                _ => {}
            }
        }
        let rank = match kinds {
            _ if !is_call(kinds) => 0,
            ..4 => 1,
            _ => RANKS - u8::from(!alone),
        };
        (rank, call)
    }

    fn has_room(&self) -> bool {
        self.extra.len() + self.unreadable.len() < EXTRA_LIMIT
    }

    /// The value of a documented parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name)?.1
    }

    /// Every documented parameter with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Option<&str>)> {
        self.table
            .iter()
            .map(|parameter| parameter.name)
            .zip(self.values.iter().map(Option::as_deref))
    }

    /// The names of the parameters that differ from `last`'s, the documented ones first; every one that
    /// has a value, if there is no last call.
    pub fn changed_since(&self, last: Option<&Self>) -> Vec<String> {
        let mut changed = Vec::new();
        for (at, parameter) in self.table.iter().enumerate() {
            if self.values[at].as_ref() != last.and_then(|last| last.values.get(at)?.as_ref()) {
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

fn check_length(what: &str, text: &str) -> Result<(), Error> {
    if text.len() <= HASH_LIMIT {
        return Ok(());
    }
    let found = [&decimal(text.len()), " bytes"].concat();
    Err(Error::invalid(what, "at most 262144 bytes", &found))
}

/// Whether a query with a documented parameter begins within a parameter.
fn holds_a_query(table: &[Parameter], pair: &str) -> bool {
    split(pair, b'?').skip(1).any(|query| is_parameter(table, query))
}

/// Whether a text begins with a documented parameter.
fn is_parameter(table: &[Parameter], text: &str) -> bool {
    let (name, _) = split_once(text, b'=').unwrap_or_default();
    table.iter().any(|parameter| parameter.name == name)
}

/// Decodes a name or a value as `URLSearchParams` does; an error is the raw text of what is not UTF-8.
/// Only a plus sign in front of a number stays a plus: a space there would dial another. Signs that cannot
/// be seen may be around it, and the digits may be escaped or of full width. With `keeps_plus` all stay.
#[inline(never)]
fn decode(raw: &str, keeps_plus: bool) -> Result<String, String> {
    let mut parts = Vec::new();
    for part in split(raw, b'+') {
        let bytes = percent_decode(part.as_bytes()).collect();
        parts.push(String::from_utf8(bytes).map_err(|_| raw)?);
    }
    let first = parts.iter().flat_map(|part| part.chars()).find_map(visible);
    let mut leads = first.is_some_and(|c| c.is_ascii_digit());
    let mut text = String::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            text.push(if leads || keeps_plus { '+' } else { ' ' });
            leads = false;
        }
        leads &= part.chars().all(|c| visible(c).is_none());
        text += part;
    }
    Ok(text)
}

/// The rank of a query behind `#?` that names the customer or the agent. Behind a route it is one less, and
/// 1 with `type` and `status` alone: such a query is what is left of one with a `#?` in a nickname.
const RANKS: u8 = 3;

/// A name that only a vendor gives.
const NAME: u8 = 8;

/// A name that pages and routers give too (`userId`), beside a word of the vendor's (`type=im`).
const MIXED: u8 = 4 + 2;

/// What a parameter says of its query: one bit, as in [`NAME`] and [`MIXED`].
fn kind(parameter: &Parameter, value: &str) -> u8 {
    let is_word = parameter.words.iter().any(|(wire, _)| *wire == value);
    match (parameter.words, parameter.common) {
        // A hidden number: pages have a field of that name too.
        (_, false) if value.is_empty() => 4,
        _ if value.is_empty() => 0,
        (_, false) => NAME,
        ([], true) => 4,
        _ if is_word => 2,
        _ => 1,
    }
}

fn in_our_words(parameter: &Parameter, value: &str) -> String {
    match parameter.words.iter().find(|(wire, _)| *wire == value) {
        Some((_, ours)) => (*ours).into(),
        None if parameter.words.is_empty() => with_plus(value),
        None => ["other:", value].concat(),
    }
}

/// A hash router that reads the plus of `+8613800000000` as a space writes it back as `%20`. Only numbers of mainland
/// China, Hong Kong, Macau and Taiwan are known by their beginnings.
fn with_plus(value: &str) -> String {
    match value.strip_prefix(' ') {
        Some(number) if ["86", "852", "853", "886"].iter().any(|code| number.starts_with(code)) => {
            let digits = number.bytes().filter(u8::is_ascii_digit).count();
            let others = number.bytes().filter(|c| matches!(c, b' ' | b'-')).count();
            let is_number = digits > 10 && digits + others == number.len();
            [if is_number { "+" } else { " " }, number].concat()
        }
        _ => value.into(),
    }
}

#[cfg(test)]
#[path = "hash_tests.rs"]
mod tests;
