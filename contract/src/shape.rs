//! What an object of a page's looks like, as a table: the core checks it member by member.

/// One member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// The vendor's name.
    pub name: &'static str,
    /// What it looks like.
    pub form: Form,
    /// Whether it must be there, and not be empty.
    pub needed: bool,
}

/// A member that must be there.
pub const fn needed(name: &'static str, form: Form) -> Member {
    Member { name, form, needed: true }
}

/// A member that may be there.
pub const fn optional(name: &'static str, form: Form) -> Member {
    Member { name, form, needed: false }
}

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// A text.
    Text,
    /// A text of at most so many characters.
    TextTo(usize),
    /// A [`crate::PhoneNumber`], unless `phoneEncodeType` says that the vendor has encoded it.
    Phone,
    /// A text or a number: the vendor writes ids of skill groups both ways.
    Id,
    /// A list of texts.
    Texts,
    /// True or false.
    Flag,
    /// Telephone keys: digits, `*` and `#`.
    Keys,
    /// One of these texts.
    Word(&'static [&'static str]),
    /// An object of these members.
    Object(&'static [Member]),
}

/// Whether a text is made of telephone keys.
pub fn are_keys(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|key| key.is_ascii_digit() || b"*#".contains(&key))
}

/// The card of the Desk edition, which a method and a message both carry (`vendor/tccc.md` §1 and §2).
pub const CARD: &[Member] = &[
    needed("header", Form::Text),
    needed("desc", Form::Text),
    needed("pic", Form::Text),
    needed("url", Form::Text),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_digits_star_and_hash() {
        assert!(are_keys("0123456789*#"));
        for text in ["", "1 2", "a", "+1", "１"] {
            assert!(!are_keys(text), "{text}");
        }
    }
}
