//! What the vendors respond with, and words they use: for the types and the documentation.

use super::shape::{Form, Shape, needed, optional};

/// A set of words: its TypeScript name, what it is, the words.
pub type Words = (&'static str, &'static str, &'static [&'static str]);

/// Sets of words that a vendor may extend.
pub const WORDS: &[Words] = &[
    (
        "ServerType",
        "The kind of seat a telephone session runs on.",
        &["staffSeat", "staffPhoneSeat", "miniProgramSeat", "staffExtensionSeat"],
    ),
    (
        "AgentStatus",
        "The agent's status.",
        &["free", "busy", "arrange", "notReady", "rest", "offline"],
    ),
];

/// Objects in responses and events.
pub const RESPONSES: &[Shape] = &[
    Shape::new(
        "IvrStep",
        "One key a customer pressed in the voice menu.",
        &[
            needed("key", Form::Text, "The key."),
            needed("label", Form::Text, "What it stands for."),
        ],
    ),
    Shape::new(
        "StartedCall",
        "A call that was started.",
        &[
            optional(
                "sessionId",
                Form::Text,
                "The session; absent where the vendor responds with a plain success. The event `outgoing` names it.",
            ),
            optional("calleePhoneNumber", Form::Text, "The number that is called."),
            optional("callerPhoneNumber", Form::Text, "The number the called party sees."),
            optional("serverType", Form::Typed("ServerType"), "The kind of seat it runs on."),
            optional("calleeLocation", Form::Text, "Where the number is from."),
            optional("remark", Form::Text, "What the agents have noted about the customer."),
        ],
    ),
    Shape::new(
        "SkillGroup",
        "A group of agents.",
        &[
            needed("skillGroupName", Form::Text, "Its name."),
            needed("skillGroupId", Form::Id, "Its id."),
        ],
    ),
    Shape::new(
        "WorkbenchButton",
        "A button of the vendor's interface. The vendor's other members are kept.",
        &[needed(
            "type",
            Form::OpenWords(&[
                "transferSeat",
                "transferSkillGroup",
                "holdToggle",
                "forwardOut",
                "showKeyboard",
                "selfService",
            ]),
            "Which button it is.",
        )],
    ),
    Shape::new(
        "RefusedMessage",
        "A message that was not served.",
        &[
            needed(
                "reason",
                Form::Words(&["origin", "source", "rate", "form", "replay"]),
                "Why: an origin that is not in `allow`, a source that is neither a frame of this page nor in one (or no longer shows the page that got the port), more than `callsPerMinute`, not of the documented form, or a message that was served before.",
            ),
            needed("origin", Form::Text, "The origin it came from."),
        ],
    ),
    Shape::new(
        "IncomingNotice",
        "What a notification says.",
        &[
            needed("title", Form::Text, "The headline."),
            optional("body", Form::Text, "What is written under it."),
            optional("icon", Form::Text, "The address of a picture."),
        ],
    ),
    Shape::new(
        "ChannelResponse",
        "CEC's response to a command.",
        &[
            optional(
                "resultCode",
                Form::Text,
                "`0` where it was done; anything else is a `VENDOR_REJECTED`.",
            ),
            optional("resultDesc", Form::Text, "The vendor's text."),
        ],
    ),
    Shape::new(
        "ChannelConfig",
        "The web channel's configuration (`queryChannelConfigByChannelAndId`), in the vendor's words.",
        &[
            needed(
                "queueReminderContent",
                Form::Typed("string | null"),
                "What a waiting visitor reads.",
            ),
            needed("queueReminderInterval", Form::Number, "How often, in seconds."),
            needed(
                "useRobot",
                Form::Text,
                "Whether a robot responds first: `'true'` or `'false'`.",
            ),
            needed(
                "toArtificialKeyWord",
                Form::Typed("string | null"),
                "The word that leads from the robot to an agent.",
            ),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::shape;

    #[test]
    fn the_shapes_are_well_formed() {
        RESPONSES.iter().for_each(shape::check);
    }
}
