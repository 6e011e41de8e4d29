//! How a table describes an object: its members, their forms, and the rules between them.
//!
//! The browser never compiles this: `cargo xtask generate` writes it into `js/generated/`, where
//! `js/check.ts` interprets it.

/// One member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// The name a page uses.
    pub name: &'static str,
    /// The name the vendor uses, where it differs.
    pub vendor: Option<&'static str>,
    /// Other spellings of the name that are accepted.
    pub aliases: &'static [&'static str],
    /// What its value looks like.
    pub form: Form,
    /// Whether it must be there, and not be empty.
    pub needed: bool,
    /// What it means, for the types and the documentation.
    pub doc: &'static str,
}

impl Member {
    /// Gives the member the vendor's own name for it.
    pub const fn vendor(self, name: &'static str) -> Self {
        Self { vendor: Some(name), ..self }
    }

    /// Accepts other spellings too.
    pub const fn or(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }
}

/// A member that must be there.
pub const fn needed(name: &'static str, form: Form, doc: &'static str) -> Member {
    Member { name, vendor: None, aliases: &[], form, needed: true, doc }
}

/// A member that may be absent.
pub const fn optional(name: &'static str, form: Form, doc: &'static str) -> Member {
    Member { needed: false, ..needed(name, form, doc) }
}

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// A text.
    Text,
    /// A text of at most so many characters (100 or more, see `js/check.ts`).
    TextTo(usize),
    /// A telephone number; the core reads it by [`crate::PhoneNumber`].
    Phone,
    /// A text or a number: the vendor writes ids of skill groups both ways.
    Id,
    /// A list of texts.
    Texts,
    /// A list of texts, whose TypeScript type allows only these words.
    WordList(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A finite number.
    Number,
    /// Telephone keys: digits, `*` and `#`.
    Keys,
    /// JSON data of any depth, copied: texts, numbers, booleans, lists and objects.
    Json,
    /// A function of this TypeScript type.
    Function(&'static str),
    /// A value that is handed on as it is, of this TypeScript type.
    Any(&'static str),
    /// One of these texts.
    Words(&'static [&'static str]),
    /// One of these texts, or one the vendor has not documented. Only in responses and events.
    OpenWords(&'static [&'static str]),
    /// A value of another TypeScript type. Only in responses and events, which are never checked.
    Typed(&'static str),
    /// An object of this shape.
    Object(&'static Shape),
}

/// An object.
#[derive(Debug)]
pub struct Shape {
    /// The name of its TypeScript type.
    pub name: &'static str,
    /// What it is, for the types and the documentation.
    pub doc: &'static str,
    /// Its members.
    pub members: &'static [Member],
    /// What holds between the members.
    pub rule: Rule,
    /// What becomes of members that are not listed.
    pub unlisted: Unlisted,
}

/// What holds between the members of an object.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// Nothing.
    None,
    /// At least one of these must be there.
    SomeOf(&'static [&'static str]),
    /// Where the first is there, the others must be too.
    Together(&'static str, &'static [&'static str]),
    /// All of these must be there, or none.
    AllOrNone(&'static [&'static str]),
    /// The member that the value of this one names must be there.
    NamedBy(&'static str),
}

/// What becomes of members that are not listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlisted {
    /// They are refused: a misspelt option must not be dropped in silence.
    Refused,
    /// They are ignored: a server may respond with more than is needed.
    Ignored,
}

impl Shape {
    /// An object of these members and no others.
    pub const fn new(name: &'static str, doc: &'static str, members: &'static [Member]) -> Self {
        Self { name, doc, members, rule: Rule::None, unlisted: Unlisted::Refused }
    }

    /// Adds a rule.
    pub const fn rule(self, rule: Rule) -> Self {
        Self { rule, ..self }
    }

    /// Ignores members that are not listed.
    pub const fn open(self) -> Self {
        Self { unlisted: Unlisted::Ignored, ..self }
    }

    /// The member of that name.
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

/// Checks what the generator and `js/check.ts` rely on; for the tests of the tables.
#[cfg(test)]
pub fn check(shape: &Shape) {
    for (index, member) in shape.members.iter().enumerate() {
        let place = format!("{}.{}", shape.name, member.name);
        let others = &shape.members[index + 1..];
        assert!(others.iter().all(|other| other.name != member.name), "{place} is there twice");
        let plain =
            |name: &str| !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric());
        assert!(plain(member.name) && member.vendor.is_none_or(plain), "{place}");
        assert!(member.aliases.iter().all(|alias| plain(alias)), "{place}");
        assert!(!member.doc.is_empty(), "{place} has no documentation");
        match member.form {
            Form::TextTo(limit) => assert!(limit >= 100, "{place}: shorter limits are not encoded"),
            Form::Object(inner) => check(inner),
            _ => {}
        }
    }
    let known = |name: &str| assert!(shape.member(name).is_some(), "{}: {name}", shape.name);
    match shape.rule {
        Rule::None => {}
        Rule::SomeOf(names) => {
            names.iter().for_each(|name| known(name));
            assert!(names.iter().all(|name| shape.member(name).is_some_and(|m| !m.needed)));
        }
        Rule::AllOrNone(names) => names.iter().for_each(|name| known(name)),
        Rule::Together(first, rest) => {
            known(first);
            rest.iter().for_each(|name| known(name));
        }
        Rule::NamedBy(name) => {
            known(name);
            if let Some(Member { form: Form::Words(words), .. }) = shape.member(name) {
                words.iter().for_each(|word| known(word));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_has_what_it_was_given() {
        const MEMBERS: &[Member] = &[
            needed("url", Form::TextTo(4096), "The address.").vendor("SdkURL").or(&["sdkURL"]),
            optional("token", Form::Text, "The token.").or(&["sdkToken"]).vendor("SdkToken"),
        ];
        const SHAPE: Shape =
            Shape::new("Login", "A login.", MEMBERS).rule(Rule::Together("token", &["url"])).open();
        let of = |name: &str| SHAPE.member(name).map(|m| (m.needed, m.vendor, m.aliases));
        assert_eq!(of("url"), Some((true, Some("SdkURL"), &["sdkURL"][..])));
        assert_eq!(of("token"), Some((false, Some("SdkToken"), &["sdkToken"][..])));
        assert_eq!(of("SdkURL"), None);
        assert!(matches!(SHAPE.rule, Rule::Together("token", ["url"])));
        assert_eq!((SHAPE.name, SHAPE.unlisted), ("Login", Unlisted::Ignored));
        check(&SHAPE);
    }
}
