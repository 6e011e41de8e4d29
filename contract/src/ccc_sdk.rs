//! The `ccc-sdk` messages a page posts to the workbench around it
//! (seed 004, "来电弹屏调用电话呼出能力"; `vendor/tccc.md` §2).

use serde::{Deserialize, Serialize};

/// A message in the vendor's envelope: `{source: 'ccc-sdk', payload: {event, message}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CcSdkMessage {
    source: Source,
    /// What is asked of the workbench.
    pub payload: Payload,
}

impl CcSdkMessage {
    /// Puts a payload into the envelope.
    pub fn new(payload: Payload) -> Self {
        Self { source: Source::CcSdk, payload }
    }
}

/// The envelope's mark; a message with another one is not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Source {
    #[serde(rename = "ccc-sdk")]
    CcSdk,
}

/// What a page asks of the workbench.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", content = "message", rename_all = "camelCase")]
pub enum Payload {
    /// Open the dial pad and call a number.
    CallOut(CallOut),
    /// Desk: send the customer a card.
    SendCard(Card),
    /// Desk: send the customer a custom message.
    SendCustomMessage(CustomMessage),
    /// Desk: send the customer a text.
    SendTextMessage(String),
}

/// A number to call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallOut {
    /// The number; whoever builds one takes it from a [`crate::PhoneNumber`].
    pub phone_number: String,
    /// What the workbench shows in place of the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desc: Option<String>,
}

/// A card with a picture and a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Its heading.
    pub header: String,
    /// Its text.
    pub desc: String,
    /// The address of its picture.
    pub pic: String,
    /// Where it leads.
    pub url: String,
}

/// A message of the integrator's own form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomMessage {
    /// Its heading.
    pub title: String,
    /// Its text.
    pub description: String,
    /// The address of its icon.
    pub icon_url: String,
    /// Always 1: the workbench knows by it that the message came from a page.
    pub from_post_message: u8,
    /// Whatever the receiving side understands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn call_out_is_the_guides_own_message() {
        let call = CallOut { phone_number: "15889123456".into(), desc: Some("刘先生".into()) };
        assert_eq!(
            serde_json::to_value(CcSdkMessage::new(Payload::CallOut(call))).unwrap(),
            serde_json::json!({
                "source": "ccc-sdk",
                "payload": { "event": "callOut", "message": { "phoneNumber": "15889123456", "desc": "刘先生" } },
            })
        );
    }

    #[test]
    fn an_absent_desc_is_left_out() {
        let call = CallOut { phone_number: "10086".into(), desc: None };
        let text = serde_json::to_string(&CcSdkMessage::new(Payload::CallOut(call))).unwrap();
        assert!(!text.contains("desc"), "{text}");
    }

    #[test]
    fn a_message_of_another_source_or_event_is_not_ours() {
        let message = |source: &str, event: &str| {
            let text =
                format!(r#"{{"source":"{source}","payload":{{"event":"{event}","message":"x"}}}}"#);
            serde_json::from_str::<CcSdkMessage>(&text)
        };
        assert!(message("ccc-sdk", "sendTextMessage").is_ok());
        assert!(message("other", "sendTextMessage").is_err());
        assert!(message("ccc-sdk", "format").is_err());
        assert!(message("ccc-sdk", "callOut").is_err(), "a text is no number to call");
    }

    fn payload() -> impl Strategy<Value = Payload> {
        let text = || "\\PC{0,16}";
        prop_oneof![
            (text(), proptest::option::of(text()))
                .prop_map(|(phone_number, desc)| Payload::CallOut(CallOut { phone_number, desc })),
            (text(), text(), text(), text()).prop_map(
                |(header, desc, pic, url)| Payload::SendCard(Card { header, desc, pic, url })
            ),
            (text(), text(), text(), proptest::option::of(text())).prop_map(
                |(title, description, icon_url, extension)| {
                    Payload::SendCustomMessage(CustomMessage {
                        title,
                        description,
                        icon_url,
                        from_post_message: 1,
                        extension,
                    })
                }
            ),
            text().prop_map(Payload::SendTextMessage),
        ]
    }

    proptest! {
        #[test]
        fn whatever_is_built_parses_back(payload in payload()) {
            let message = CcSdkMessage::new(payload);
            let text = serde_json::to_string(&message).unwrap();
            prop_assert_eq!(serde_json::from_str::<CcSdkMessage>(&text).unwrap(), message);
        }

        #[test]
        fn whatever_is_parsed_never_panics(text in "\\PC{0,80}") {
            let _ = serde_json::from_str::<CcSdkMessage>(&text);
        }
    }
}
