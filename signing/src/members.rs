//! JSON objects that keep the order of their members.

use std::collections::BTreeSet;
use std::fmt;
use std::io;

use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use serde_json::Number;
use serde_json::ser::{CompactFormatter, Formatter};

/// The members of a JSON object, in the order in which they were written; so are those of the objects in it. A
/// member that is written twice is refused.
///
/// ```
/// let members: calldock_signing::Members = serde_json::from_str(r#"{"b":"x","a":1}"#)?;
/// assert_eq!(members.json(), r#"{"b":"x","a":1}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members(pub Vec<(String, Value)>);

/// A JSON value whose objects keep the order of their members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object.
    Object(Members),
    /// `null`.
    Null(()),
}

impl Value {
    /// Returns the text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }
}

impl<T: Into<String>> From<T> for Value {
    fn from(text: T) -> Self {
        Self::String(text.into())
    }
}

impl Members {
    /// Returns the value of a member, if it is a string.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name)?.1.as_str()
    }

    /// Writes the object as a browser's `JSON.stringify` does: no spaces, no escapes beyond those needed,
    /// `1.0` as `1`.
    pub fn json(&self) -> String {
        let mut json = Vec::new();
        let mut serializer = serde_json::Serializer::with_formatter(&mut json, Browser);
        self.serialize(&mut serializer).expect("strings and JSON values can always be written");
        String::from_utf8(json).expect("JSON is UTF-8")
    }
}

/// Writes numbers as ECMAScript's `Number::toString` does: all are doubles, a whole one has no point, and an
/// exponent is written from 22 digits on and below a millionth.
struct Browser;

impl Formatter for Browser {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        match value.abs() {
            // There is no minus zero.
            0.0 => writer.write_all(b"0"),
            1e-6..1e-5 => write!(writer, "{value}"),
            ..1e21 if value.fract() == 0.0 => write!(writer, "{value}"),
            // Of two shortest texts as near as each other it takes the even one, which `Display` does not.
            _ => CompactFormatter.write_f64(writer, value),
        }
    }

    fn write_i64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: i64) -> io::Result<()> {
        self.write_f64(writer, value as f64)
    }

    fn write_u64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        self.write_f64(writer, value as f64)
    }
}

impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for Members {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(members: I) -> Self {
        Self(members.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members: Vec<(String, Value)> = Vec::new();
                let mut names = BTreeSet::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if !names.insert(name.clone()) {
                        return Err(A::Error::custom("a member is written twice"));
                    }
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_as_a_browser_writes_it() {
        // Each as `JSON.stringify(JSON.parse(written))` gives it.
        for (written, posted) in [
            ("1.0", "1"),
            ("100.0", "100"),
            ("-0.0", "0"),
            ("-0", "0"),
            ("-1.50", "-1.5"),
            ("1724036645678", "1724036645678"),
            ("1e16", "10000000000000000"),
            ("9999999999999999", "10000000000000000"),
            ("-9223372036854775808", "-9223372036854776000"),
            ("18446744073709551615", "18446744073709552000"),
            ("123456789012345678901", "123456789012345680000"),
            ("1e21", "1e+21"),
            ("18495516346744073709551632", "1.8495516346744074e+25"),
            ("0.000001", "0.000001"),
            ("0.00000015", "1.5e-7"),
            ("-5e-324", "-5e-324"),
            ("0.0000099", "0.0000099"),
            ("271985522833918.125", "271985522833918.12"),
            ("[1.0,{\"b\":[1e16]}]", "[1,{\"b\":[10000000000000000]}]"),
        ] {
            let members: Members = serde_json::from_str(&format!("{{\"a\":{written}}}")).unwrap();
            assert_eq!(members.json(), format!("{{\"a\":{posted}}}"), "{written}");
        }
    }

    #[test]
    fn another_value_is_refused_by_what_was_expected() {
        let error = serde_json::from_str::<Members>("[]").err().unwrap();
        assert!(error.to_string().contains("expected an object"), "{error}");
    }

    #[test]
    fn objects_within_keep_the_order_of_their_members_too() {
        for text in [
            r#"{"b":{"d":1,"c":[{"f":null,"e":true},[]]},"a":{}}"#,
            r#"{"z":[{"y":"","x":-1.5}],"w":false}"#,
        ] {
            let members: Members = serde_json::from_str(text).unwrap();
            assert_eq!(members.json(), text);
        }
    }

    #[test]
    fn a_member_written_twice_is_refused_at_any_depth() {
        for text in [r#"{"a":1,"a":2}"#, r#"{"b":{"a":1,"a":1}}"#, r#"{"b":[[{"a":1,"a":2}]]}"#] {
            assert!(serde_json::from_str::<Members>(text).is_err(), "{text}");
        }
    }
}
