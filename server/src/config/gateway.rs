//! `[gateway]`.

use std::time::Duration;

use axum::http::{HeaderName, header};
use url::Url;

use super::reader::Reader;
use super::values;
use crate::address::{self, PlainHttp};
use crate::caller::{self, Gateways};
use crate::identity::gateway::{CallBackConfig, GatewayConfig, HeaderConfig, NameEncoding};

/// Headers that say something else.
const TAKEN: [HeaderName; 5] =
    [header::COOKIE, header::AUTHORIZATION, header::HOST, header::ORIGIN, header::FORWARDED];

/// The section: one of two ways.
pub fn read(reader: &mut Reader, gateways: &Gateways) -> Option<GatewayConfig> {
    match (reader.has_key("gateway.header"), reader.has_key("gateway.url")) {
        (true, false) => header(reader, gateways).map(GatewayConfig::Header),
        (false, true) => call_back(reader).map(GatewayConfig::CallBack),
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

fn header(reader: &mut Reader, gateways: &Gateways) -> Option<HeaderConfig> {
    let header = reader.parsed("gateway.header", None, header_name);
    let has_name = reader.has_key("gateway.name_header");
    let name_header = reader.optional("gateway.name_header", header_name);
    // Without a name there is nothing to decode: the key is left, and said to be of no use.
    let name_encoding = if has_name {
        reader.optional("gateway.name_encoding", |text| match text {
            "plain" => Ok(NameEncoding::Plain),
            "percent" => Ok(NameEncoding::Percent),
            _ => Err("expected \"plain\" or \"percent\""),
        })
    } else {
        None
    };
    let trusted = if reader.has_key("gateway.trusted") {
        let networks = reader.list("gateway.trusted", caller::network);
        if networks.is_empty() && !reader.is_wrong("gateway.trusted") {
            reader.wrong("gateway.trusted", NOBODY_TRUSTED);
        }
        Gateways::new(networks)
    } else {
        if gateways.is_empty() && !reader.is_wrong("listen.gateways") {
            reader.wrong("gateway.trusted", NOBODY_TRUSTED);
        }
        gateways.clone()
    };
    Some(HeaderConfig {
        header: header?,
        name_header,
        name_encoding: name_encoding.unwrap_or(NameEncoding::Plain),
        trusted,
    })
}

const NOBODY_TRUSTED: &str = "expected the gateway's addresses or networks, here or in listen.gateways: without any the header would be believed from nobody";

fn header_name(text: &str) -> Result<HeaderName, &'static str> {
    let name: HeaderName =
        text.parse().map_err(|_| "expected a header's name, like X-Remote-User")?;
    if text.contains('_') {
        // Some gateways take X_Remote_User for X-Remote-User, and pass both on.
        return Err("expected a name with hyphens: many gateways drop or mix up underscores");
    }
    if TAKEN.contains(&name) || name.as_str().starts_with("x-forwarded-") {
        return Err("expected a header that says nothing else, like X-Remote-User");
    }
    Ok(name)
}

fn call_back(reader: &mut Reader) -> Option<CallBackConfig> {
    let url = reader.parsed("gateway.url", None, url);
    let cookies = reader.list("gateway.cookies", values::cookie_name);
    if cookies.is_empty() && !reader.is_wrong("gateway.cookies") {
        reader.wrong(
            "gateway.cookies",
            "expected the session's cookies, like [\"JSESSIONID\"]: nothing else is forwarded",
        );
    }
    let id_member = reader.parsed("gateway.id_member", Some("/id"), pointer);
    let name_member = reader.parsed("gateway.name_member", Some("/name"), pointer);
    let cache = reader
        .scalar("gateway.cache", |text| values::seconds(text, 0, 60, "expected 0 to 60 seconds"));
    Some(CallBackConfig {
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
