//! The workbench's events: our names over the vendor's (`docs/vendor/tccc.md` §1, "Events").
//!
//! A new event of the vendor's is one entry here and a run of `cargo xtask generate`.

use super::shape::{Form, Member, Shape, needed, optional};

/// One event of the vendor's.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// The vendor's spelling.
    pub vendor: &'static str,
    /// The name a page listens to.
    pub name: &'static str,
    /// What its payload may look like; of several, the member `type` tells which it is.
    pub payload: &'static [Shape],
    /// A member that tells this event from another one of the same name.
    pub adds: Option<(&'static str, bool)>,
    /// When it happens.
    pub doc: &'static str,
}

const SESSION_ID: Member = needed("sessionId", Form::Text, "The session.");

/// What every ringing session has.
const TIMEOUT: Member =
    needed("timeout", Form::Number, "How long it rings, in seconds; 0 is without end.");
const REMARK: Member =
    optional("remark", Form::Text, "What the agents have noted about the customer.");
const NICKNAME: Member = optional("nickname", Form::Text, "The customer's name.");
const AVATAR: Member = optional("avatar", Form::Text, "The address of the customer's picture.");
const PEER_SOURCE: Member =
    optional("peerSource", Form::Text, "Where the customer comes from, as the chat link says.");
const IVR_PATH: Member = optional(
    "ivrPath",
    Form::Typed("readonly IvrStep[]"),
    "The keys the customer pressed in the voice menu.",
);

const INCOMING: &[Shape] = &[
    Shape::new(
        "PhoneIncoming",
        "A telephone call rings.",
        &[
            SESSION_ID,
            needed("type", Form::Words(&["phone"]), "What kind of session it is."),
            TIMEOUT,
            needed("calleePhoneNumber", Form::Text, "The number that was called."),
            needed("serverType", Form::Typed("ServerType"), "The kind of seat that rings."),
            optional("callerPhoneNumber", Form::Text, "The customer's number."),
            optional("callerLocation", Form::Text, "Where the customer's number is from."),
            REMARK,
            IVR_PATH,
            optional(
                "protectedCallee",
                Form::Text,
                "The id of the called number, where number mapping is on.",
            ),
            optional(
                "protectedCaller",
                Form::Text,
                "The id of the customer's number, where number mapping is on.",
            ),
        ],
    ),
    Shape::new(
        "ImIncoming",
        "A text chat rings.",
        &[
            SESSION_ID,
            needed("type", Form::Words(&["im"]), "What kind of session it is."),
            TIMEOUT,
            needed("nickname", Form::Text, "The customer's name."),
            AVATAR,
            REMARK,
            PEER_SOURCE,
            optional("channelName", Form::Text, "The channel the chat came by."),
            optional(
                "clientData",
                Form::Typed("Readonly<Record<string, unknown>>"),
                "What the chat link was signed with, read; absent where it is not a JSON object.",
            ),
            optional("clientDataText", Form::Text, "The same as the vendor sent it: a JSON text."),
        ],
    ),
    Shape::new(
        "VoipIncoming",
        "An internet call rings.",
        &[
            SESSION_ID,
            needed("type", Form::Words(&["voip"]), "What kind of session it is."),
            TIMEOUT,
            needed("callee", Form::Text, "What was called."),
            needed("customerId", Form::Text, "The customer.").vendor("userId"),
            optional("calleeRemark", Form::Text, "What is noted about what was called."),
            NICKNAME,
            AVATAR,
            REMARK,
            PEER_SOURCE,
            IVR_PATH,
        ],
    ),
    Shape::new(
        "VideoIncoming",
        "A video call rings.",
        &[
            SESSION_ID,
            needed("type", Form::Words(&["video"]), "What kind of session it is."),
            TIMEOUT,
            needed("customerId", Form::Text, "The customer.").vendor("userId"),
            NICKNAME,
            AVATAR,
            REMARK,
        ],
    ),
    Shape::new(
        "InternalIncoming",
        "A colleague calls.",
        &[
            SESSION_ID,
            needed("type", Form::Words(&["internal"]), "What kind of session it is."),
            TIMEOUT,
            needed("agentId", Form::Text, "The colleague.").vendor("peerUserId"),
            REMARK,
        ],
    ),
];

const ANSWERED: &[Shape] = &[Shape::new(
    "Answered",
    "A session was answered.",
    &[
        SESSION_ID,
        needed(
            "outbound",
            Form::Flag,
            "Whether the called party answered an outbound call; otherwise the agent answered.",
        ),
    ],
)];

