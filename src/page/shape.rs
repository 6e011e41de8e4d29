//! Copies an object of the page's after checking it against a table of the contract.

use calldock_contract::shape::{Form, Member, are_keys};
use calldock_contract::{Code, Error, PhoneNumber, redact};
use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};

use super::fields::{self, Fields};
use crate::page::member;

/// A copy of an object, of known members only: what is misspelt must not be dropped in silence.
///
/// # Errors
/// [`Code::InvalidOption`], naming the first member that is wrong.
pub fn copy(name: &'static str, members: &[Member], object: &JsValue) -> Result<JsValue, Error> {
    let fields = Fields::of(name, Code::InvalidOption, object);
    let copy = Object::new();
    for member in members {
        match fields.value(member.name) {
            Some(value) => {
                let value = check(&fields, member, value);
                member::set(&copy, member.name, value);
            }
            None if member.needed => fields.refuse(member.name, expected(member.form), "nothing"),
            None => {}
        }
    }
    if object.is_object() {
        let keys = Object::keys(object.unchecked_ref::<Object>());
        for key in keys.iter().filter_map(|key| key.as_string()) {
            if !members.iter().any(|member| member.name == key) {
                fields.refuse(&key, &names(members), "a member that is not taken");
            }
        }
    }
    fields.done()?;
    Ok(copy.into())
}

/// The members' names, to tell which there are.
pub fn names(members: &[Member]) -> String {
    members.iter().map(|member| member.name).collect::<Vec<_>>().join(", ")
}

/// Notes what is wrong with a member; the value to hand on.
fn check(fields: &Fields, member: &Member, value: JsValue) -> JsValue {
    let text = value.as_string();
    let text = text.as_deref();
    let filled = text.is_some_and(|text| !(member.needed && text.trim().is_empty()));
    let fits = match member.form {
        Form::Phone if fields.value("phoneEncodeType").is_none() => match text {
            Some(text) => match PhoneNumber::parse(text) {
                Ok(number) => return number.as_str().into(),
                Err(error) => {
                    fields.fail(error);
                    return value;
                }
            },
            None => false,
        },
        Form::Phone | Form::Text => filled,
        Form::TextTo(limit) => match text {
            Some(text) if text.chars().count() > limit => {
                let most = ["at most ", &limit.to_string(), " characters"].concat();
                fields.refuse(member.name, &most, &redact::text(text));
                return value;
            }
            _ => filled,
        },
        Form::Id => filled || value.as_f64().is_some(),
        Form::Texts => {
            Array::is_array(&value) && Array::from(&value).iter().all(|item| item.is_string())
        }
        Form::Flag => value.as_bool().is_some(),
        Form::Keys => text.is_some_and(are_keys),
        Form::Word(known) => text.is_some_and(|text| known.contains(&text)),
        Form::Object(members) => match copy(member.name, members, &value) {
            Ok(copy) => return copy,
            Err(error) => {
                fields.fail(error);
                return value;
            }
        },
    };
    if !fits {
        let empty = text.is_some_and(|text| text.trim().is_empty());
        let found = if empty { "an empty text" } else { fields::kind(&value) };
        match member.form {
            Form::Word(known) => fields.refuse(member.name, &known.join(", "), found),
            form => fields.refuse(member.name, expected(form), found),
        }
    }
    value
}

fn expected(form: Form) -> &'static str {
    match form {
        Form::Text | Form::TextTo(_) | Form::Phone => "a text",
        Form::Id => "a text or a number",
        Form::Texts => "a list of texts",
        Form::Flag => "true or false",
        Form::Keys => "telephone keys: digits, * and #",
        Form::Word(_) => "one of the documented words",
        Form::Object(_) => "an object",
    }
}
