//! The `ccc-sdk` messages a page posts to the workbench around it: `{source: 'ccc-sdk', payload:
//! {event, message}}` (seed 004, "来电弹屏调用电话呼出能力"; `vendor/tccc.md` §2).

use crate::shape::{self, Form, Member, needed, optional};

/// One kind of message.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    /// What is asked of the workbench.
    pub event: &'static str,
    /// What it says.
    pub body: Body,
}

/// What a message says.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// An object of these members.
    Members(&'static [Member]),
    /// A text.
    Text,
}

/// The member a custom message has anyway, always 1: the workbench knows by it that it came from a page.
pub const FROM_POST_MESSAGE: &str = "fromPostMessage";

/// Every kind of message: the first calls a number, the others are for the customer of a Desk chat.
pub const MESSAGES: [Message; 4] = [
    Message {
        event: "callOut",
        body: Body::Members(&[
            needed("phoneNumber", Form::Phone),
            // What the workbench shows in place of the number.
            optional("desc", Form::TextTo(256)),
        ]),
    },
    Message { event: "sendCard", body: Body::Members(shape::CARD) },
    Message {
        event: "sendCustomMessage",
        body: Body::Members(&[
            needed("title", Form::Text),
            needed("description", Form::Text),
            needed("iconUrl", Form::Text),
            // Whatever the receiving side understands.
            optional("extension", Form::Text),
        ]),
    },
    Message { event: "sendTextMessage", body: Body::Text },
];

impl Message {
    /// The message of that event.
    pub fn named(event: &str) -> Option<&'static Self> {
        MESSAGES.iter().find(|message| message.event == event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_found_by_the_vendors_spelling_and_no_other() {
        for message in &MESSAGES {
            assert_eq!(Message::named(message.event).map(|found| found.event), Some(message.event));
        }
        for other in ["callout", "format", ""] {
            assert!(Message::named(other).is_none(), "{other}");
        }
    }
}
