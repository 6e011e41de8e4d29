use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{entries, prepare, workplace};
use crate::test::Counts;
use crate::{node, paths, process, progress};

/// How the declarations are read by typedoc and by API Extractor: as an application's bundler does.
pub fn compiler() -> Value {
    json!({
        "target": "es2022",
        "module": "esnext",
        "moduleResolution": "bundler",
        "lib": ["es2022", "dom", "dom.iterable"],
        "jsx": "react-jsx",
        "strict": true,
        "skipLibCheck": true,
        "types": [],
        "noEmit": true,
    })
}

/// The committed reports.
fn committed() -> PathBuf {
    paths::root().join("docs/api")
}

/// Writes `docs/api/`, a report for each entry.
pub fn write() -> Result<()> {
    let made = extract()?;
    let kept = committed();
    for report in different(&made, &kept)? {
        match made.join(&report) {
            file if file.exists() => {
                fs::create_dir_all(&kept)?;
                fs::copy(file, kept.join(&report))?;
                progress::note(&format!("wrote docs/api/{report}"));
            }
            _ => {
                fs::remove_file(kept.join(&report))?;
                progress::note(&format!("removed docs/api/{report}"));
            }
        }
    }
    Ok(())
}

/// Compares the committed reports with the package's types.
///
/// # Errors
/// Names the reports that differ, each with its first line that does.
pub fn check() -> Result<Counts> {
    let made = extract()?;
    let kept = committed();
    let different = different(&made, &kept)?;
    if different.is_empty() {
        return Ok(Counts { passed: names(&made)?.len() as u64, ..Counts::default() });
    }
    let lines: Vec<String> = different
        .iter()
        .map(|report| {
            let read = |folder: &Path| fs::read_to_string(folder.join(report)).unwrap_or_default();
            format!("docs/api/{report}: {}", first_difference(&read(&kept), &read(&made)))
        })
        .collect();
    bail!(
        "the package's public types differ from their reports:\n{}\nIf the change is wanted, run \
         `cargo xtask api`, look at the difference, commit it, and name it in CHANGELOG.md",
        lines.join("\n")
    )
}

/// Has API Extractor write all reports into a folder of their own.
fn extract() -> Result<PathBuf> {
    prepare()?;
    progress::step("reading the package's public types (API Extractor)");
    let made = workplace().join("api");
    if made.exists() {
        fs::remove_dir_all(&made)?;
    }
    fs::create_dir_all(&made)?;
    let job = json!({
        "tools": workplace(),
        "package": paths::pkg(),
        "entries": entries()?,
        "compiler": compiler(),
        "out": made,
    });
    process::run(node::script("api-reports.mjs").arg(job.to_string()).stdout(std::io::stderr()))?;
    Ok(made)
}

/// The names of the reports that are not the same in both folders.
fn different(made: &Path, kept: &Path) -> Result<Vec<String>> {
    let mut all = names(made)?;
    all.extend(names(kept)?);
    all.sort();
    all.dedup();
    let same = |name: &String| {
        let read = |folder: &Path| fs::read_to_string(folder.join(name)).ok();
        read(made) == read(kept)
    };
    Ok(all.into_iter().filter(|name| !same(name)).collect())
}

fn names(folder: &Path) -> Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    Ok(names
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .filter(|name| name.ends_with(".md"))
        .collect())
}

/// The first line that differs, as the committed report has it and as it would be.
fn first_difference(kept: &str, made: &str) -> String {
    if kept.is_empty() || made.is_empty() {
        return if kept.is_empty() { "is new" } else { "its entry is gone" }.to_owned();
    }
    let (mut before, mut after) = (kept.lines(), made.lines());
    for line in 1.. {
        match (before.next(), after.next()) {
            (None, None) => break,
            (before, after) if before != after => {
                let shown =
                    |line: Option<&str>| line.map_or("nothing".into(), |line| format!("`{line}`"));
                return format!("line {line}: expected {}, found {}", shown(before), shown(after));
            }
            _ => {}
        }
    }
    "differs in its line ends".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_shown() {
        let message = first_difference("a\nb\nc\n", "a\nx\nc\n");
        assert_eq!(message, "line 2: expected `b`, found `x`");
        assert_eq!(first_difference("a\n", "a\nb\n"), "line 2: expected nothing, found `b`");
        assert_eq!(first_difference("", "a"), "is new");
        assert_eq!(first_difference("a", ""), "its entry is gone");
    }

    #[test]
    fn a_report_that_is_missing_or_too_many_differs() {
        let folder = std::env::temp_dir().join(format!("calldock-reports-{}", std::process::id()));
        let (made, kept) = (folder.join("made"), folder.join("kept"));
        for (folder, files) in
            [(&made, ["a.api.md", "b.api.md"]), (&kept, ["a.api.md", "c.api.md"])]
        {
            fs::create_dir_all(folder).unwrap();
            for file in files {
                fs::write(folder.join(file), "same").unwrap();
            }
        }
        assert_eq!(different(&made, &kept).unwrap(), ["b.api.md", "c.api.md"]);
        fs::remove_dir_all(folder).unwrap();
    }
}
