//! JSON objects whose members keep their order, since the signature depends on it.

use std::fmt;

use serde::Serialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use super::reading::PayloadOrder;

/// The four members that are vouched for, in the guide's order (seed 001, chapter 2.5.1, step 5).
pub const FOUR: [&str; 4] = ["thirdUserName", "thirdUserId", "tenantSpaceId", "channelConfigId"];

/// The members of an object, in the order in which they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members(pub Vec<(String, Value)>);

impl Members {
    /// The value of that name, if it is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name)?.1.as_str()
    }

    /// All of them, to choose from and to put in another order.
    pub fn all(&self) -> Selection<'_> {
        Selection(self.0.iter().map(|(name, value)| (&**name, Worth::Any(value))).collect())
    }

    /// As a browser's `JSON.stringify` writes it: no spaces, no more escapes than needed.
    pub fn json(&self) -> String {
        self.all().json()
    }
}

/// Some members of an object. They stay where they are: a signature is made for every login.
#[derive(Clone, Debug)]
pub struct Selection<'a>(Vec<(&'a str, Worth<'a>)>);

/// A member's value.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
enum Worth<'a> {
    Text(&'a str),
    Any(&'a Value),
}

impl<'a> Selection<'a> {
    /// The four with these texts, and whatever else there is.
    pub fn of_four(texts: [&'a str; 4], rest: &'a Members) -> Self {
        let four = FOUR.into_iter().zip(texts.map(Worth::Text));
        Self(four.chain(rest.all().0).collect())
    }

    /// Only the members whose names are wanted.
    pub fn only(&self, wanted: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|(name, _)| wanted(name)).copied().collect())
    }

    /// The same with one more text.
    pub fn with(mut self, name: &'a str, text: &'a str) -> Self {
        self.0.push((name, Worth::Text(text)));
        self
    }

    /// The same in another order.
    pub fn ordered(mut self, order: PayloadOrder) -> Self {
        match order {
            PayloadOrder::Given => {}
            PayloadOrder::Documented => self.0.sort_by_key(|(name, _)| documented(name)),
            PayloadOrder::Alphabetical => self.0.sort_by_key(|(name, _)| *name),
            PayloadOrder::HashMap => {
                let buckets = buckets(self.0.len());
                // Within a bucket they stand as they were put in, which is the guide's order.
                self.0.sort_by_key(|(name, _)| (spread(name) & (buckets - 1), documented(name)));
            }
        }
        self
    }

    /// See [`Members::json`].
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers can be written as JSON")
    }
}

/// The place in the guide's order; what it does not name comes last.
fn documented(name: &str) -> usize {
    FOUR.iter().position(|known| *known == name).unwrap_or(FOUR.len())
}

/// How many buckets a `java.util.HashMap` has that was filled one by one.
fn buckets(members: usize) -> u32 {
    let mut buckets = 16;
    while members > buckets as usize * 3 / 4 {
        buckets *= 2;
    }
    buckets
}

/// `java.util.HashMap`'s spread of `String.hashCode`.
fn spread(name: &str) -> u32 {
    let hash = name
        .encode_utf16()
        .fold(0u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    hash ^ (hash >> 16)
}

impl Serialize for Selection<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
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
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if members.iter().any(|(known, _)| *known == name) {
                        return Err(A::Error::custom("a member comes twice"));
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

    fn order(order: PayloadOrder) -> String {
        let text = r#"{"extra":1,"channelConfigId":"4","tenantSpaceId":"3","thirdUserId":"2","thirdUserName":"1"}"#;
        let members: Members = serde_json::from_str(text).unwrap();
        assert_eq!(members.json(), text);
        let names: Vec<_> =
            members.all().ordered(order).0.into_iter().map(|(name, _)| name).collect();
        names.join(" ")
    }

    #[test]
    fn each_order_is_what_its_name_says() {
        assert_eq!(
            order(PayloadOrder::Documented),
            "thirdUserName thirdUserId tenantSpaceId channelConfigId extra"
        );
        assert_eq!(
            order(PayloadOrder::Alphabetical),
            "channelConfigId extra tenantSpaceId thirdUserId thirdUserName"
        );
        // As a Java 17 prints the key set of such a map.
        assert_eq!(
            order(PayloadOrder::HashMap),
            "thirdUserId tenantSpaceId thirdUserName channelConfigId extra"
        );
    }

    #[test]
    fn a_member_comes_once() {
        assert!(serde_json::from_str::<Members>(r#"{"a":1,"a":2}"#).is_err());
    }
}
