//! Reads an object of the page's, member by member, and names the one that is wrong.
//!
//! A deserializer's own message would repeat the value, which may be a token or a number.

use calldock_contract::{Code, Error, SECRET_NAMES};
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// An object being read.
pub struct Fields<'a> {
    /// What to call it in a message.
    name: &'a str,
    /// The code of a failure.
    code: Code,
    object: &'a JsValue,
}

impl<'a> Fields<'a> {
    /// Begins to read an object.
    ///
    /// # Errors
    /// `code`, where it is no object.
    pub fn of(name: &'a str, code: Code, object: &'a JsValue) -> Result<Self, Error> {
        if object.is_object() && !Array::is_array(object) {
            return Ok(Self { name, code, object });
        }
        Err(Error::unexpected(code, name, "an object", kind(object)))
    }

    fn get(&self, key: &str) -> Option<JsValue> {
        let value = Reflect::get(self.object, &key.into()).ok()?;
        (!value.is_undefined() && !value.is_null()).then_some(value)
    }

    /// The failure of one member.
    pub fn wrong(&self, key: &str, expected: &str, found: &str) -> Error {
        Error::unexpected(self.code, &[self.name, ".", key].concat(), expected, found)
    }

    /// Whether a member is there, whatever it is.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Refuses an object that has a member only a server may have; its value is not repeated.
    ///
    /// # Errors
    /// [`Code::SecretInPage`].
    pub fn refuse_secrets(&self) -> Result<(), Error> {
        match SECRET_NAMES.iter().find(|name| self.has(name)) {
            Some(name) => {
                let found = ["a member named ", name].concat();
                Err(Error::unexpected(Code::SecretInPage, self.name, "no secret", &found))
            }
            None => Ok(()),
        }
    }

    /// A member as it is.
    pub fn value(&self, key: &str) -> Option<JsValue> {
        self.get(key)
    }

    /// A text that must be there.
    pub fn text(&self, key: &str) -> Result<String, Error> {
        self.optional_text(key)?.ok_or_else(|| self.wrong(key, "a text", "nothing"))
    }

    /// A text that may be absent.
    pub fn optional_text(&self, key: &str) -> Result<Option<String>, Error> {
        self.get(key)
            .map(|value| value.as_string().ok_or_else(|| self.wrong(key, "a text", kind(&value))))
            .transpose()
    }

    /// A number that must be there.
    pub fn number(&self, key: &str) -> Result<f64, Error> {
        let value = self.get(key).unwrap_or_default();
        value.as_f64().ok_or_else(|| self.wrong(key, "a number", kind(&value)))
    }

    /// A boolean that may be absent.
    pub fn optional_bool(&self, key: &str) -> Result<Option<bool>, Error> {
        self.get(key)
            .map(|value| {
                value.as_bool().ok_or_else(|| self.wrong(key, "true or false", kind(&value)))
            })
            .transpose()
    }

    /// A list of texts that may be absent.
    pub fn optional_texts(&self, key: &str) -> Result<Option<Vec<String>>, Error> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let Some(list) = value.dyn_ref::<Array>() else {
            return Err(self.wrong(key, "a list of texts", kind(&value)));
        };
        let text = |item: JsValue| {
            item.as_string().ok_or_else(|| self.wrong(key, "a list of texts", kind(&item)))
        };
        list.iter().map(text).collect::<Result<_, _>>().map(Some)
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
