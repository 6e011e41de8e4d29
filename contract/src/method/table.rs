//! Every method the vendor has (`vendor/tccc.md` §1, "Methods"; seeds 002 and 003).

use super::{Answers, Method, Takes};
use crate::shape::{self, Form, Member, needed, optional};

const SESSION_ID: Member = needed("sessionId", Form::Text);

/// One session, and nothing else.
const SESSION: Takes = Takes::Members(&[SESSION_ID]);

const OUTBOUND: Takes = Takes::Members(&[
    needed("phoneNumber", Form::Phone),
    optional("phoneDesc", Form::Text),
    optional("uui", Form::Text),
    optional("skillGroupId", Form::Id),
    optional("callerPhoneNumber", Form::Text),
    optional("servingNumberGroupIds", Form::Texts),
    optional("phoneEncodeType", Form::Word(&["number"])),
]);

/// To a group or to an agent: the vendor marks neither as needed, and without both nobody is meant.
const TRANSFER: Takes = Takes::SomeOf(&[
    SESSION_ID,
    optional("skillGroupId", Form::Id),
    optional("userId", Form::Text),
]);

const CARD: Takes = Takes::Members(&[SESSION_ID, needed("payload", Form::Object(shape::CARD))]);

const ORDER: Takes = Takes::Members(&[
    SESSION_ID,
    needed(
        "payload",
        Form::Object(&[
            optional("guide", Form::Text),
            optional("name", Form::Text),
            optional("desc", Form::Text),
            optional("pic", Form::Text),
            optional("customField", Form::Text),
        ]),
    ),
]);

/// `stopNotReady` ends `notReady`; the agent is free again.
const STATUSES: &[&str] = &["free", "rest", "arrange", "notReady", "stopNotReady"];

const STATUS: Takes =
    Takes::Members(&[needed("status", Form::Word(STATUSES)), optional("restReason", Form::Text)]);

macro_rules! methods {
    ($($name:literal = $vendor:literal ($takes:expr) -> $answers:ident;)*) => {
        /// Every method, group by group.
        pub const METHODS: &[Method] = &[
            $(Method { name: $name, vendor: $vendor, takes: $takes, answers: Answers::$answers },)*
        ];
    };
}

methods! {
    "call.startOutbound" = "Call.startOutboundCall" (OUTBOUND) -> Session;
    "call.startInternal" = "Call.startInternalCall" (Takes::Members(&[
        needed("calleeUserId", Form::Text),
        optional("useMobile", Form::Flag),
    ])) -> Session;
    "call.accept" = "Call.accept" (SESSION) -> Nothing;
    "call.hangUp" = "Call.hungUp" (SESSION) -> Nothing;
    "call.delete" = "Call.deleteCall" (SESSION) -> Nothing;
    "call.muteMic" = "Call.muteMic" (SESSION) -> Nothing;
    "call.unmuteMic" = "Call.unmuteMic" (SESSION) -> Nothing;
    // A promise in the newer text, a boolean in the older.
    "call.isMicMuted" = "Call.isMicMuted" (SESSION) -> Flag;
    "call.hold" = "Call.hold" (SESSION) -> Nothing;
    "call.unhold" = "Call.unHold" (SESSION) -> Nothing;
    "call.transfer" = "Call.transfer" (TRANSFER) -> Nothing;
    "call.sendDigits" = "Call.sendDigits" (Takes::Members(&[
        SESSION_ID,
        needed("dtmfText", Form::Keys),
    ])) -> Nothing;
    "call.end" = "Call.end" (Takes::Anything) -> Anything;
    "call.kick" = "Call.kick" (Takes::Anything) -> Anything;

    "chat.accept" = "Chat.accept" (SESSION) -> Nothing;
    "chat.end" = "Chat.end" (SESSION) -> Nothing;
    "chat.transfer" = "Chat.transfer" (TRANSFER) -> Nothing;
    "chat.sendCard" = "Chat.sendCardMessage" (CARD) -> Nothing;
    "chat.sendOrder" = "Chat.sendOrderMessage" (ORDER) -> Nothing;

    "video.accept" = "Video.accept" (SESSION) -> Nothing;
    "video.end" = "Video.end" (SESSION) -> Nothing;
    "video.transfer" = "Video.transfer" (TRANSFER) -> Nothing;
    "video.muteMic" = "Video.muteMic" (SESSION) -> Nothing;
    "video.unmuteMic" = "Video.unmuteMic" (SESSION) -> Nothing;
    "video.muteVideo" = "Video.muteVideo" (SESSION) -> Nothing;
    "video.unmuteVideo" = "Video.unmuteVideo" (SESSION) -> Nothing;

    "agent.online" = "Agent.online" (Takes::Nothing) -> Nothing;
    "agent.offline" = "Agent.offline" (Takes::Nothing) -> Nothing;
    "agent.setStatus" = "Agent.setStatus" (STATUS) -> Nothing;
    "agent.getStatus" = "Agent.getStatus" (Takes::Nothing) -> Text;

    "admin.getSkillGroups" = "Admin.getSkillGroups" (Takes::Nothing) -> List;

    "devices.isBrowserSupported" = "Devices.isBrowserSupported" (Takes::Nothing) -> Flag;
    "devices.getMicrophones" = "Devices.getMicrophones" (Takes::Nothing) -> List;
    "devices.getSpeakers" = "Devices.getSpeakers" (Takes::Nothing) -> List;

    "ui.show" = "UI.show" (Takes::Nothing) -> Nothing;
    "ui.hide" = "UI.hide" (Takes::Nothing) -> Nothing;
    "ui.showWorkbench" = "UI.showWorkbench" (Takes::Nothing) -> Nothing;
    "ui.hideWorkbench" = "UI.hideWorkbench" (Takes::Nothing) -> Nothing;
    // Lower-case f, so spelled.
    "ui.showFloatButton" = "UI.showfloatButton" (Takes::Nothing) -> Nothing;
    "ui.hideFloatButton" = "UI.hidefloatButton" (Takes::Nothing) -> Nothing;
    "ui.mount" = "UI.mount" (Takes::Anything) -> Anything;
    "ui.configureButtons" = "overrideButtonConfig" (Takes::Function) -> Nothing;
}
