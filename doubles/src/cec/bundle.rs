//! Makes the two scripts out of readable modules.

use serde_json::json;

use super::{
    faults::ScriptOptions,
    login::Login,
    state::{CHANNEL, TENANT},
};
use crate::script::classic;

/// In the order in which they need each other.
const MODULES: [&str; 7] = [
    include_str!("../web/elements.js"),
    include_str!("../web/conversation.js"),
    include_str!("web/chat/texts.js"),
    include_str!("web/chat/page.js"),
    include_str!("web/chat/wire.js"),
    include_str!("web/chat/window.js"),
    include_str!("web/chat/boot.js"),
];
const STYLE: &str =
    concat!(include_str!("../web/conversation.css"), include_str!("web/chat/chat.css"));

/// thirdPartyClient.js.
pub fn first() -> String {
    include_str!("web/first.js").to_owned()
}

/// newThirdPartyClient.js, for the visitor who was checked.
///
/// It begins with a `let` at the top level: a second run ends before it does anything.
pub fn second(login: &Login, options: &ScriptOptions) -> String {
    let settings = json!({
        "mode": login.proof.mode(),
        "wants": options.wants,
        "checked": {
            "configId": CHANNEL, "tenantSpaceId": TENANT, "userId": login.user_id,
            "userName": login.user_name, "locale": login.locale,
        },
        "style": STYLE,
    });
    format!("let aiccWebChatClient = 'newThirdPartyClient'\n{}", classic(&MODULES, &settings))
}

/// A script that fails before it does anything.
pub const THROWS: &str = "throw new Error('CEC: the chat client failed to start')\n";

/// What answers every address of a single-page application, and many a proxy.
pub const FALLBACK_PAGE: &str = "<!doctype html>\n<html lang=\"en\"><head><title>Shop</title></head>\
    <body><div id=\"app\"></div><script src=\"/assets/index.js\"></script></body></html>\n";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cec::login::Proof, script::SINKS};

    fn script() -> String {
        let login = Login {
            user_name: "O'Brien</script>\u{2028}".into(),
            user_id: "u".into(),
            locale: "en".into(),
            proof: Proof::Token("secret".into()),
            unknown: Vec::new(),
            posted: String::new(),
        };
        second(&login, &ScriptOptions::default())
    }

    #[test]
    fn the_second_script_runs_under_trusted_types_and_a_strict_policy() {
        for sink in SINKS {
            assert!(!script().contains(sink), "{sink}");
        }
    }

    #[test]
    fn a_second_run_of_either_script_is_a_redeclaration() {
        assert!(script().starts_with("let "));
        assert!(first().lines().any(|line| line.starts_with("const ")));
    }

    #[test]
    fn no_token_is_written_into_the_script() {
        assert!(!script().contains("secret"));
        assert!(!script().contains('\u{2028}'));
    }
}
