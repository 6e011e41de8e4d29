//! Which folder of `js/` may import which: the architecture, held by a test.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, bail};

use super::counts::Counts;
use super::script;
use crate::paths;

/// A room of `js/`, and the rooms that it may import besides itself. A room is a folder with all below it,
/// or a file; the longest name that fits decides. What no row names (the entries, `react/`, …) may import
/// everything.
const ROOMS: [(&str, &[&str]); 11] = [
    // Only types: what a table's rows are made of.
    ("generated", &["core", "page", "check.ts", "tccc/frame", "tccc/host"]),
    ("core", &["generated"]),
    ("check.ts", &["core", "generated"]),
    // Vendor-neutral: no vendor's name is known here.
    ("page", &["core", "check.ts", "generated"]),
    // What passes between a frame and its host page: both sides know it.
    ("tccc/wire.ts", &[]),
    // A page in a frame carries nothing of the host page.
    ("tccc/frame", &["core", "page", "check.ts", "generated", "tccc/wire.ts"]),
    ("tccc/host", &["core", "page", "check.ts", "generated", "tccc/frame", "tccc/wire.ts"]),
    ("tccc/chat", &["core", "page", "check.ts", "generated", "tccc/host"]),
    ("cec", &["core", "page", "check.ts", "generated"]),
    // The command runs in Node.js: it knows the rules about a page's headers, and nothing of a browser.
    ("bin", &["preflight"]),
    ("preflight", &["core", "page", "check.ts", "generated"]),
];

/// Folders on the public side: they import entries (`tccc.ts`, `index.ts`), themselves and what they share,
/// nothing inside.
const PUBLIC: [&str; 3] = ["react", "vue", "frameworks"];

/// No file of `js/` imports what its room may not.
pub fn run() -> Result<Counts> {
    let js = paths::root().join("js");
    let mut wrong = Vec::new();
    let mut checked = 0;
    for file in script::sources(&js, ".ts")? {
        let from = file.strip_prefix(&js)?.to_owned();
        for import in imports(&fs::read_to_string(&file)?) {
            let to = resolve(&from, &import);
            checked += 1;
            if !allowed(&from, &to) {
                wrong.push(format!("js/{} imports js/{}", from.display(), to.display()));
            }
        }
    }
    if checked == 0 {
        bail!("no import was found in js/");
    }
    if !wrong.is_empty() {
        bail!("imports that xtask/src/test/imports.rs does not allow:\n  {}", wrong.join("\n  "));
    }
    Ok(Counts::one())
}

/// The relative modules that a source imports or exports from, types included.
fn imports(source: &str) -> BTreeSet<String> {
    let words = source.match_indices("from '").map(|(at, word)| at + word.len());
    let calls = source.match_indices("import('").map(|(at, word)| at + word.len());
    words
        .chain(calls)
        .filter_map(|at| Some(source[at..].split_once('\'')?.0.to_owned()))
        .filter(|module| module.starts_with('.'))
        .collect()
}

/// A module's path beneath `js/`, as a source.
fn resolve(from: &Path, import: &str) -> PathBuf {
    let mut path = from.parent().map(Path::to_path_buf).unwrap_or_default();
    for part in Path::new(import).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    path.with_extension("ts")
}

fn room(path: &Path) -> Option<&'static (&'static str, &'static [&'static str])> {
    ROOMS.iter().filter(|(name, _)| path.starts_with(name)).max_by_key(|(name, _)| name.len())
}

fn allowed(from: &Path, to: &Path) -> bool {
    if let Some(folder) = PUBLIC.iter().find(|folder| from.starts_with(folder)) {
        let shared = to.starts_with(folder) || to.starts_with("frameworks");
        return shared || to.components().count() == 1;
    }
    let Some((own, may)) = room(from) else { return true };
    // The glue and the modules' bytes are made by the build, beside the rooms.
    if to.starts_with("glue") || to.extension().is_none_or(|ending| ending != "ts") {
        return true;
    }
    match room(to) {
        Some((other, _)) => other == own || may.contains(other),
        None => to.to_string_lossy().contains(".wasm"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_import_is_found() {
        let source = "import { a } from './a.js'\nexport type { B } from '../b.js'\n\
            const c = await import('./c.js')\nimport { d } from 'package'\n";
        assert_eq!(imports(source), ["../b.js", "./a.js", "./c.js"].map(str::to_owned).into());
    }

    #[test]
    fn a_module_is_resolved_beneath_js() {
        let from = Path::new("tccc/host/workbench.ts");
        assert_eq!(resolve(from, "../../core/wait.js"), Path::new("core/wait.ts"));
        assert_eq!(resolve(from, "./vendor.js"), Path::new("tccc/host/vendor.ts"));
    }

    #[test]
    fn rooms_know_only_what_they_may() {
        let may = |from: &str, to: &str| allowed(Path::new(from), Path::new(to));
        assert!(may("tccc/frame/call-out.ts", "core/wait.ts"));
        assert!(may("core/roles/frame.ts", "glue/frame.ts"));
        assert!(may("cec/chat.ts", "page/login.ts"));
        assert!(may("tccc.ts", "tccc/host/workbench.ts"));
        assert!(may("react/provider.ts", "tccc.ts"));
        assert!(!may("react/provider.ts", "tccc/host/workbench.ts"));
        assert!(!may("tccc/frame/call-out.ts", "tccc/host/workbench.ts"));
        assert!(!may("page/login.ts", "tccc/host/vendor.ts"));
        assert!(!may("cec/chat.ts", "tccc/chat/link.ts"));
        assert!(!may("tccc/chat/link.ts", "cec/chat.ts"));
        assert!(!may("core/wait.ts", "page/login.ts"));
    }
}
