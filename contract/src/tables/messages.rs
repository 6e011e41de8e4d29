//! The `ccc-sdk` messages a page posts to the workbench around it: `{source: 'ccc-sdk', payload:
//! {event, message}}` (screen-pop guide, "来电弹屏调用电话呼出能力"; `docs/vendor/tccc.md` §2; `docs/vendor/field.md` F5).
//!
//! A new message of the vendor's is one entry here and a run of `cargo xtask generate`.

use super::shape::{Form, Shape, needed, optional};

/// One kind of message.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    /// The name on the wire.
    pub event: &'static str,
    /// What it carries.
    pub body: Body,
    /// What it does.
    pub doc: &'static str,
}

/// What a message carries.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// An object of this shape.
    Object(&'static Shape),
    /// A text.
    Text,
}

/// The value of `source` in every message.
pub const SOURCE: &str = "ccc-sdk";

/// The member of a custom message that is always 1: the workbench knows by it that it came from a page.
pub const FROM_POST_MESSAGE: &str = "fromPostMessage";

/// The card of the Desk edition, which a method and a message both carry (`docs/vendor/tccc.md` §1 and §2).
pub const CARD: Shape = Shape::new(
    "ChatCard",
    "A card of the Desk edition.",
    &[
        needed("header", Form::Text, "The headline."),
        needed("desc", Form::Text, "What is written under it."),
        needed("pic", Form::Text, "The address of the picture."),
        needed("url", Form::Text, "The address it links to."),
    ],
);

/// Every kind of message: the first calls a number, the others are for the customer of a Desk chat.
pub const MESSAGES: &[Message] = &[
    Message {
        event: "callOut",
        body: Body::Object(&Shape::new(
            "CallOut",
            "A number to call.",
            &[
                needed(
                    "phoneNumber",
                    Form::Phone,
                    "`13800000000`, `0086…`, `+86…`, `0755-…`, an extension, or an id of the vendor's number mapping.",
                ),
                optional(
                    "desc",
                    Form::TextTo(256),
                    "What the workbench shows in place of the number; at most 256 characters.",
                ),
            ],
        )),
        doc: "Asks the workbench to call a number: its dial pad opens.",
    },
    Message { event: "sendCard", body: Body::Object(&CARD), doc: "Sends a card to the customer." },
    Message {
        event: "sendCustomMessage",
        body: Body::Object(&Shape::new(
            "CustomMessage",
            "A message of the company's own kind.",
            &[
                needed("title", Form::Text, "The headline."),
                needed("description", Form::Text, "What is written under it."),
                needed("iconUrl", Form::Text, "The address of the picture."),
                optional(
                    "extension",
                    Form::Json,
                    "Data for the receiving side: a text, an object or a list.",
                ),
                optional(
                    FROM_POST_MESSAGE,
                    Form::Number,
                    "1, as the vendor's sample has it; it is sent in any case.",
                ),
            ],
        )),
        doc: "Sends a message of the company's own kind to the customer.",
    },
    Message { event: "sendTextMessage", body: Body::Text, doc: "Sends a text to the customer." },
];

impl Message {
    /// The message of that name on the wire.
    pub fn named(event: &str) -> Option<&'static Self> {
        MESSAGES.iter().find(|message| message.event == event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::shape;

    #[test]
    fn every_message_is_found_by_the_vendors_spelling_and_no_other() {
        for message in MESSAGES {
            assert_eq!(Message::named(message.event).map(|found| found.event), Some(message.event));
            if let Body::Object(shape) = message.body {
                shape::check(shape);
            }
        }
        for other in ["callout", "format", ""] {
            assert!(Message::named(other).is_none(), "{other}");
        }
    }
}
