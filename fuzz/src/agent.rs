//! Pages inside CEC's agent workbench (`docs/vendor/field.md` F12): the call in a query, and a number that is dialled.

use std::iter::{once, successors};

use calldock_contract::tables::call::{AGENT_MEDIA, AGENT_PARAMETERS};
use calldock_contract::text::agent::{call_out, choose};
use calldock_contract::text::hash::{HASH_LIMIT, TRIES};
use calldock_contract::text::origin::{Parent, parse};
use calldock_contract::{CallContext, Code, PhoneNumber};
use serde_json::{Value, json};
use url::Url;

use crate::contract::{Source, as_url_search_params, is_number, signs, well_formed, written_again};
use crate::input::{fields, has_digits};

const QUERY: Source = Source {
    table: &AGENT_PARAMETERS,
    begin: "?",
    name: "callid",
    common: false,
    read: CallContext::from_agent_query,
};

/// A workbench that is not around the page.
const OTHER: &str = "https://other.example";

/// A query, and what is dialled from the page: number and media, the top window, `allowOrigins`, `origin`.
pub fn agent(data: &[u8]) {
    let [query, number, media, top, allowed, claimed] = fields(data);
    let call = read(&query);
    dial(&number, &media);
    let origin = call.as_ref().and_then(|call| call.get("origin"));
    for claimed in [Some(&*claimed), origin, None] {
        workbench(&top, &allowed, claimed);
    }
}

/// A call is there exactly where a parameter is that pages do not use themselves: in the query, a query within it, or
/// the hash.
fn read(text: &str) -> Option<CallContext> {
    let read = CallContext::from_agent_query(text);
    let Ok(call) = read else {
        assert!(text.len() > HASH_LIMIT && read.is_err_and(|e| e.code == Code::InvalidOption));
        return None;
    };
    assert!(text.len() <= HASH_LIMIT);
    if !text.contains('#') && !text.starts_with('?') && text.len() < HASH_LIMIT {
        let query = CallContext::from_agent_query(&format!("?{text}"));
        assert_eq!(query.ok().as_ref(), Some(&call), "a ? changes nothing");
    }
    let makes_a_call = |pair: &str| {
        let (name, _) = form_urlencoded::parse(pair.as_bytes()).next().unwrap_or_default();
        let known = AGENT_PARAMETERS.iter().any(|one| one.name == name && !one.common);
        known && pair.split_once('=').is_some_and(|(_, value)| !value.is_empty())
    };
    let has_a_call = |part: &str| {
        let whole = part.strip_prefix('?').unwrap_or(part);
        let within =
            successors(Some(whole), |query| query.split_once('?').map(|(_, behind)| behind))
                .skip(1)
                .filter(|query| {
                    AGENT_PARAMETERS.iter().any(|one| query.starts_with(&format!("{}=", one.name)))
                });
        let mut queries = once(whole).chain(within).take(TRIES);
        queries.any(|query| query.split('&').any(makes_a_call))
    };
    let is_form = !text.starts_with(['?', '#']);
    let (query, hash) = text.split_once('#').filter(|_| !is_form).unwrap_or((text, ""));
    assert!(call.is_some() || !has_a_call(query));
    assert!(call.is_none() || has_a_call(query) || hash.split('#').any(has_a_call));
    if let Some(call) = &call {
        well_formed(&QUERY, call);
        written_again(&QUERY, call);
    }
    as_url_search_params(&QUERY, &text.replace('#', ""));
    call
}

/// The message is JSON of exactly the number and the medium.
fn dial(typed: &str, media: &str) {
    let Ok(number) = PhoneNumber::parse(typed) else { return };
    let is_word =
        (1..=32).contains(&media.len()) && media.bytes().all(|c| c.is_ascii_alphanumeric());
    for (unlisted, dialled) in [(false, AGENT_MEDIA.contains(&media)), (true, is_word)] {
        match call_out(&number, media, unlisted) {
            Ok(message) => {
                assert!(dialled, "{media}");
                let message: Value = serde_json::from_str(&message).expect("JSON");
                let expected = json!({ "name": "callout", "param": [number.as_str(), media] });
                assert_eq!(message, expected);
                let sent = message["param"][0].as_str().expect("a text");
                assert!(signs(typed).starts_with(&signs(sent)), "no sign is added or moved");
            }
            Err(error) => {
                assert!(!dialled && error.code == Code::InvalidOption, "{media}");
                assert!(!has_digits(&error.found, 5), "{}", error.found);
            }
        }
    }
}

/// Only a listed workbench is chosen: the top window, as far as it is known, and the one that `origin` names.
fn workbench(top: &str, allowed: &str, claimed: Option<&str>) {
    let listed: Vec<_> = allowed.split('\n').map(|line| parse("allowOrigins", line)).collect();
    let named = claimed.filter(|claimed| !claimed.is_empty());
    let twice = format!("{allowed}\n{}", allowed.split('\n').next_back().unwrap_or_default());
    for around in [Parent::Known(top), Parent::Unknown, Parent::None] {
        match choose(around, Some(allowed), claimed) {
            Ok(chosen) => {
                assert!(around != Parent::None, "there is no workbench around the page");
                assert!(listed.iter().all(Result::is_ok), "a list with an error is not used");
                assert!(listed.contains(&Ok(chosen.clone())), "{chosen} is not listed");
                assert!(around == Parent::Unknown || chosen == top, "{chosen} is not the top one");
                assert!(named.is_some() || around != Parent::Unknown || listed.len() == 1);
                assert!(named.is_none_or(|named| is_origin_of(&chosen, named)), "{claimed:?}");
                if named.is_some() || around != Parent::Unknown {
                    assert_eq!(choose(around, Some(&twice), claimed), Ok(chosen), "listed twice");
                }
            }
            Err(error) => {
                assert!([Code::InvalidOption, Code::OriginRefused].contains(&error.code));
                let shown = around == Parent::Known(top) && error.found == top;
                assert!(shown || !error.found.contains(['?', '#']), "{}", error.found);
            }
        }
    }
    if top != OTHER && parse("top", top).is_ok_and(|origin| origin == top) {
        // A workbench that is listed is not refused, however its address goes on.
        let address = format!("{top}/?{}#", claimed.unwrap_or_default());
        let others = format!("{OTHER}\n{top}");
        for (around, allowed, claimed) in [
            (Parent::Known(top), &*others, None),
            (Parent::Known(top), &*others, Some(&*address)),
            (Parent::Unknown, &*others, Some(&*address)),
            (Parent::Unknown, top, None),
        ] {
            assert_eq!(choose(around, Some(allowed), claimed).as_deref(), Ok(top), "{address}");
        }
        assert!(choose(Parent::Known(top), Some(OTHER), claimed).is_err());
    }
}

/// Whether a browser reads this origin in an address. A host of numbers has shorter spellings.
fn is_origin_of(chosen: &str, address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return true };
    !matches!(url.scheme(), "https" | "http")
        || url.origin().ascii_serialization() == chosen
        || chosen.contains('[')
        || url.host_str().is_none_or(is_number)
}
