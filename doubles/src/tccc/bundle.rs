//! The agent script, made of its modules.

use serde_json::json;

use super::faults::SdkOptions;
use crate::script::classic;

/// In the order in which they need each other.
const MODULES: [&str; 10] = [
    include_str!("../web/elements.js"),
    include_str!("web/agent-sdk/texts.js"),
    include_str!("web/agent-sdk/elements.js"),
    include_str!("web/agent-sdk/wire.js"),
    include_str!("web/agent-sdk/keypad.js"),
    include_str!("web/agent-sdk/cards.js"),
    include_str!("web/agent-sdk/softphone.js"),
    include_str!("web/agent-sdk/instance.js"),
    include_str!("web/agent-sdk/methods.js"),
    include_str!("web/agent-sdk/boot.js"),
];
const STYLE: &str =
    concat!(include_str!("web/agent-sdk/softphone.css"), include_str!("web/agent-sdk/calls.css"));

/// The script for one page: it is told its own address and options at its end.
pub fn script(base: &str, options: &SdkOptions) -> String {
    classic(&MODULES, &json!({ "base": base, "options": options, "style": STYLE }))
}

/// A script that fails before it does anything.
pub const THROWS: &str = "throw new Error('TCCC: the agent script failed to start')\n";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::SINKS;

    #[test]
    fn the_bundle_is_a_classic_script() {
        let script = script("http://127.0.0.1:1", &SdkOptions::default());
        let module_word = |line: &&str| line.starts_with("import ") || line.starts_with("export ");
        assert_eq!(script.lines().find(module_word), None);
        assert!(script.contains("boot({\"base\":\"http://127.0.0.1:1\""));
    }

    #[test]
    fn the_modules_run_under_trusted_types_and_a_strict_policy() {
        let script = script("", &SdkOptions::default());
        for sink in SINKS {
            assert!(!script.contains(sink), "{sink}");
        }
    }
}
