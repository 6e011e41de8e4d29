//! The workbench's methods: field-standard names over the vendor's exact calls (`docs/vendor/tccc.md` §1,
//! "Methods"; the agent SDK reference and guide; `docs/vendor/field.md` F2, F3, F5, F11, F14).
//!
//! A new method of the vendor's is one entry here and a run of `cargo xtask generate`.

use super::messages::CARD;
use super::shape::{Form, Member, Rule, Shape, needed, optional};

/// One method.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// As a page calls it: group and name, like `call.hangUp`.
    pub name: &'static str,
    /// As the vendor spells it: `Call.hungUp`, or a function of the global itself.
    pub vendor: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What it responds with.
    pub response: Response,
    /// What it does.
    pub doc: &'static str,
}

/// What a method takes.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// An object of this shape. Where a session's id is all it needs, the id alone is accepted.
    Options(&'static Shape),
    /// A function that is asked about each button of the vendor's interface.
    Buttons,
    /// Whatever the vendor takes: the signature is not published.
    Anything,
}

/// What a method responds with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    /// Nothing that a page can use.
    Nothing,
    /// The call that was started. A plain success without a session's id is a success too.
    Session,
    /// `true` or `false`.
    Flag,
    /// The agent's status.
    Status,
    /// A list of audio devices.
    Devices,
    /// A list of skill groups.
    SkillGroups,
    /// Whatever the vendor responds with: it is not published.
    Anything,
}

/// The groups in their order, with what they are about.
pub const GROUPS: [(&str, &str); 7] = [
    ("call", "Telephone calls."),
    ("chat", "Text chats."),
    ("video", "Video calls."),
    ("agent", "The agent."),
    ("admin", "The contact centre."),
    ("devices", "What the agent hears and speaks with."),
    ("ui", "The vendor's interface."),
];

const SESSION_ID: Member = needed("sessionId", Form::Text, "The session, as its events name it.");

const SESSION_SHAPE: Shape = Shape::new("SessionOptions", "Which session is meant.", &[SESSION_ID]);

/// One session, and nothing else.
const SESSION: Takes = Takes::Options(&SESSION_SHAPE);

const OUTBOUND: Takes = Takes::Options(&Shape::new(
    "OutboundCallOptions",
    "The options of an outbound call.",
    &[
        needed(
            "phoneNumber",
            Form::Phone,
            "The number to call: `13800000000`, `0086…`, `+86…`, `0755-…`, an extension, or an id of the vendor's number mapping.",
        ),
        optional("phoneDesc", Form::Text, "What the workbench shows in place of the number."),
        optional("uui", Form::Text, "User-to-user information that travels with the call."),
        optional("skillGroupId", Form::Id, "The skill group whose number is used."),
        optional("callerPhoneNumber", Form::Text, "The number the called party sees."),
        optional(
            "servingNumberGroupIds",
            Form::Texts,
            "The groups of numbers to choose the caller's from.",
        ),
        optional(
            "phoneEncodeType",
            Form::Words(&["number"]),
            "`number` says that `phoneNumber` is a real number although number mapping is on.",
        ),
    ],
));

const INTERNAL: Takes = Takes::Options(&Shape::new(
    "InternalCallOptions",
    "The options of a call to a colleague.",
    &[
        needed("agentId", Form::Text, "The colleague.").vendor("calleeUserId"),
        optional("useMobile", Form::Flag, "Whether the colleague's mobile telephone rings."),
    ],
));

/// The vendor marks neither the group nor the agent as needed, and without both there is no target.
const TRANSFER: Takes = Takes::Options(
    &Shape::new(
        "TransferOptions",
        "Where a session is transferred to: a skill group, an agent, or an agent of a group.",
        &[
            SESSION_ID,
            optional("skillGroupId", Form::Id, "The skill group."),
            optional("agentId", Form::Text, "The agent.").vendor("userId"),
        ],
    )
    .rule(Rule::SomeOf(&["skillGroupId", "agentId"])),
);

const DIGITS: Takes = Takes::Options(&Shape::new(
    "DigitsOptions",
    "The telephone keys to press.",
    &[SESSION_ID, needed("dtmfText", Form::Keys, "Digits, `*` and `#`.")],
));

