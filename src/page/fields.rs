//! Reads an object of the page's, member by member, and names the first one that is wrong.
//!
//! A deserializer's own message would repeat the value, which may be a token or a number. What is wrong
//! is remembered and told by [`Fields::done`], so that reading is one line a member.

use std::cell::RefCell;

use calldock_contract::{Code, Error, SECRET_NAMES, redact};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use super::member;

/// An object being read.
pub struct Fields<'a> {
    /// What to call it in a message.
    name: &'static str,
    /// The code of a failure.
    code: Code,
    object: &'a JsValue,
    wrong: RefCell<Option<Error>>,
}

impl<'a> Fields<'a> {
    /// Begins to read an object.
    pub fn of(name: &'static str, code: Code, object: &'a JsValue) -> Self {
        let fields = Self { name, code, object, wrong: RefCell::new(None) };
        if !object.is_object() || Array::is_array(object) {
            fields.fail(Error::unexpected(code, name, "an object", kind(object)));
        }
        fields
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// The first thing that was wrong.
    pub fn done(&self) -> Result<(), Error> {
        self.wrong.take().map_or(Ok(()), Err)
    }

    /// Says that a member is wrong.
    pub fn refuse(&self, key: &str, expected: &str, found: &str) {
        let what = [self.name, ".", key].concat();
        self.fail(Error::unexpected(self.code, &what, expected, found));
    }

    /// Refuses an object that has a member only a server may have; its value is not repeated. The code
    /// is [`Code::SecretInPage`].
    pub fn refuse_secrets(&self) {
        if let Some(name) = SECRET_NAMES.iter().find(|name| self.value(name).is_some()) {
            let found = ["a member named ", name].concat();
            self.fail(Error::unexpected(Code::SecretInPage, self.name, "no secret", &found));
        }
    }

    /// Notes what is wrong, unless something was before.
    pub fn fail(&self, error: Error) {
        self.wrong.borrow_mut().get_or_insert(error);
    }

    /// A member as it is, unless it is absent or `null`.
    pub fn value(&self, key: &str) -> Option<JsValue> {
        member::get(self.object, key)
    }

    /// A text that must be there.
    pub fn text(&self, key: &str) -> String {
        self.optional_text(key).unwrap_or_else(|| {
            self.refuse(key, "a text", "nothing");
            String::new()
        })
    }

    /// A text that may be absent.
    pub fn optional_text(&self, key: &str) -> Option<String> {
        let value = self.value(key)?;
        let text = value.as_string();
        if text.is_none() {
            self.refuse(key, "a text", kind(&value));
        }
        text
    }

    /// One of a list of texts, or absent.
    pub fn optional_word(&self, key: &str, known: &[&str]) -> Option<String> {
        let word = self.optional_text(key)?;
        if !known.contains(&word.as_str()) {
            self.refuse(key, &known.join(", "), &redact::text(&word));
        }
        Some(word)
    }

    /// A number that must be there.
    pub fn number(&self, key: &str) -> f64 {
        let value = self.value(key).unwrap_or_default();
        value.as_f64().unwrap_or_else(|| {
            self.refuse(key, "a number", kind(&value));
            0.0
        })
    }

    /// A boolean that may be absent.
    pub fn optional_bool(&self, key: &str) -> Option<bool> {
        let value = self.value(key)?;
        let flag = value.as_bool();
        if flag.is_none() {
            self.refuse(key, "true or false", kind(&value));
        }
        flag
    }

    /// A list of texts that may be absent.
    pub fn optional_texts(&self, key: &str) -> Option<Vec<String>> {
        let value = self.value(key)?;
        let Some(list) = value.dyn_ref::<Array>() else {
            self.refuse(key, "a list of texts", kind(&value));
            return None;
        };
        let mut texts = Vec::new();
        for item in list.iter() {
            match item.as_string() {
                Some(text) => texts.push(text),
                None => self.refuse(key, "a list of texts", kind(&item)),
            }
        }
        Some(texts)
    }
}

/// What kind of value something is, without its value.
pub fn kind(value: &JsValue) -> &'static str {
    if value.is_undefined() || value.is_null() {
        "nothing"
    } else if value.is_string() {
        "a text"
    } else if value.as_f64().is_some() {
        "a number"
    } else if value.as_bool().is_some() {
        "true or false"
    } else if value.is_function() {
        "a function"
    } else if Array::is_array(value) {
        "a list"
    } else {
        "an object"
    }
}
