//! `[gateway]`.

use std::time::Duration;

use axum::http::{HeaderName, header};
use calldock_service::{Gateways, network};
use url::Url;

use super::super::authenticator::AuthenticatorSettings;
use super::header::{SecretHeader, Sender};
use super::{AskSettings, HeaderSettings, NameEncoding};
use crate::address::{self, PlainHttp};
use crate::settings::{Reader, values};

/// Headers with another meaning.
const TAKEN: [HeaderName; 5] =
    [header::COOKIE, header::AUTHORIZATION, header::HOST, header::ORIGIN, header::FORWARDED];

/// Reads the section: one of two ways.
pub fn read(reader: &mut Reader, has_gateways: bool) -> Option<AuthenticatorSettings> {
    match (reader.has_key("gateway.header"), reader.has_key("gateway.url")) {
        (true, false) => header(reader, has_gateways).map(AuthenticatorSettings::Header),
        (false, true) => ask(reader).map(AuthenticatorSettings::Ask),
        (both, _) => {
            let what = if both {
                "expected one of gateway.header and gateway.url, found both"
            } else {
                "expected gateway.header or gateway.url, found neither"
            };
            reader.wrong("gateway.header", what);
            reader.pass_over(&["gateway"]);
            None
        }
    }
}

fn header(reader: &mut Reader, has_gateways: bool) -> Option<HeaderSettings> {
    let header = reader.parsed("gateway.header", None, header_name);
    let has_name = reader.has_key("gateway.name_header");
    let name_header = reader.optional("gateway.name_header", header_name);
    // Without a name there is nothing to decode: the key is reported as not used.
    let name_encoding = has_name.then(|| {
        let encodings = [("plain", NameEncoding::Plain), ("percent", NameEncoding::Percent)];
        reader.choice("gateway.name_encoding", &encodings, false)
    });
    let secret = secret(reader);
    for (key, name) in [("gateway.header", &header), ("gateway.name_header", &name_header)] {
        if name.is_some() && *name == secret.as_ref().map(|secret| secret.header.clone()) {
            reader.wrong(key, "expected another header than gateway.secret_header");
        }
    }
    let sender = if reader.has_key("gateway.trusted") {
        let trusted = reader.list("gateway.trusted", network);
        let is_wrong = reader.is_wrong("gateway.trusted");
        if trusted.is_empty() && secret.is_none() && !is_wrong {
            reader.wrong("gateway.trusted", NO_PROOF);
        }
        Sender::Addresses(Gateways::new(trusted))
    } else if secret.is_some() {
        Sender::Any
    } else {
        let is_wrong = ["listen.gateways", "listen.address", "gateway.secret_header"]
            .into_iter()
            .any(|key| reader.is_wrong(key))
            || reader.is_wrong_secret("gateway.secret");
        if !has_gateways && !is_wrong {
            reader.wrong("gateway.trusted", NO_PROOF);
        }
        Sender::ListenGateways
    };
    Some(HeaderSettings {
        header: header?,
        name_header,
        name_encoding: name_encoding.flatten().unwrap_or(NameEncoding::Plain),
        sender,
        secret,
    })
}

const NO_PROOF: &str = "expected the gateway's addresses or networks, here or in listen.gateways, or a unix socket as listen.address, or a gateway.secret_header: without one of them the header is never accepted";

fn secret(reader: &mut Reader) -> Option<SecretHeader> {
    let header = reader.optional("gateway.secret_header", header_name);
    let value = reader.optional_secret("gateway.secret", values::credential);
    match (header, value) {
        (Some(header), Some(value)) => Some(SecretHeader { header, value }),
        (Some(_), None) if !reader.is_wrong_secret("gateway.secret") => {
            reader.wrong("gateway.secret", "expected the value of gateway.secret_header");
            None
        }
        (None, Some(_)) if !reader.is_wrong("gateway.secret_header") => {
            let expected = "expected the name of the header that contains gateway.secret";
            reader.wrong("gateway.secret_header", expected);
            None
        }
        _ => None,
    }
}

fn header_name(text: &str) -> Result<HeaderName, &'static str> {
    let name: HeaderName =
        text.parse().map_err(|_| "expected a header's name such as X-Remote-User")?;
    if text.contains('_') {
        // Some gateways treat X_Remote_User as X-Remote-User, and forward both.
        return Err("expected a name with hyphens: many gateways drop or confuse underscores");
    }
    if TAKEN.contains(&name) || name.as_str().starts_with("x-forwarded-") {
        return Err("expected a header without another meaning, such as X-Remote-User");
    }
    Ok(name)
}

fn ask(reader: &mut Reader) -> Option<AskSettings> {
    let url = reader.parsed("gateway.url", None, url);
    let cookies = reader.list("gateway.cookies", values::cookie_name);
    if cookies.is_empty() && !reader.is_wrong("gateway.cookies") {
        reader.wrong(
            "gateway.cookies",
            "expected the session cookies, such as [\"JSESSIONID\"]: nothing else is sent",
        );
    }
    let id_member = reader.parsed("gateway.id_member", Some("/id"), pointer);
    let name_member = reader.parsed("gateway.name_member", Some("/name"), pointer);
    let cache = reader.seconds("gateway.cache", 0..=60);
    Some(AskSettings {
        url: url?,
        cookies,
        id_member: id_member?,
        name_member: name_member?,
        cache: cache.unwrap_or(Duration::from_secs(5)),
    })
}

fn url(text: &str) -> Result<Url, &'static str> {
    let url = address::secure_url(text, PlainHttp::OnLoopback)?;
    if url.fragment().is_some() { Err("expected an address without a hash") } else { Ok(url) }
}

/// RFC 6901.
fn pointer(text: &str) -> Result<String, &'static str> {
    let escapes = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    if text.len() <= 256 && text.starts_with('/') && escapes {
        Ok(text.to_owned())
    } else {
        Err("expected a JSON Pointer, like /user/id")
    }
}
