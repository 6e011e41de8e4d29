//! Makes the agent script: one classic script out of readable modules.
//!
//! The vendor serves one classic script, so the double does. Its sources are modules that import
//! each other, for the reader and the linter; here their `import` lines and `export` words go, and
//! one function holds them all.

use serde_json::{Value, json};

use super::faults::SdkOptions;

/// Each import is one line. In the order in which they need each other.
const MODULES: [&str; 9] = [
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
    let settings = json!({ "base": base, "options": options, "style": STYLE });
    format!(";(() => {{\n'use strict'\n{}\nboot({})\n}})()\n", joined(), literal(&settings))
}

/// A script that fails before it does anything.
pub const THROWS: &str = "throw new Error('TCCC: the agent script failed to start')\n";

fn joined() -> String {
    let lines = MODULES.iter().flat_map(|module| module.lines());
    let lines = lines.filter(|line| !line.starts_with("import "));
    let lines = lines.map(|line| line.strip_prefix("export ").unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// JSON as a script may hold it: the two line separators end a line in older engines.
fn literal(value: &Value) -> String {
    value.to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for sink in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "setAttribute('style",
        ] {
            assert!(!script.contains(sink), "{sink}");
        }
    }
}