const SEND_CARD: Takes = Takes::Options(&Shape::new(
    "SendCardOptions",
    "A card for the customer of a chat.",
    &[SESSION_ID, needed("payload", Form::Object(&CARD), "The card.")],
));

const SEND_ORDER: Takes = Takes::Options(&Shape::new(
    "SendOrderOptions",
    "An order for the customer of a chat.",
    &[
        SESSION_ID,
        needed(
            "payload",
            Form::Object(&Shape::new(
                "ChatOrder",
                "An order of the Desk edition.",
                &[
                    optional("guide", Form::Text, "The line above the order."),
                    optional("name", Form::Text, "The name of the goods."),
                    optional("desc", Form::Text, "What is written under the name."),
                    optional("pic", Form::Text, "The address of the picture."),
                    optional(
                        "customField",
                        Form::Json,
                        "Further fields: a list of objects in the vendor's sample, an object in its table.",
                    ),
                ],
            )),
            "The order.",
        ),
    ],
));

/// `stopNotReady` ends `notReady`; the agent is free again.
const STATUS: Takes = Takes::Options(&Shape::new(
    "AgentStatusOptions",
    "The agent's new status.",
    &[
        needed(
            "status",
            Form::Words(&["free", "rest", "arrange", "notReady", "stopNotReady"]),
            "`stopNotReady` ends `notReady`.",
        ),
        optional(
            "restReason",
            Form::Text,
            "Why the agent rests; the reasons are configured at the vendor.",
        ),
    ],
));

macro_rules! methods {
    ($($name:literal = $vendor:literal ($takes:expr) -> $response:ident, $doc:literal;)*) => {
        /// Every method, group by group.
        pub const METHODS: &[Method] = &[
            $(Method { name: $name, vendor: $vendor, takes: $takes, response: Response::$response, doc: $doc },)*
        ];
    };
}

