//! The names of the workbench's events (`vendor/tccc.md` §1, "Events").

/// Declares the names once: the variant, and the vendor's spelling.
macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// An event of the workbench.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventName { $($(#[$doc])* $variant,)* }

        impl EventName {
            /// Every event the vendor documents.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The vendor's spelling.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

events! {
    /// The agent is logged in; everything may be called.
    Ready = "ready",
    /// The token is no longer accepted; at the start, or later.
    TokenExpired = "tokenExpired",
    /// A call or a chat rings.
    CallIn = "callIn",
    /// The agent has answered.
    UserAccessed = "userAccessed",
    /// An unanswered session went on to another agent.
    AutoTransfer = "autoTransfer",
    /// A session is over.
    SessionEnded = "sessionEnded",
    /// The work after a session is over too (older documents).
    SessionCompleted = "sessionCompleted",
    /// An outbound call was started; the far end does not ring yet.
    CallOuted = "callOuted",
    /// The far end has answered an outbound call.
    CalloutAccepted = "calloutAccepted",
    /// A session was handed on.
    Transfer = "transfer",
    /// The agent's status has changed.
    StatusChanged = "statusChanged",
}

impl EventName {
    /// The event of that spelling, if the vendor documents one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|event| event.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_found_by_the_vendors_spelling_and_no_other() {
        for event in EventName::ALL {
            assert_eq!(EventName::from_name(event.as_str()), Some(*event));
        }
        assert_eq!(EventName::ALL.len(), 11);
        assert_eq!(EventName::from_name("callOutAccepted"), None, "the vendor writes a small o");
    }
}
