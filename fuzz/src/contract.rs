//! Readers of `calldock-contract`.

use calldock_contract::tables::call::{PARAMETERS, Parameter};
use calldock_contract::text::hash::{EXTRA_LIMIT, HASH_LIMIT};
use calldock_contract::text::number::TEXT_LIMIT;
use calldock_contract::text::origin::{ANY, Parent, VENDOR_ORIGINS, choose, parse};
use calldock_contract::text::{address as addresses, chat_link as links, context_path as paths};
use calldock_contract::{
    CallContext, CecLogin, CecQuestion, CecVerdict, ChatLogin, Code, Error, PhoneNumber, Problem,
    SdkAppId, SdkLogin, redact as redaction,
};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::input::{fields, has_digits, text};

pub(crate) const NUMBER: &str = "13800000000";

/// Where a call is read from.
pub(crate) struct Source {
    /// The documented parameters.
    pub table: &'static [Parameter],
    /// Stands in front of the parameters.
    pub begin: &'static str,
    /// A parameter that makes a call by itself.
    pub name: &'static str,
    /// Whether a name that pages use too makes one by itself.
    pub common: bool,
    /// The reader.
    pub read: fn(&str) -> Result<Option<CallContext>, Error>,
}

const HASH: Source = Source {
    table: &PARAMETERS,
    begin: "#?",
    name: "mobile",
    common: true,
    read: CallContext::from_hash,
};

/// A page's hash: bounds, round trip, no call lost, names and values as `URLSearchParams` has them.
pub fn hash(data: &[u8]) {
    let text = text(data);
    let hash = text.strip_prefix('#').unwrap_or(&text);
    let read = CallContext::from_hash(&text);
    assert_eq!(read, CallContext::from_hash(hash), "a # in front changes nothing");
    match read {
        Err(error) => {
            assert!(hash.len() > HASH_LIMIT && error.code == Code::InvalidOption);
            return;
        }
        Ok(_) => assert!(hash.len() <= HASH_LIMIT),
    }
    if let Ok(Some(call)) = &read {
        well_formed(&HASH, call);
        written_again(&HASH, call);
    }
    let ends_with_call = format!("{text}#?mobile={NUMBER}");
    if ends_with_call.len() <= HASH_LIMIT {
        let call = CallContext::from_hash(&ends_with_call).ok().flatten();
        let call = call.expect("a call at the end is read");
        assert_eq!(call.get("mobile"), Some(NUMBER), "what precedes a call does not change it");
    }
    as_url_search_params(&HASH, &text.replace('#', ""));
}

impl Source {
    fn documented(&self, name: &str) -> Option<&'static Parameter> {
        self.table.iter().find(|parameter| parameter.name == name)
    }
}

/// The bounds, and no name twice.
pub(crate) fn well_formed(source: &Source, call: &CallContext) {
    assert!(call.extra.len() <= EXTRA_LIMIT && call.unreadable.len() <= EXTRA_LIMIT);
    for (at, (name, _)) in call.extra.iter().enumerate() {
        assert!(source.documented(name).is_none(), "{name} is documented");
        assert!(call.extra[..at].iter().all(|(other, _)| other != name), "{name} is there once");
        assert!(!call.unreadable.contains(name), "{name} has a value and cannot be read");
    }
    for (at, name) in call.unreadable.iter().enumerate() {
        assert!(!call.unreadable[..at].contains(name), "{name} is named once");
        assert_eq!(call.get(name), None, "{name} cannot be read and has no value");
    }
    assert!(call.iter().all(|(_, value)| value != Some("")));
    assert!(call.changed_since(Some(call)).is_empty());
    let changed = call.changed_since(None);
    let with_value = call.iter().filter(|(_, value)| value.is_some()).count();
    assert_eq!(changed.len(), with_value + call.extra.len());
}

/// What was read, written by another encoder, is read as the same.
pub(crate) fn written_again(source: &Source, call: &CallContext) {
    let mut hash = String::from(source.begin);
    let mut write = |name: &str, value: &str| {
        // As encodeURIComponent: a space as `+` in front of a digit would be a number's plus.
        let [name, value] = [name, value].map(|text| utf8_percent_encode(text, NON_ALPHANUMERIC));
        hash.push_str(&format!("{name}={value}&"));
    };
    let mut is_call = false;
    for (parameter, (name, value)) in source.table.iter().zip(call.iter()) {
        let Some(value) = value else { continue };
        is_call |= source.common || !parameter.common;
        let known = parameter.words.iter().find(|(_, ours)| *ours == value);
        let other = value.strip_prefix("other:").filter(|_| !parameter.words.is_empty());
        write(name, known.map_or(other.unwrap_or(value), |(wire, _)| wire));
    }
    call.extra.iter().for_each(|(name, value)| write(name, value));
    if hash.len() <= HASH_LIMIT && is_call {
        let mut expected = call.clone();
        expected.unreadable.clear();
        assert_eq!((source.read)(&hash), Ok(Some(expected)), "{hash}");
    }
}

