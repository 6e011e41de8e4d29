//! JSON objects that keep the order of their members.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::ser::Serializer;
use serde_json::Value;

/// The members of a JSON object, in the order in which they were written.
///
/// ```
/// let members: calldock_signing::Members = serde_json::from_str(r#"{"b":"x","a":1}"#)?;
/// assert_eq!(members.json(), r#"{"b":"x","a":1}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members(pub Vec<(String, Value)>);

impl Members {
    /// Returns the value of a member, if it is a string.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name)?.1.as_str()
    }

    /// Writes the object as a browser's `JSON.stringify` does: no spaces, no escapes beyond those needed.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("strings and JSON values can always be written")
    }
}

impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for Members {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(members: I) -> Self {
        Self(members.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl serde::Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> serde::Deserialize<'de> for Members {
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
        let members: Members = serde_json::from_str(r#"{"a":18495516346744073709551632}"#).unwrap();
        assert_eq!(members.json(), r#"{"a":1.8495516346744074e+25}"#);
    }

    #[test]
    fn another_value_is_refused_by_what_was_expected() {
        let error = serde_json::from_str::<Members>("[]").err().unwrap();
        assert!(error.to_string().contains("expected an object"), "{error}");
    }

    #[test]
    fn a_member_written_twice_is_refused() {
        assert!(serde_json::from_str::<Members>(r#"{"a":1,"a":2}"#).is_err());
    }
}
