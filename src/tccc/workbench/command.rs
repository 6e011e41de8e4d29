//! One of the vendor's methods: options checked, called, its answer made one thing.

use calldock_contract::method::{Answers, Method, Takes};
use calldock_contract::shape::Member;
use calldock_contract::{Code, Error, redact};
use js_sys::{Array, Object};
use wasm_bindgen::JsValue;

use super::answer;
use super::vendor::Vendor;
use crate::error::Failure;
use crate::host;
use crate::page::member;
use crate::page::{fields, shape};

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
                arguments.push(&taken(method.name, members, some, options)?);
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
            Answers::Session if member::text(&data, "sessionId").is_some() => return Ok(data),
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

fn taken(
    name: &'static str,
    members: &[Member],
    some: bool,
    options: &JsValue,
) -> Result<JsValue, Error> {
    let session = Object::new();
    let options = match options.as_string() {
        Some(id) if members.first().is_some_and(|first| first.name == "sessionId") => {
            member::set(&session, "sessionId", id);
            &session
        }
        _ => options,
    };
    let copy = shape::copy(name, members, options)?;
    let chosen = || members.iter().any(|m| !m.needed && member::get(&copy, m.name).is_some());
    if some && !chosen() {
        let optional: Vec<_> = members.iter().filter(|member| !member.needed).copied().collect();
        return Err(Error::invalid(name, &["one of ", &shape::names(&optional)].concat(), "none"));
    }
    Ok(copy)
}

/// A session's id is a number of the vendor's, of nobody; a telephone number is somebody's.
fn log(name: &str, options: &JsValue) {
    if !host::listening() {
        return;
    }
    let session = member::text(options, "sessionId").map(|id| ("sessionId", id.into()));
    let number = member::text(options, "phoneNumber");
    let number = number.map(|number| ("phoneNumber", redact::text(&number).into()));
    let detail: Vec<_> = session.into_iter().chain(number).collect();
    host::log("call", name, &detail);
}