/// Behind a call, any query (in a hash, one without a `#`) is read as `URLSearchParams` reads it, but for a plus in
/// front of a number (a space there), and for what is not UTF-8 or too long.
pub(crate) fn as_url_search_params(source: &Source, query: &str) {
    let hash = format!("{}{}={NUMBER}&{query}", source.begin, source.name);
    if hash.len() > HASH_LIMIT {
        return;
    }
    let call = (source.read)(&hash).ok().flatten().expect("no call is lost");
    assert_eq!(call.get(source.name), Some(NUMBER));
    let mut seen: Vec<Pair> = Vec::new();
    let mut broken: Vec<String> = Vec::new();
    let mut long: Vec<String> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let raw = pair.split_once('=').unwrap_or((pair, ""));
        let written = format!("{}={}", raw.0, raw.1);
        let (name, value) = form_urlencoded::parse(written.as_bytes()).next().unwrap_or_default();
        if pair.len() > 256 {
            // Above a limit, it may be unreadable.
            long.push(name.into_owned());
        } else if is_text(&written) {
            seen.push(Pair { raw, name: name.into_owned(), value: value.into_owned() });
        } else if !name.contains('\u{fffd}') {
            broken.push(name.into_owned());
        }
    }
    let is_long = |name: &str| long.iter().any(|long| same(long, name));
    for (name, value) in call.extra.iter().filter(|(name, _)| !is_long(name)) {
        let first = seen.iter().find(|seen| same(&seen.name, name));
        assert!(first.is_some_and(|first| first.is_read_as(value)), "{name}: {value}");
    }
    for (name, value) in call.iter().filter(|(name, _)| *name != source.name && !is_long(name)) {
        let sent = seen.iter().find(|seen| seen.name == name && !seen.value.is_empty());
        let sent = sent.filter(|_| !call.unreadable.iter().any(|broken| same(broken, name)));
        assert_eq!(sent.is_some(), value.is_some(), "{name}");
        let is_word = source.documented(name).is_none_or(|parameter| !parameter.words.is_empty());
        let (Some(sent), Some(value), false) = (sent, value, is_word) else { continue };
        assert!(sent.is_read_as(value), "{name}: {value}");
    }
    if call.extra.len() + call.unreadable.len() < EXTRA_LIMIT {
        for Pair { name, .. } in &seen {
            let read = source.documented(name).is_some()
                || call.extra.iter().any(|(known, _)| same(known, name))
                || call.unreadable.iter().any(|known| same(known, name));
            assert!(read, "{name} is lost");
        }
        for name in &broken {
            let named = call.get(name).is_some()
                || call.extra.iter().any(|(known, _)| same(known, name))
                || call.unreadable.iter().any(|known| same(known, name));
            assert!(named, "{name} is lost");
        }
    }
}

/// A parameter as it is written and as `URLSearchParams` reads it.
struct Pair<'a> {
    raw: (&'a str, &'a str),
    name: String,
    value: String,
}

impl Pair<'_> {
    /// A plus is kept in an address, and in front of a number; nothing else differs from `URLSearchParams`.
    fn is_read_as(&self, value: &str) -> bool {
        let (name, raw) = self.raw;
        if matches!(name, "agentEmail" | "avatar") {
            return percent_decode_str(raw).decode_utf8().is_ok_and(|text| text == value);
        }
        let is_digit = |c: char| matches!(c, '0'..='9' | '\u{ff10}'..='\u{ff19}');
        if !self.value.contains(is_digit) {
            return self.value == value;
        }
        match raw.strip_prefix('+') {
            Some(number) if number.starts_with(is_digit) => {
                value.strip_prefix('+') == self.value.get(1..)
            }
            _ => same(&self.value, value),
        }
    }
}

/// Equal, but for a plus sign where the other has a space.
fn same(one: &str, other: &str) -> bool {
    let spaced = |byte| if byte == b'+' { b' ' } else { byte };
    one.len() == other.len() && one.bytes().map(spaced).eq(other.bytes().map(spaced))
}

fn is_text(raw: &str) -> bool {
    percent_decode_str(raw).decode_utf8().is_ok()
}

