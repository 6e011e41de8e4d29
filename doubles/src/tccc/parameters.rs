//! The parameters of a cloud API action, read as strictly as the vendor reads them.

use serde_json::{Map, Value};

use super::{centre::SDK_APP_ID, tc3::Refusal};

/// The body of a request to the cloud API.
pub struct Parameters(Map<String, Value>);

impl Parameters {
    /// Reads a body that may have these parameters and no other.
    pub fn read(body: &[u8], known: &[&str]) -> Result<Self, Refusal> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(parameters)) => Self::of(parameters, known),
            _ => Err(("InvalidParameter", "The body is not a JSON object.".into())),
        }
    }

    /// An object within a body, which may have these members and no other.
    pub fn of(parameters: Map<String, Value>, known: &[&str]) -> Result<Self, Refusal> {
        match parameters.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => {
                Err(("UnknownParameter", format!("The parameter `{name}` is not recognized.")))
            }
            None => Ok(Self(parameters)),
        }
    }

    /// A required text.
    pub fn text(&self, name: &str) -> Result<&str, Refusal> {
        self.required(name)?.as_str().ok_or_else(|| wrong_type(name))
    }

    /// A required whole number.
    pub fn integer(&self, name: &str) -> Result<i64, Refusal> {
        self.required(name)?.as_i64().ok_or_else(|| wrong_type(name))
    }

    /// An optional flag.
    pub fn flag(&self, name: &str) -> Result<bool, Refusal> {
        let flag = |value: &Value| value.as_bool().ok_or_else(|| wrong_type(name));
        self.0.get(name).map_or(Ok(false), flag)
    }

    /// An optional text; null is none.
    pub fn optional_text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.0.get(name).filter(|value| !value.is_null()) {
            None => Ok(None),
            Some(value) => value.as_str().map(Some).ok_or_else(|| wrong_type(name)),
        }
    }

    /// An optional whole number that is not negative; null is none.
    pub fn optional_count(&self, name: &str) -> Result<Option<u64>, Refusal> {
        match self.0.get(name).filter(|value| !value.is_null()) {
            None => Ok(None),
            Some(value) => value.as_u64().map(Some).ok_or_else(|| wrong_type(name)),
        }
    }

    /// A list, empty if it is left out.
    pub fn list(&self, name: &str) -> Result<&[Value], Refusal> {
        match self.0.get(name).filter(|value| !value.is_null()) {
            None => Ok(&[]),
            Some(value) => value.as_array().map(Vec::as_slice).ok_or_else(|| wrong_type(name)),
        }
    }

    /// `SdkAppId`, of the one contact centre there is.
    pub fn sdk_app_id(&self) -> Result<u64, Refusal> {
        let id = self.required("SdkAppId")?.as_u64().ok_or_else(|| wrong_type("SdkAppId"))?;
        if id == SDK_APP_ID {
            Ok(id)
        } else {
            Err(("InvalidParameterValue.InstanceNotExist", "The instance does not exist.".into()))
        }
    }

    fn required(&self, name: &str) -> Result<&Value, Refusal> {
        self.0.get(name).ok_or_else(|| missing(name))
    }
}

/// A parameter, or a header that counts as one, was not sent.
pub fn missing(name: &str) -> Refusal {
    ("MissingParameter", format!("The request is missing a required parameter `{name}`."))
}

fn wrong_type(name: &str) -> Refusal {
    ("InvalidParameter", format!("The value type of parameter `{name}` is not valid."))
}
