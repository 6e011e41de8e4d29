//! The workbench's methods: field-standard names over the vendor's exact calls (`vendor/tccc.md` §1).
//!
//! * [`table`]: every method the vendor has, with what it takes and what it answers.
//!
//! One table for everybody: the core checks options and answers by it, `js/` builds the workbench's
//! groups from its names, and the documentation lists it.

pub mod table;

pub use table::METHODS;

use crate::shape::Member;

/// One method.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// As a page calls it: group and name, like `call.hangUp`.
    pub name: &'static str,
    /// As the vendor spells it: `Call.hungUp`, or a function of the global itself.
    pub vendor: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What its answer is.
    pub answers: Answers,
}

/// What a method takes.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// An object of these members; only a session's id may be given as it is.
    Members(&'static [Member]),
    /// An object of these members, at least one of them.
    SomeOf(&'static [Member]),
    /// A function.
    Function,
    /// Whatever the vendor takes: the signature is not published.
    Anything,
}

/// What a method answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Nothing a page could use.
    Nothing,
    /// The session that was begun: an object with a `sessionId`.
    Session,
    /// True or false.
    Flag,
    /// A text.
    Text,
    /// A list.
    List,
    /// Whatever the vendor says: the answer is not published.
    Anything,
}

impl Method {
    /// The method of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        METHODS.iter().find(|method| method.name == name)
    }
}

impl Takes {
    /// The members of the options, if it is an object of known ones.
    pub fn members(self) -> &'static [Member] {
        match self {
            Self::Members(members) | Self::SomeOf(members) => members,
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_and_every_vendor_call_is_there_once() {
        for (index, method) in METHODS.iter().enumerate() {
            for other in &METHODS[index + 1..] {
                assert_ne!(method.name, other.name);
                assert_ne!(method.vendor, other.vendor);
            }
            assert_eq!(method.name.split('.').count(), 2, "{}", method.name);
            assert_eq!(Method::named(method.name).map(|found| found.vendor), Some(method.vendor));
        }
        assert!(Method::named("call.hungUp").is_none(), "that is the vendor's spelling");
    }

    #[test]
    fn every_member_is_named_once_and_one_of_some_is_never_needed_alone() {
        for method in METHODS {
            let members = method.takes.members();
            for (index, member) in members.iter().enumerate() {
                assert!(members[index + 1..].iter().all(|other| other.name != member.name));
            }
            if matches!(method.takes, Takes::SomeOf(_)) {
                assert!(members.iter().filter(|member| !member.needed).count() > 1);
            }
        }
    }
}