/// A number: no digit is added, lost or moved, and an error shows none.
pub fn number(data: &[u8]) {
    let text = text(data);
    let (number, extension) = calldock_contract::text::number::split_extension(&text);
    assert!(text.starts_with(number));
    if let Some(extension) = extension {
        assert!(text[number.len()..].contains(extension));
    }
    match PhoneNumber::parse(&text) {
        Ok(parsed) => {
            let dialled = parsed.as_str();
            assert_eq!(extension, None, "an extension is never dialled with its number");
            assert_eq!(PhoneNumber::parse(dialled).ok().as_ref(), Some(&parsed));
            // A longer one is split once what cannot be seen is gone, which may make it short enough.
            if text.len() <= TEXT_LIMIT {
                assert_eq!(signs(number), signs(dialled), "what can be seen stays");
            }
            assert!((3..=41).contains(&dialled.len()), "{dialled}");
            let plus = dialled.bytes().rposition(|byte| byte == b'+');
            assert!(matches!(plus, None | Some(0)));
            assert!(
                dialled.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-".contains(&byte))
            );
            assert!(!format!("{parsed:?}").contains(dialled));
        }
        Err(error) => {
            assert_eq!(error.code, Code::InvalidOption);
            assert!(!has_digits(&error.found, 5), "{}", error.found);
        }
    }
}

/// Digits and letters, full-width digits as ordinary ones.
pub(crate) fn signs(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{ff10}'..='\u{ff19}' => char::from_u32(c as u32 - 0xff10 + 0x30),
        c if c.is_alphanumeric() => Some(c),
        _ => None,
    };
    text.chars().filter_map(plain).collect()
}

/// Origins: what is accepted is a browser's spelling, and what is chosen was allowed.
pub fn origin(data: &[u8]) {
    let [real, allowed, target] = fields(data);
    for text in [&real, &target] {
        let Ok(origin) = parse("option", text) else { continue };
        assert_eq!(parse("option", &origin), Ok(origin.clone()), "parsing again changes nothing");
        assert!(text.starts_with(&origin));
        assert!(origin.bytes().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_uppercase()));
        let (scheme, place) = origin.split_once("://").expect("a scheme");
        assert!(!place.contains(['/', '?', '#', '@', '*', '\\']), "{origin}");
        let Ok(url) = Url::parse(&origin) else { continue };
        assert_eq!((url.scheme(), url.username(), url.password()), (scheme, "", None));
        match scheme {
            // A host of numbers has shorter spellings, which a browser's own origin never has.
            "https" if !place.starts_with(|c: char| c == '[' || c.is_ascii_digit()) => {
                let by_browser = url.origin().ascii_serialization();
                assert!(by_browser == origin || url.host_str().is_none_or(is_number), "{origin}");
            }
            "http" => assert!(is_this_machine(&url), "{origin}"),
            "data" | "blob" | "file" | "javascript" | "about" => panic!("{origin}"),
            _ => {}
        }
    }
    let lines = Some(&*allowed).filter(|lines| !lines.is_empty());
    let named = Some(&*target).filter(|target| !target.is_empty());
    assert!(choose(Parent::None, lines, named).is_err(), "without a frame nothing is posted");
    if let Ok(chosen) = choose(Parent::Known(&real), lines, named) {
        let by_name = named.is_some_and(|name| {
            name == ANY || parse("option", name).is_ok_and(|origin| origin == real)
        });
        let mut listed = allowed.split('\n').filter_map(|line| parse("option", line).ok());
        let by_list = VENDOR_ORIGINS.contains(&&*real) || listed.any(|origin| origin == real);
        assert!(if named.is_some() { by_name } else { by_list }, "{chosen}");
        assert!(chosen == real || (chosen == ANY && named == Some(ANY)));
    }
    if let Ok(chosen) = choose(Parent::Unknown, lines, named) {
        let named = named.expect("an unknown frame is posted to by name only");
        assert!(named == ANY || parse("option", named).is_ok_and(|origin| origin == chosen));
    }
}

