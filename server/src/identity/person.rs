//! A person identified by a gateway, a token or an account.

use super::Visitor;

/// An identified person.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The id in the company's own system: an agent's is the mail address the agent was added with.
    pub id: String,
    /// The display name, if it is known.
    pub name: Option<String>,
}

impl Person {
    /// Creates a person. The id has 1 to 256 bytes without control characters; an invalid name is left out.
    ///
    /// # Errors
    /// What was expected of the id.
    pub fn new(id: &str, name: Option<&str>) -> Result<Self, &'static str> {
        let name = name.map(str::trim).and_then(|name| Visitor::part(name).ok());
        Ok(Self { id: Visitor::part(id)?, name })
    }
}

impl std::fmt::Debug for Person {
    /// Personal data: shows lengths only.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let redact = calldock_contract::redact::text;
        let name = self.name.as_deref().map_or_else(|| "none".to_owned(), redact);
        write!(f, "Person(id {}, name {name})", redact(&self.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_an_id_and_perhaps_a_name() {
        let person = Person::new("10010001", Some(" 张三 ")).unwrap();
        assert_eq!(person.name.as_deref(), Some("张三"));
        for name in [None, Some(""), Some("a\nb"), Some(" ")] {
            assert_eq!(Person::new("10010001", name).unwrap().name, None, "{name:?}");
        }
        assert!(Person::new("", None).is_err() && Person::new("a\r\nb", None).is_err());
        let shown = format!("{person:?}");
        assert!(!shown.contains("1001") && !shown.contains("张"), "{shown}");
    }
}
