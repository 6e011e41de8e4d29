//! Makes one classic script out of readable modules.
//!
//! Both vendors serve classic scripts, so the doubles do. The sources are modules that import each
//! other, for the reader and the linter; here their `import` lines and `export` words go, and one
//! function holds them all.

use serde_json::Value;

/// Modules joined in the order given, which is the order in which they need each other, and
/// `boot(settings)` at the end. Each import is one line.
pub fn classic(modules: &[&str], settings: &Value) -> String {
    let lines = modules.iter().flat_map(|module| module.lines());
    let lines = lines.filter(|line| !line.starts_with("import "));
    let lines: Vec<&str> = lines.map(|line| line.strip_prefix("export ").unwrap_or(line)).collect();
    let (lines, settings) = (lines.join("\n"), literal(settings));
    format!(";(() => {{\n'use strict'\n{lines}\nboot({settings})\n}})()\n")
}

/// JSON as a script may hold it: the two line separators end a line in older engines.
pub fn literal(value: &Value) -> String {
    value.to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// What no script may hold that has to run under a strict policy with Trusted Types.
#[cfg(test)]
pub const SINKS: [&str; 6] = [
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "eval(",
    "setAttribute('style",
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn modules_become_one_function_without_module_words() {
        let modules =
            ["export const a = 1\n", "import { a } from './a.js'\nexport function boot() {}\n"];
        let script = classic(&modules, &json!({ "text": "a\u{2028}b" }));
        assert_eq!(
            script,
            ";(() => {\n'use strict'\nconst a = 1\nfunction boot() {}\nboot({\"text\":\"a\\u2028b\"})\n})()\n"
        );
    }
}