methods! {
    "call.startOutbound" = "Call.startOutboundCall" (OUTBOUND) -> Session, "Calls a number.";
    "call.startInternal" = "Call.startInternalCall" (INTERNAL) -> Session, "Calls a colleague.";
    "call.accept" = "Call.accept" (SESSION) -> Nothing, "Answers a ringing call.";
    "call.hangUp" = "Call.hungUp" (SESSION) -> Nothing, "Ends a call.";
    "call.delete" = "Call.deleteCall" (SESSION) -> Nothing, "Removes an ended call from the workbench.";
    "call.muteMic" = "Call.muteMic" (SESSION) -> Nothing, "Mutes the microphone.";
    "call.unmuteMic" = "Call.unmuteMic" (SESSION) -> Nothing, "Unmutes the microphone.";
    // A promise in the newer text, a boolean in the older.
    "call.isMicMuted" = "Call.isMicMuted" (SESSION) -> Flag, "Tells whether the microphone is muted.";
    "call.hold" = "Call.hold" (SESSION) -> Nothing, "Puts a call on hold.";
    "call.unhold" = "Call.unHold" (SESSION) -> Nothing, "Takes a call off hold.";
    "call.transfer" = "Call.transfer" (TRANSFER) -> Nothing, "Transfers a call.";
    "call.sendDigits" = "Call.sendDigits" (DIGITS) -> Nothing, "Presses telephone keys during a call.";
    "call.end" = "Call.end" (Takes::Anything) -> Anything, "The vendor has it; its options and its response are not published.";
    "call.kick" = "Call.kick" (Takes::Anything) -> Anything, "The vendor has it; its options and its response are not published.";

    "chat.accept" = "Chat.accept" (SESSION) -> Nothing, "Accepts a chat.";
    "chat.end" = "Chat.end" (SESSION) -> Nothing, "Ends a chat.";
    "chat.transfer" = "Chat.transfer" (TRANSFER) -> Nothing, "Transfers a chat.";
    "chat.sendCard" = "Chat.sendCardMessage" (SEND_CARD) -> Nothing, "Sends a card (Desk edition).";
    "chat.sendOrder" = "Chat.sendOrderMessage" (SEND_ORDER) -> Nothing, "Sends an order (Desk edition).";

    "video.accept" = "Video.accept" (SESSION) -> Nothing, "Accepts a video call.";
    "video.end" = "Video.end" (SESSION) -> Nothing, "Ends a video call.";
    "video.transfer" = "Video.transfer" (TRANSFER) -> Nothing, "Transfers a video call.";
    "video.muteMic" = "Video.muteMic" (SESSION) -> Nothing, "Mutes the microphone.";
    "video.unmuteMic" = "Video.unmuteMic" (SESSION) -> Nothing, "Unmutes the microphone.";
    "video.muteVideo" = "Video.muteVideo" (SESSION) -> Nothing, "Switches the camera off.";
    "video.unmuteVideo" = "Video.unmuteVideo" (SESSION) -> Nothing, "Switches the camera on.";

    "agent.online" = "Agent.online" (Takes::Nothing) -> Nothing, "Goes online.";
    "agent.offline" = "Agent.offline" (Takes::Nothing) -> Nothing, "Goes offline.";
    "agent.setStatus" = "Agent.setStatus" (STATUS) -> Nothing, "Sets the agent's status.";
    "agent.getStatus" = "Agent.getStatus" (Takes::Nothing) -> Status, "Tells the agent's status.";

    "admin.getSkillGroups" = "Admin.getSkillGroups" (Takes::Nothing) -> SkillGroups, "Lists the skill groups. Only in older editions of the vendor's script.";

    "devices.isBrowserSupported" = "Devices.isBrowserSupported" (Takes::Nothing) -> Flag, "Tells whether the browser is supported.";
    "devices.isEnvSupported" = "isEnvSupported" (Takes::Nothing) -> Flag, "Tells whether browser, connection and devices are fit for calls.";
    "devices.getMicrophones" = "Devices.getMicrophones" (Takes::Nothing) -> Devices, "Lists the microphones.";
    "devices.getSpeakers" = "Devices.getSpeakers" (Takes::Nothing) -> Devices, "Lists the loudspeakers.";

    "ui.show" = "UI.show" (Takes::Nothing) -> Nothing, "Shows the vendor's interface.";
    "ui.hide" = "UI.hide" (Takes::Nothing) -> Nothing, "Hides the vendor's interface.";
    "ui.showWorkbench" = "UI.showWorkbench" (Takes::Nothing) -> Nothing, "Shows the workbench.";
    "ui.hideWorkbench" = "UI.hideWorkbench" (Takes::Nothing) -> Nothing, "Hides the workbench.";
    // Lower-case f, so spelled.
    "ui.showFloatButton" = "UI.showfloatButton" (Takes::Nothing) -> Nothing, "Shows the floating button.";
    "ui.hideFloatButton" = "UI.hidefloatButton" (Takes::Nothing) -> Nothing, "Hides the floating button.";
    "ui.mount" = "UI.mount" (Takes::Anything) -> Anything, "The vendor has it; its options are not published. Calling it again doubles the vendor's listeners.";
    "ui.configureButtons" = "overrideButtonConfig" (Takes::Buttons) -> Nothing, "Chooses which buttons the vendor's interface shows.";
}

impl Method {
    /// The method of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        METHODS.iter().find(|method| method.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::shape;

    #[test]
    fn every_name_and_every_vendor_call_is_there_once() {
        for (index, method) in METHODS.iter().enumerate() {
            for other in &METHODS[index + 1..] {
                assert_ne!(method.name, other.name);
                assert_ne!(method.vendor, other.vendor);
            }
            let (group, _) = method.name.split_once('.').unwrap();
            assert!(GROUPS.iter().any(|(name, _)| *name == group), "{}", method.name);
            assert_eq!(Method::named(method.name).map(|found| found.vendor), Some(method.vendor));
            assert!(method.doc.ends_with('.'), "{}", method.name);
        }
        assert!(Method::named("call.hungUp").is_none(), "that is the vendor's spelling");
    }

    #[test]
    fn the_shapes_are_well_formed() {
        for method in METHODS {
            if let Takes::Options(shape) = method.takes {
                shape::check(shape);
            }
        }
    }
}
