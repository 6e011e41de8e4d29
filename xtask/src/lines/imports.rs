//! Which files of a crate a file imports, by the paths in its code that begin with `crate`, `super` or `self`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// For each file the files that it imports.
pub type Graph = BTreeMap<PathBuf, BTreeSet<PathBuf>>;

/// The files of a crate, relative to `src/`, with their code.
type Sources = [(PathBuf, TokenStream)];

type Module = Vec<String>;

/// Builds the graph of a crate.
pub fn graph(sources: &Sources) -> Graph {
    let files: BTreeMap<Module, &Path> =
        sources.iter().map(|(file, _)| (module(file), file.as_path())).collect();
    let mut paths = BTreeMap::new();
    for (file, tokens) in sources {
        let mut found = Vec::new();
        collect(&tokens.clone(), &module(file), &[], &mut found);
        paths.insert(module(file), found);
    }
    let exports = exports(sources, &files);
    let import = |from: &Module, path: &Module| {
        let module = resolve(path, &files, &exports, 0);
        files.get(&module).filter(|_| module != *from).map(|file| file.to_path_buf())
    };
    paths
        .iter()
        .map(|(module, paths)| {
            let imported = paths.iter().filter_map(|path| import(module, path)).collect();
            (files[module].to_path_buf(), imported)
        })
        .collect()
}

/// `a/mod.rs` and `a.rs` are `a`; `lib.rs` and `main.rs` are the root.
fn module(file: &Path) -> Module {
    let mut parts: Module =
        file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod" || (parts.len() == 1 && is_root(last))) {
        parts.pop();
    }
    parts
}

fn is_root(name: &str) -> bool {
    matches!(name, "lib" | "main")
}

/// Collects all paths below the crate's root, also those in groups: `use crate::a::{b, c::d}`.
fn collect(tokens: &TokenStream, at: &Module, prefix: &[String], found: &mut Vec<Module>) {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut index = 0;
    while index < tokens.len() {
        let Some(mut path) = start(&tokens[index], at, prefix) else {
            if let TokenTree::Group(group) = &tokens[index] {
                collect(&group.stream(), at, &[], found);
            }
            index += 1;
            continue;
        };
        index += 1;
        while is_colons(&tokens[index..]) {
            match tokens.get(index + 2) {
                Some(TokenTree::Ident(ident)) if *ident == "super" => {
                    path.pop();
                    index += 3;
                }
                Some(TokenTree::Ident(ident)) => {
                    path.push(ident.to_string());
                    index += 3;
                }
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    collect(&group.stream(), at, &path, found);
                    index += 3;
                }
                _ => index += 2,
            }
        }
        found.push(path);
        // `a as b`: b is no path.
        if matches!(tokens.get(index), Some(TokenTree::Ident(ident)) if *ident == "as") {
            index += 2;
        }
    }
}

/// The module that a path begins with; within a group of `use` that is the group's prefix.
fn start(token: &TokenTree, at: &Module, prefix: &[String]) -> Option<Module> {
    let TokenTree::Ident(ident) = token else { return None };
    match ident.to_string().as_str() {
        "crate" => Some(Vec::new()),
        "self" if prefix.is_empty() => Some(at.clone()),
        "super" => Some(at[..at.len().saturating_sub(1)].to_vec()),
        "self" => Some(prefix.to_vec()),
        name if !prefix.is_empty() => {
            let mut path = prefix.to_vec();
            path.push(name.to_owned());
            Some(path)
        }
        _ => None,
    }
}

fn is_colons(tokens: &[TokenTree]) -> bool {
    let colon = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    colon(tokens.first()) && colon(tokens.get(1))
}

type Exports = BTreeMap<(Module, String), Module>;

