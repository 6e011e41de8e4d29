//! One of the vendor's methods: options checked, called, its answer made one thing.

use calldock_contract::method::{Answers, Form, Member, Method, Takes, are_keys};
use calldock_contract::{Code, Error, PhoneNumber, redact};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::answer;
use super::vendor::Vendor;
use crate::error::Failure;
use crate::host;
use crate::page::fields::{self, Fields};

/// Checked options of a method: what the vendor is called with.
pub struct Command {
    method: &'static Method,
    arguments: Array,
}

impl Command {
    /// Checks options against the method's table entry.
    ///
    /// # Errors
    /// [`Code::InvalidOption`], naming the first member that is wrong.
    pub fn read(name: &str, options: &JsValue) -> Result<Self, Failure> {
        let method = Method::named(name)
            .ok_or_else(|| Error::invalid("method", "a documented one", &redact::text(name)))?;
        let arguments = Array::new();
        match method.takes {
            Takes::Nothing => {}
            Takes::Anything if options.is_undefined() => {}
            Takes::Anything => drop(arguments.push(options)),
            Takes::Function if options.is_function() => drop(arguments.push(options)),
            Takes::Function => {
                return Err(Error::invalid(name, "a function", fields::kind(options)).into());
            }
            Takes::Members(members) | Takes::SomeOf(members) => {
                let some = matches!(method.takes, Takes::SomeOf(_));
                arguments.push(&object(method.name, members, some, options)?);
            }
        }
        Ok(Self { method, arguments })
    }

    /// Calls the vendor and waits for its answer.
    ///
    /// # Errors
    /// [`Code::VendorRejected`], with the vendor's text.
    pub async fn run(self, vendor: &Vendor) -> Result<JsValue, Failure> {
        let Self { method, arguments } = self;
        log(method.name, &arguments.get(0));
        let data = answer::data(method.name, vendor.invoke(method.vendor, &arguments)).await?;
        let expected = match method.answers {
            Answers::Nothing => return Ok(JsValue::UNDEFINED),
            Answers::Session if member(&data, "sessionId").is_string() => return Ok(data),
            Answers::Flag if data.as_bool().is_some() => return Ok(data),
            Answers::Text if data.is_string() => return Ok(data),
            Answers::List if Array::is_array(&data) => return Ok(data),
            Answers::Anything => return Ok(data),
            Answers::Session => "a session's id in the vendor's answer",
            Answers::Flag => "true or false as the vendor's answer",
            Answers::Text => "a text as the vendor's answer",
            Answers::List => "a list as the vendor's answer",
        };
        let found = fields::kind(&data);
        Err(Error::unexpected(Code::VendorRejected, method.name, expected, found).into())
    }
}

/// A copy of the options, of known members only: what is misspelt must not be dropped in silence.
fn object(
    name: &'static str,
    members: &[Member],
    some: bool,
    options: &JsValue,
) -> Result<JsValue, Error> {
    if options.is_string() && members.first().is_some_and(|first| first.name == "sessionId") {
        let session = Object::new();
        host::set(&session, "sessionId", options.clone());
        return object(name, members, some, &session);
    }
    let fields = Fields::of(name, Code::InvalidOption, options);
    let copy = Object::new();
    let mut chosen = false;
    for member in members {
        match fields.value(member.name) {
            Some(value) => {
                chosen |= !member.needed;
                let value = check(&fields, member, value);
                let _ = Reflect::set(&copy, &member.name.into(), &value);
            }
            None if member.needed => fields.refuse(member.name, expected(member.form), "nothing"),
            None => {}
        }
    }
    if options.is_object() {
        for key in
            Object::keys(options.unchecked_ref::<Object>()).iter().filter_map(|key| key.as_string())
        {
            if !members.iter().any(|member| member.name == key) {
                fields.refuse(&key, &names(members), "a member the method does not take");
            }
        }
    }
    fields.done()?;
    if some && !chosen {
        let optional: Vec<_> = members.iter().filter(|member| !member.needed).copied().collect();
        return Err(Error::invalid(name, &["one of ", &names(&optional)].concat(), "none"));
    }
    Ok(copy.into())
}

/// Notes what is wrong with a member; the value to hand on.
fn check(fields: &Fields, member: &Member, value: JsValue) -> JsValue {
    let text = value.as_string();
    let filled = text.as_deref().is_some_and(|text| !text.trim().is_empty());
    let fits = match member.form {
        Form::Phone if fields.value("phoneEncodeType").is_none() => match &text {
            Some(text) => match PhoneNumber::parse(text) {
                Ok(_) => return text.trim().into(),
                Err(error) => {
                    fields.fail(error);
                    return value;
                }
            },
            None => false,
        },
        Form::Phone | Form::Text => filled,
        Form::Id => filled || value.as_f64().is_some_and(|number| number >= 0.0),
        Form::Texts => {
            Array::is_array(&value) && Array::from(&value).iter().all(|item| item.is_string())
        }
        Form::Flag => value.as_bool().is_some(),
        Form::Keys => text.as_deref().is_some_and(are_keys),
        Form::Word(known) => text.as_deref().is_some_and(|text| known.contains(&text)),
        Form::Object(members) => match object(member.name, members, false, &value) {
            Ok(copy) => return copy,
            Err(error) => {
                fields.fail(error);
                return value;
            }
        },
    };
    if !fits {
        let found = if text.is_some() && !filled { "an empty text" } else { fields::kind(&value) };
        match member.form {
            Form::Word(known) => fields.refuse(member.name, &known.join(", "), found),
            form => fields.refuse(member.name, expected(form), found),
        }
    }
    value
}

fn expected(form: Form) -> &'static str {
    match form {
        Form::Text | Form::Phone => "a text",
        Form::Id => "a text or a number",
        Form::Texts => "a list of texts",
        Form::Flag => "true or false",
        Form::Keys => "telephone keys: digits, * and #",
        Form::Word(_) => "one of the documented words",
        Form::Object(_) => "an object",
    }
}

fn names(members: &[Member]) -> String {
    members.iter().map(|member| member.name).collect::<Vec<_>>().join(", ")
}

fn member(value: &JsValue, key: &str) -> JsValue {
    if value.is_object() {
        Reflect::get(value, &key.into()).unwrap_or_default()
    } else {
        JsValue::UNDEFINED
    }
}

/// A session's id is a number of the vendor's, of nobody; a telephone number is somebody's.
fn log(name: &str, options: &JsValue) {
    let session = member(options, "sessionId").as_string().map(|id| ("sessionId", id.into()));
    let number = member(options, "phoneNumber").as_string();
    let number = number.map(|number| ("phoneNumber", redact::text(&number).into()));
    let detail: Vec<_> = session.into_iter().chain(number).collect();
    host::log("call", name, &detail);
}
