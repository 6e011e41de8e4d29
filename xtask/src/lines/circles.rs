//! Circles among files. Imports run one way, except between a `mod.rs` and its own children.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::imports::Graph;

/// Returns the circles that are more than a `mod.rs` with its own children.
pub fn forbidden(graph: &Graph) -> Vec<BTreeSet<PathBuf>> {
    circles(graph).into_iter().filter(|circle| !is_allowed(circle)).collect()
}

fn is_allowed(circle: &BTreeSet<PathBuf>) -> bool {
    circle.iter().any(|parent| {
        let folder = parent.parent().unwrap_or(Path::new(""));
        let is_parent = parent.file_name().is_some_and(|name| name == "mod.rs" || name == "lib.rs");
        let is_child = |file: &PathBuf| match file.file_name() {
            Some(name) if name == "mod.rs" => {
                file.parent().and_then(Path::parent) == Some(folder) || file == parent
            }
            _ => file.parent() == Some(folder),
        };
        is_parent && circle.iter().all(is_child)
    })
}

/// All sets of files that reach each other.
fn circles(graph: &Graph) -> Vec<BTreeSet<PathBuf>> {
    let reached: Vec<(&PathBuf, BTreeSet<&PathBuf>)> =
        graph.keys().map(|file| (file, reach(graph, file))).collect();
    let mut circles: Vec<BTreeSet<PathBuf>> = Vec::new();
    for (file, from_file) in &reached {
        if circles.iter().any(|circle| circle.contains(*file)) {
            continue;
        }
        let mutual = reached
            .iter()
            .filter(|(other, from_other)| from_file.contains(other) && from_other.contains(file));
        let circle: BTreeSet<PathBuf> = mutual.map(|(other, _)| (*other).clone()).collect();
        if circle.len() > 1 {
            circles.push(circle);
        }
    }
    circles
}

/// All files that a file imports, directly or through others.
fn reach<'a>(graph: &'a Graph, file: &'a PathBuf) -> BTreeSet<&'a PathBuf> {
    let mut reached = BTreeSet::new();
    let mut left = vec![file];
    while let Some(file) = left.pop() {
        for imported in graph.get(file).into_iter().flatten() {
            if reached.insert(imported) {
                left.push(imported);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forbidden_in(edges: &[(&str, &[&str])]) -> Vec<Vec<String>> {
        let graph = edges
            .iter()
            .map(|(file, to)| ((*file).into(), to.iter().map(PathBuf::from).collect()))
            .collect();
        let circles = forbidden(&graph).into_iter();
        circles
            .map(|circle| circle.into_iter().map(|file| file.display().to_string()).collect())
            .collect()
    }

    #[test]
    fn a_mod_rs_and_its_children_may_import_each_other() {
        let room: &[(&str, &[&str])] = &[
            ("a/mod.rs", &["a/x.rs", "a/y.rs"]),
            ("a/x.rs", &["a/mod.rs"]),
            ("a/y.rs", &["a/mod.rs"]),
        ];
        assert!(forbidden_in(room).is_empty());
    }

    #[test]
    fn siblings_and_rooms_may_not() {
        let siblings: &[(&str, &[&str])] = &[("a/x.rs", &["a/y.rs"]), ("a/y.rs", &["a/x.rs"])];
        assert_eq!(forbidden_in(siblings), [["a/x.rs", "a/y.rs"]]);
        let rooms: &[(&str, &[&str])] =
            &[("a/mod.rs", &["b/mod.rs"]), ("b/mod.rs", &["b/x.rs"]), ("b/x.rs", &["a/mod.rs"])];
        assert_eq!(forbidden_in(rooms), [["a/mod.rs", "b/mod.rs", "b/x.rs"]]);
    }
}