/// The names that a module re-exports from its children: `pub use child::{Name}`.
fn exports(sources: &Sources, files: &BTreeMap<Module, &Path>) -> Exports {
    let mut exports = Exports::new();
    for (file, tokens) in sources {
        let module = module(file);
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            if !matches!(token, TokenTree::Ident(ident) if *ident == "use") {
                continue;
            }
            let Some(TokenTree::Ident(child)) = tokens.get(index + 1) else { continue };
            let mut path = match child.to_string().as_str() {
                "crate" => Vec::new(),
                "super" => module[..module.len().saturating_sub(1)].to_vec(),
                "self" => module.clone(),
                child => [&module[..], &[child.to_owned()]].concat(),
            };
            let is_ours = matches!(child.to_string().as_str(), "crate" | "super" | "self")
                || files.contains_key(&path);
            if is_ours {
                leaves(&tokens[index + 2..], &mut path, &module, &mut exports);
            }
        }
    }
    exports
}

/// Reads `::a::{b, c}` up to the semicolon, and keeps each leaf with its path.
fn leaves(tokens: &[TokenTree], path: &mut Module, module: &Module, exports: &mut Exports) {
    let mut index = 0;
    while is_colons(&tokens[index..]) {
        match tokens.get(index + 2) {
            Some(TokenTree::Ident(ident)) => path.push(ident.to_string()),
            Some(TokenTree::Group(group)) => {
                let items: Vec<TokenTree> = group.stream().into_iter().collect();
                let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
                for item in items.split(is_comma) {
                    if let Some(TokenTree::Ident(ident)) = item.first() {
                        let mut path = path.clone();
                        path.push(ident.to_string());
                        leaves(&item[1..], &mut path, module, exports);
                    }
                }
                return;
            }
            _ => return,
        }
        index += 3;
    }
    if let Some(name) = path.last() {
        exports.insert((module.clone(), name.clone()), path.clone());
    }
}

/// Finds the module of a path, through re-exports.
fn resolve(
    path: &Module,
    files: &BTreeMap<Module, &Path>,
    exports: &Exports,
    depth: usize,
) -> Module {
    let mut module = path.clone();
    while !files.contains_key(&module) && !module.is_empty() {
        module.pop();
    }
    let next = path.get(module.len()).and_then(|name| exports.get(&(module.clone(), name.clone())));
    match next {
        Some(exported) if depth < 8 && exported != path => {
            resolve(exported, files, exports, depth + 1)
        }
        _ => module,
    }
}

#[cfg(test)]
mod tests {
    use super::super::count::code;
    use super::*;

    fn imported(sources: &[(&str, &str)], file: &str) -> Vec<String> {
        let sources: Vec<_> =
            sources.iter().map(|(file, text)| (PathBuf::from(file), code(text).unwrap())).collect();
        let graph = graph(&sources);
        graph[Path::new(file)].iter().map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn paths_in_use_and_in_code_are_imports() {
        let sources = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::{self, B, inner::{X, Y}}; fn f() { crate::c::g() }"),
            ("b/mod.rs", "mod inner; pub struct B;"),
            ("b/inner.rs", "use super::super::c; pub struct X; pub struct Y;"),
            ("c.rs", "use std::fmt; pub fn g() {}"),
        ];
        assert_eq!(imported(&sources, "a.rs"), ["b/inner.rs", "b/mod.rs", "c.rs"]);
        assert_eq!(imported(&sources, "b/inner.rs"), ["c.rs"]);
        assert!(imported(&sources, "c.rs").is_empty());
    }

    #[test]
    fn a_name_is_imported_from_where_it_is_defined() {
        let sources = [
            ("lib.rs", "mod a; mod b;"),
            ("a/mod.rs", "mod x; mod y; pub use x::{X, Z as W}; pub use y::Y; pub struct A;"),
            ("a/x.rs", "pub struct X;"),
            ("a/y.rs", "use super::X; pub struct Y;"),
            ("b.rs", "use crate::a::{A, Y};"),
        ];
        assert_eq!(imported(&sources, "a/y.rs"), ["a/x.rs"]);
        assert_eq!(imported(&sources, "b.rs"), ["a/mod.rs", "a/y.rs"]);
        assert_eq!(imported(&sources, "a/mod.rs"), [""; 0]);
    }
}