const TRANSFERRED: &[Shape] = &[Shape::new(
    "Transferred",
    "A session was transferred away.",
    &[
        SESSION_ID,
        needed(
            "automatic",
            Form::Flag,
            "Whether the vendor transferred it because no agent answered.",
        ),
        optional("skillGroupId", Form::Id, "The skill group it was transferred to."),
        optional("agentId", Form::Text, "The agent it was transferred to.").vendor("userId"),
    ],
)];

/// Every event the vendor documents.
pub const EVENTS: &[Event] = &[
    Event {
        vendor: "ready",
        name: "ready",
        payload: &[Shape::new("Ready", "The agent is logged in.", &[])],
        adds: None,
        doc: "The agent is logged in again after a new login; the first one ends `openWorkbench`.",
    },
    Event {
        vendor: "tokenExpired",
        name: "tokenExpired",
        payload: &[Shape::new(
            "TokenExpired",
            "The token is no longer accepted.",
            &[optional("message", Form::Text, "The vendor's text.")],
        )],
        adds: None,
        doc: "The token is no longer accepted; Calldock requests a new login by itself.",
    },
    Event {
        vendor: "callIn",
        name: "incoming",
        payload: INCOMING,
        adds: None,
        doc: "A call or a chat rings.",
    },
    Event {
        vendor: "userAccessed",
        name: "answered",
        payload: ANSWERED,
        adds: Some(("outbound", false)),
        doc: "The agent has answered.",
    },
    Event {
        vendor: "calloutAccepted",
        name: "answered",
        payload: ANSWERED,
        adds: Some(("outbound", true)),
        doc: "The called party has answered an outbound call.",
    },
    Event {
        vendor: "callOuted",
        name: "outgoing",
        payload: &[Shape::new(
            "Outgoing",
            "An outbound call was started; the called party's telephone does not ring yet.",
            &[
                SESSION_ID,
                optional("calleePhoneNumber", Form::Text, "The number that is called."),
                optional("callerPhoneNumber", Form::Text, "The number the called party sees."),
                optional(
                    "protectedCallee",
                    Form::Text,
                    "The id of the called number, where number mapping is on.",
                ),
                REMARK,
            ],
        )],
        adds: None,
        doc: "An outbound call was started.",
    },
    Event {
        vendor: "sessionEnded",
        name: "ended",
        payload: &[Shape::new(
            "Ended",
            "A session is over.",
            &[
                SESSION_ID,
                needed(
                    "closeBy",
                    Form::OpenWords(&["client", "seat", "admin", "timer"]),
                    "Who ended it.",
                ),
                optional("mainReason", Form::Text, "Why, in the vendor's words."),
                optional("subReason", Form::Text, "Why in detail, in the vendor's words."),
                optional("type", Form::Text, "What kind of session it was."),
                optional("duration", Form::Number, "How long it was, in seconds."),
            ],
        )],
        adds: None,
        doc: "A session is over.",
    },
    Event {
        vendor: "sessionCompleted",
        name: "completed",
        payload: &[Shape::new("Completed", "The work after a session is over too.", &[SESSION_ID])],
        adds: None,
        doc: "The work after a session is over too (older documents).",
    },
    Event {
        vendor: "transfer",
        name: "transferred",
        payload: TRANSFERRED,
        adds: Some(("automatic", false)),
        doc: "A session was transferred.",
    },
    Event {
        vendor: "autoTransfer",
        name: "transferred",
        payload: TRANSFERRED,
        adds: Some(("automatic", true)),
        doc: "An unanswered session went on to another agent.",
    },
    Event {
        vendor: "statusChanged",
        name: "agentStatus",
        payload: &[Shape::new(
            "AgentStatusChanged",
            "The agent's status has changed.",
            &[needed("status", Form::Typed("AgentStatus"), "The new status.")],
        )],
        adds: None,
        doc: "The agent's status has changed.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::shape;

    #[test]
    fn every_event_has_a_vendors_spelling_of_its_own_and_documented_members() {
        for (index, event) in EVENTS.iter().enumerate() {
            assert!(EVENTS[..index].iter().all(|other| other.vendor != event.vendor));
            event.payload.iter().for_each(shape::check);
        }
    }

    #[test]
    fn two_events_of_one_name_are_told_apart() {
        for (index, event) in EVENTS.iter().enumerate() {
            for other in EVENTS[index + 1..].iter().filter(|other| other.name == event.name) {
                assert_ne!(event.adds, other.adds, "{}", event.name);
                assert!(event.adds.is_some());
            }
        }
    }
}
