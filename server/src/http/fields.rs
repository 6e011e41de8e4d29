//! What a page may add to a chat: the fields `chat.allowed_fields` names, and nothing else is signed.

use axum::http::StatusCode;
use calldock_contract::Code;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::identity::Visitor;
use crate::problem::{Refusal, Remedy};
use crate::settings::values;
use crate::tccc::settings::{ChatSettings, FIXED_FIELDS};
use calldock_signing::Members;

/// A page's fields, in the configuration's order.
pub type Fields = Vec<(String, String)>;

/// All names and values together, in bytes: they go into an address.
const LIMIT: usize = 2048;

/// Members beside `fields` are ignored.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChatFields)]
pub struct Body {
    /// Names that `chat.allowed_fields` lists, each with a text of 1 to 256 bytes.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    fields: Members,
}

/// Reads `{"fields": {"extra_orderId": "…"}}`; a body without it has no fields.
///
/// # Errors
/// 400 for a body of another form, 422 for a field, by its name and never with its value.
pub fn read(body: &[u8], chat: &ChatSettings) -> Result<Fields, Refusal> {
    let body = body.trim_ascii();
    if body.is_empty() {
        return Ok(Fields::new());
    }
    // An array would be understood too, member by member.
    let parsed = body.starts_with(b"{").then(|| serde_json::from_slice(body).ok()).flatten();
    let Body { fields: Members(members) } = parsed.ok_or_else(|| {
        let detail =
            "The body: expected JSON like {\"fields\": {\"extra_orderId\": \"…\"}}, no name twice.";
        refuse(StatusCode::BAD_REQUEST, detail.into())
    })?;
    let mut fields = Fields::new();
    for (name, value) in members {
        let wrong = |expected: &str| {
            let detail = format!("{}: {expected}.", shown(&name));
            Err(refuse(StatusCode::UNPROCESSABLE_ENTITY, detail))
        };
        if FIXED_FIELDS.contains(&name.as_str())
            || chat.extra.iter().any(|(known, _)| *known == name)
        {
            return wrong("expected another name: the server sets this one itself");
        }
        if !chat.allowed_fields.contains(&name) {
            return wrong("expected only names that chat.allowed_fields lists");
        }
        match value.as_str().map(Visitor::part) {
            Some(Ok(text)) => fields.push((name, text)),
            Some(Err(expected)) => return wrong(expected),
            None => return wrong("expected a text"),
        }
    }
    if fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > LIMIT {
        let detail = format!("The fields: expected at most {LIMIT} bytes together, found more.");
        return Err(refuse(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    fields.sort_by_key(|(name, _)| chat.allowed_fields.iter().position(|known| known == name));
    Ok(fields)
}

/// Repeats a plain name; anything else may be personal data in the wrong place.
fn shown(name: &str) -> String {
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    if values::field(name).is_ok() && digits < 5 {
        format!("The field {name}")
    } else {
        "A field whose name is not of a few plain letters".into()
    }
}

fn refuse(status: StatusCode, detail: String) -> Refusal {
    Refusal::new(status, Code::InvalidOption, detail).with_remedy(Remedy {
        en: "Post only fields that the server's chat.allowed_fields lists, each a text of 1 to 256 bytes in one line; the server decides who the visitor is.",
        zh: "请只提交服务端 chat.allowed_fields 所列的字段，每个字段为 1 至 256 字节的单行文本；访客身份由服务端决定。",
    })
}
