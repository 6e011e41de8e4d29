//! Values that are allowed and may still be a mistake. A configuration with errors reaches no check.

use super::Running;
use crate::doctor::Context;
use crate::doctor::finding::{Finding, Text, text};

const OF: &str = "configuration";

/// Reports the warnings that the server logs at its start.
pub fn run(context: &Context) -> Running<'_> {
    let warnings = context.config.warnings().into_iter();
    let mut findings: Vec<_> = warnings.map(finding).collect();
    if findings.is_empty() {
        findings.push(Finding::good(OF, text!("complete", "完整")));
    }
    Box::pin(std::future::ready(findings))
}

/// A warning begins with its key.
fn finding(warning: &str) -> Finding {
    let key = warning.split([' ', ':']).next().unwrap_or_default();
    let variable = format!("CALLDOCK_{}", key.replacen('.', "_", 1).to_uppercase());
    let remedy = text!(
        "If this is not intended, set {key} in calldock.toml, or {variable} in the environment; its values are described in server/calldock.example.toml.",
        "若非有意为之，请在 calldock.toml 中设置 {key}，或设置环境变量 {variable}；取值见 server/calldock.example.toml。"
    );
    Finding::warning(OF, Text::of(warning), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_warning_begins_with_a_key() {
        let source = include_str!("../../../../server/src/config/warnings.rs");
        let code = source.split("\n}\n").next().unwrap();
        let lines = code.lines().filter_map(|line| line.split_once('"').map(|(_, text)| text));
        let keys = lines.map(|line| line.split([' ', ':']).next().unwrap());
        let keys: Vec<_> = keys.filter(|key| *key != "fixed\\\"").collect();
        assert!(keys.len() >= 10, "{keys:?}");
        assert!(keys.iter().all(|key| calldock_server::config::KEYS.contains(key)), "{keys:?}");
    }

    #[test]
    fn a_warning_says_which_key_to_set_and_where() {
        let Finding { found, remedy, .. } = finding(
            "key.secret is not set: guests, tokens and tickets are forgotten when this process ends, and no other instance knows them",
        );
        assert!(found.zh.starts_with("key.secret 未设置"));
        let remedy = remedy.unwrap();
        for text in [&remedy.en, &remedy.zh] {
            for part in ["key.secret", "calldock.toml", "CALLDOCK_KEY_SECRET"] {
                assert!(text.contains(part), "{text}");
            }
        }
    }
}
