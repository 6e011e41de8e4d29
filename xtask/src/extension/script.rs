//! Makes the content script, which runs in the page: a file of `extension/content/` with its blanks
//! filled in.

use std::fs;

use anyhow::{Context, Result, ensure};

use super::address::Aicc;
use super::kind::Kind;
use crate::paths;

/// The script of one build.
pub fn script(kind: Kind, aicc: &Aicc, bundle: Option<&str>) -> Result<String> {
    let file = paths::root().join("extension/content").join(format!("{}.js", kind.name()));
    let template = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    match kind {
        Kind::Store => {
            let bundle = bundle.context("the store build needs the tenant's cobrowse.js")?;
            fill(&template, "__COBROWSE__", bundle)
        }
        // An origin that was parsed has no quote and no backslash.
        Kind::SelfHosted => {
            fill(&fill(&template, "%SOURCE%", &aicc.script())?, "%ORIGIN%", aicc.origin())
        }
    }
}

fn fill(template: &str, blank: &str, value: &str) -> Result<String> {
    let found = template.matches(blank).count();
    ensure!(found == 1, "extension/content: expected {blank} once, found it {found} times");
    Ok(template.replacen(blank, value, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aicc() -> Aicc {
        Aicc::parse("https://aicc.example.com").unwrap()
    }

    #[test]
    fn the_store_build_holds_the_tenants_script_unchanged_and_loads_none() {
        // With what a replacement could trip over, and a comment at its end.
        let tenants = "var CoBrowse = { initFromUrl() { return '$& __COBROWSE__' } }\n// end";
        let script = script(Kind::Store, &aicc(), Some(tenants)).unwrap();
        assert!(script.contains(&format!("\n  {tenants}\n")));
        assert!(!script.contains("https://"));
        assert!(!script.contains("createElement"));
    }

    #[test]
    fn the_self_hosted_build_names_one_domain() {
        let script = script(Kind::SelfHosted, &aicc(), None).unwrap();
        assert!(script.contains(&format!("= '{}'", aicc().script())));
        let domains: Vec<&str> = script.matches("https://").collect();
        assert_eq!(domains.len(), script.matches("https://aicc.example.com/").count());
        assert!(!script.contains('%'));
    }
}