pub(crate) fn is_number(host: &str) -> bool {
    host.split('.').all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// An address that is called safe is safe to a browser too.
pub fn address(data: &[u8]) {
    let text = text(data);
    if !addresses::is_safe(&text) {
        return;
    }
    let Ok(url) = Url::parse(&text) else { return };
    assert!(url.username().is_empty() && url.password().is_none(), "{text:?}");
    match url.scheme() {
        "https" => {}
        "http" => assert!(is_this_machine(&url), "{text:?}"),
        other => panic!("{other}: {text:?}"),
    }
}

/// The chat page's hash: what is written is plain and reads back.
pub fn chat_link(data: &[u8]) {
    let text = text(data);
    if let Some(link) = links::ChatLink::from_hash(&text)
        && let Ok(hash) = link.to_hash()
    {
        assert_eq!(links::ChatLink::from_hash(&hash), Some(link));
    }
    let [flags, web_app_id, title, client_data, user_sig] = fields(data);
    let link = links::ChatLink {
        web_app_id,
        title: Some(title).filter(|title| !title.is_empty()),
        signed: flags.contains('s').then_some((client_data, user_sig)),
        mobile: flags.contains('m'),
        hide_header: flags.contains('h'),
    };
    match link.to_hash() {
        Ok(hash) => {
            assert!(hash.bytes().all(|byte| byte.is_ascii_graphic()), "{hash}");
            assert!(!hash[1..].contains(['#', '"', '<', '>', '\\']), "{hash}");
            assert_eq!(hash.matches('&').count(), hash.matches('=').count() - 1, "no member more");
            assert_eq!(links::ChatLink::from_hash(&hash), Some(link));
        }
        Err(error) => {
            assert!(["webAppId", "clientData", "userSig"].contains(&&*error.at));
            assert!(!has_digits(&error.found, 5));
        }
    }
}

/// The path under which CEC responds, and pages that are no scripts.
pub fn context_path(data: &[u8]) {
    let text = text(data);
    if let Ok(path) = paths::context_path(&text) {
        assert_eq!(paths::context_path(path), Ok(path));
        assert!(text.starts_with(path) && text[path.len()..].bytes().all(|byte| byte == b'/'));
        assert!(path.split('/').any(|segment| segment == "service-cloud"));
    }
    if let Ok(address) = paths::context_address(&text) {
        assert_eq!(paths::context_address(address), Ok(address));
        assert!(addresses::is_safe(address) && !address.contains(['?', '#']));
    }
    let [kind, body] = fields(data);
    if body.trim_ascii_start().starts_with('<') {
        assert!(paths::is_page(&kind, &body), "what begins with < is not run");
    }
    assert!(paths::is_page(&format!("Text/HTML{kind}"), &body));
}

/// What people read holds nothing private.
pub fn redact(data: &[u8]) {
    let text = text(data);
    let shown = redaction::text(&text);
    assert!(
        shown.chars().count() <= 32
            && (text.contains(['‹', '›']) || text.len() < 16 || !shown.contains(&*text))
    );
    let url = redaction::url(&text);
    assert!(!url.contains(['?', '#']) && !url.contains(|c: char| c.is_ascii_control()), "{url:?}");
    if let Some((_, rest)) = url.split_once("://") {
        let place = rest.split('/').next().unwrap_or_default();
        assert!(!place.contains('@'), "{url}");
    }
}

/// Logins and CEC's question in JSON: what is read writes and reads back; debug shows no credential.
pub fn logins(data: &[u8]) {
    if let Some(login) = reads_back::<SdkLogin>(data) {
        hides(&login, &login.token, &[&login.sdk_url]);
        if login.validate().is_ok() {
            assert!(login.sdk_app_id.0 > 0);
            bounded(&[&login.token, &login.sdk_url, &login.user_id], 4096);
        }
    }
    if let Some(login) = reads_back::<ChatLogin>(data) {
        hides(&login, &login.user_sig, &[&login.web_app_id]);
        hides(&login, &login.client_data, &[&login.web_app_id]);
        if login.validate().is_ok() {
            bounded(&[&login.web_app_id, &login.client_data, &login.user_sig], 8192);
        }
    }
    if let Some(login) = reads_back::<CecLogin>(data) {
        let shown = [&*login.tenant_space_id, &*login.channel_config_id];
        hides(&login, login.credential.secret(), &shown);
        hides(&login, &login.third_user_name, &shown);
        if login.validate().is_ok() {
            bounded(
                &[login.credential.secret(), &login.third_user_id, &login.third_user_name],
                4096,
            );
        }
    }
    if let Some(question) = reads_back::<CecQuestion>(data) {
        hides(&question, &question.token, &[&question.tenant_space_id]);
    }
    reads_back::<CecVerdict>(data);
    reads_back::<Problem>(data);
    if let Some(id) = reads_back::<SdkAppId>(data) {
        assert_eq!(id.to_string().parse::<SdkAppId>().ok(), Some(id));
    }
}

fn reads_back<T: Serialize + DeserializeOwned + PartialEq>(data: &[u8]) -> Option<T> {
    let value: T = serde_json::from_slice(data).ok()?;
    let written = serde_json::to_string(&value).expect("what was read can be written");
    assert!(serde_json::from_str::<T>(&written).is_ok_and(|again| again == value), "{written}");
    Some(value)
}

/// Long texts only: a short one may be in the words around it.
fn hides(value: &impl std::fmt::Debug, secret: &str, shown_beside: &[&str]) {
    if secret.len() >= 16 && !shown_beside.iter().any(|text| text.contains(secret)) {
        let shown = format!("{value:?}");
        assert!(!shown.contains(secret), "{shown}");
    }
}

fn bounded(members: &[&str], limit: usize) {
    for member in members {
        assert!(!member.trim().is_empty() && member.len() <= limit);
    }
}
