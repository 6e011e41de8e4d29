//! The glue of a module: wasm-bindgen's, with short names, the build's hash and nothing that runs on import.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use walrus::Module;

/// A module beside its glue.
pub struct Bound {
    /// The hash of the build, the name under which the module imports its glue.
    pub build: String,
    /// The wasm file.
    pub module: PathBuf,
    /// The glue.
    pub glue: PathBuf,
    /// The glue's types.
    pub types: PathBuf,
}

/// Makes the glue of a role's module in a folder of its own. Bundler-target glue: it imports nothing, so
/// that one glue can serve either form of the module.
pub fn bind(role: &str, compiled: &Path, out: &Path) -> Result<Bound> {
    bindgen(role, compiled, out, &["--remove-name-section", "--remove-producers-section"])?;
    if out.join("snippets").exists() {
        bail!("the core brings inline JavaScript (wasm-bindgen `snippets`); put it into js/");
    }
    let (module, glue) = (out.join(format!("{role}_bg.wasm")), out.join(format!("{role}_bg.js")));
    let text = fs::read_to_string(&glue)?;
    let build = build_hash(&fs::read(&module)?, &text);
    let mut core = Module::from_file(&module)?;
    let text = shorten_exports(&mut core, &text);
    let short = shorten_imports(&mut core, &build);
    core.emit_wasm_file(&module)?;
    let mut text = without_unused(&without_start(&rename(&text, &short)?)?)?;
    text.push_str(&format!("\nexport const build = '{build}';\n"));
    fs::write(&glue, text)?;
    let types = out.join(format!("{role}.d.ts"));
    let mut declared = fs::read_to_string(&types)?;
    declared.push_str(
        "\nexport const build: string;\nexport function __wbg_set_wasm(exports: unknown): void;\n",
    );
    fs::write(&types, declared)?;
    Ok(Bound { build, module, glue, types })
}

/// The same with the names of functions kept, for measuring only.
pub fn bind_with_names(role: &str, compiled: &Path, out: &Path) -> Result<PathBuf> {
    bindgen(role, compiled, out, &["--no-demangle"])?;
    Ok(out.join(format!("{role}_bg.wasm")))
}

fn bindgen(role: &str, module: &Path, out: &Path, options: &[&str]) -> Result<()> {
    let mut arguments: Vec<OsString> = vec!["wasm-bindgen".into(), module.into()];
    arguments.extend(["--target=bundler".into(), format!("--out-name={role}").into()]);
    arguments.extend(options.iter().map(OsString::from));
    arguments.extend(["--out-dir".into(), out.into()]);
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(arguments)
}

/// What glue and module are called together: a module of another build imports under another name.
fn build_hash(module: &[u8], glue: &str) -> String {
    let digest = Sha256::new().chain_update(module).chain_update(glue).finalize();
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Renames every import: its module to the build's hash, its name to `$0`, `$1`, …
///
/// wasm-bindgen calls an import by its method and a hash, `__wbg_appendChild_f8784f6270d097cd`, once in
/// the module and once in the glue. Hashes do not compress: short names save 4 KB of brotli.
fn shorten_imports(core: &mut Module, build: &str) -> BTreeMap<String, String> {
    let mut short = BTreeMap::new();
    for import in core.imports.iter_mut() {
        let next = format!("${}", short.len());
        import.name = short.entry(import.name.clone()).or_insert(next).clone();
        build.clone_into(&mut import.module);
    }
    short
}

/// The glue with its functions renamed; each must be defined once and mentioned nowhere else.
fn rename(glue: &str, short: &BTreeMap<String, String>) -> Result<String> {
    let mut renamed = String::with_capacity(glue.len());
    let mut found = 0;
    for line in glue.split_inclusive('\n') {
        let defined = line.strip_prefix("export function ").and_then(|rest| rest.split_once('('));
        match defined.and_then(|(name, rest)| Some((short.get(name)?, rest))) {
            Some((name, rest)) => {
                found += 1;
                renamed.extend(["export function ", name, "(", rest]);
            }
            None => renamed.push_str(line),
        }
    }
    let lost = short.keys().find(|name| renamed.contains(&format!("{name}(")));
    if let Some(name) = lost {
        bail!("the glue calls its own import {name}: adapt glue.rs to it");
    }
    (found == short.len()).then_some(renamed).with_context(|| {
        format!("the glue defines {found} of {} imports in the way known here", short.len())
    })
}

/// Where the glue is handed its module.
const SET_WASM: &str = "export function __wbg_set_wasm(val) {\n";

/// The glue without what runs on import: a browser that lacks `TextDecoder` must be able to import the
/// package, so that its first call fails with `UNSUPPORTED_BROWSER`. Both coders are made when the module
/// is handed over.
fn without_start(glue: &str) -> Result<String> {
    let (mut kept, mut start) = (String::with_capacity(glue.len()), String::new());
    let mut lines = glue.split_inclusive('\n');
    while let Some(line) = lines.next() {
        if line.starts_with("let cachedTextDecoder = ") {
            kept.push_str("let cachedTextDecoder;\n");
            start.extend([line.trim_start_matches("let "), "cachedTextDecoder.decode();\n"]);
        } else if line.starts_with("const cachedTextEncoder = ") {
            kept.push_str("let cachedTextEncoder;\n");
            start.push_str(line.trim_start_matches("const "));
        } else if line.starts_with("if (!('encodeInto' in cachedTextEncoder))") {
            // For browsers older than any that is supported.
            lines.by_ref().find(|line| *line == "}\n");
        } else if line != "cachedTextDecoder.decode();\n"
            && !line.starts_with("if (Symbol.dispose) ")
        {
            kept.push_str(line);
        }
    }
    let runs = |line: &&str| line.starts_with("if (") || line.starts_with("new ");
    if let Some(line) = kept.lines().find(runs) {
        bail!("the glue runs {line:?} on import: adapt glue.rs to it");
    }
    if kept.matches(SET_WASM).count() != 1 || start.is_empty() {
        bail!("the glue starts in a way unknown here: adapt glue.rs to it");
    }
    Ok(kept.replacen(SET_WASM, &[SET_WASM, &start].concat(), 1))
}

/// What no page of ours needs, and what is in its place: passing a text where memory cannot be reallocated, a new
/// decoder after 2 GB of text, and more questions than one about memory that has grown. 0.2 KB of brotli a role.
const UNUSED: [(&str, &str); 8] = [
    ("passStringToWasm0(arg, malloc, realloc) {", "passStringToWasm0(arg) {"),
    (", wasm.malloc, wasm.realloc)", ")"),
    (
        "    if (realloc === undefined) {
        const buf = cachedTextEncoder.encode(arg);
        const ptr = malloc(buf.length, 1) >>> 0;
        getUint8ArrayMemory0().subarray(ptr, ptr + buf.length).set(buf);
        WASM_VECTOR_LEN = buf.length;
        return ptr;
    }

",
        "",
    ),
    ("= malloc(", "= wasm.malloc("),
    ("= realloc(", "= wasm.realloc("),
    ("const MAX_SAFARI_DECODE_BYTES = 2146435072;\nlet numBytesDecoded = 0;\n", ""),
    (
        "    numBytesDecoded += bytes.length;
    if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {
        cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
        cachedTextDecoder.decode();
        numBytesDecoded = bytes.length;
    }
",
        "",
    ),
    (
        "cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer.detached === true || (cachedDataViewMemory0.buffer.detached === undefined && cachedDataViewMemory0.buffer !== wasm.memory.buffer)",
        "cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer !== wasm.memory.buffer",
    ),
];

/// The glue without what is [`UNUSED`].
fn without_unused(glue: &str) -> Result<String> {
    let mut glue = glue.to_owned();
    for (from, to) in UNUSED {
        if !glue.contains(from) {
            bail!("the glue has no {from:?} any more: adapt glue.rs to it");
        }
        glue = glue.replace(from, to);
    }
    caught_once(&without_other_globals(&without_frees(&glue)?))
}

/// The glue without its look for the global object in Node's, a worker's and a window's name, which follows where
/// there is no `globalThis`: every browser that is supported has it.
fn without_other_globals(glue: &str) -> String {
    ["global", "self", "window"].iter().fold(glue.to_owned(), |glue, name| {
        let looked_up = format!(
            "    const ret = typeof {name} === 'undefined' ? undefined : {name};
    return isLikeNone(ret) ? 0 : addHeapObject(ret);
"
        );
        glue.replace(&looked_up, "    return 0;\n")
    })
}

/// How wasm-bindgen hands what an import throws to the core, and the same in fewer bytes at each import.
const HANDLE_ERROR: [&str; 2] = [
    "function handleError(f, args) {
    try {
        return f.apply(this, args);
    } catch (e) {
        wasm.exn_store(addHeapObject(e));
    }
}
",
    "function handlingErrors(f) {
    return (...args) => {
        try {
            return f(...args);
        } catch (e) {
            wasm.exn_store(addHeapObject(e));
        }
    };
}
",
];

/// The glue with each import that may throw wrapped where it is defined, not where it is called.
fn caught_once(glue: &str) -> Result<String> {
    let [from, to] = HANDLE_ERROR;
    let mut kept = String::with_capacity(glue.len());
    for line in glue.replace(from, to).split_inclusive('\n') {
        let wrapped = line.strip_prefix("export function ").and_then(|rest| {
            let (name, rest) = rest.split_once("() { return handleError(function (")?;
            Some((name, rest.strip_suffix(" {\n")?))
        });
        match wrapped {
            Some((name, parameters)) => {
                kept.push_str(&format!(
                    "export const {name} = handlingErrors(({parameters} => {{\n"
                ));
            }
            None if line == "}, arguments); }\n" => kept.push_str("});\n"),
            None => kept.push_str(line),
        }
    }
    if kept.contains("handleError") || !kept.contains(to) {
        bail!("the glue handles errors in a way unknown here: adapt glue.rs to it");
    }
    Ok(kept)
}

/// The glue without the code that frees texts where a later argument is not a text: all arguments are checked before,
/// and what does not fit into memory traps.
fn without_frees(glue: &str) -> Result<String> {
    let mut kept = String::with_capacity(glue.len());
    let mut lines = glue.split_inclusive('\n');
    while let Some(line) = lines.next() {
        kept.push_str(line);
        let (indent, declared) = line.split_at(line.len() - line.trim_start().len());
        if !declared.starts_with("let ptr") || !declared.contains(", len") {
            continue;
        }
        let starts = |with: &'static str| {
            move |line: &&str| line.strip_prefix(indent).is_some_and(|line| line == with)
        };
        let begins = lines.next().as_ref().is_some_and(starts("try {\n"));
        let until = starts("} catch (e) {\n");
        kept.extend(lines.by_ref().take_while(|line| !until(line)));
        let until = starts("}\n");
        let frees: Vec<_> = lines.by_ref().take_while(|line| !until(line)).collect();
        if !begins || frees.last().is_none_or(|last| last.trim() != "throw e;") {
            bail!("the glue frees texts in a way unknown here: adapt glue.rs to it");
        }
    }
    Ok(kept)
}

/// Shortens the exports that only the glue uses: those through which closures are called have types as names.
fn shorten_exports(core: &mut Module, glue: &str) -> String {
    let mut glue = glue.to_owned();
    let is_long =
        |name: &str| ["wasm_bindgen_", "__wbindgen_"].iter().any(|start| name.starts_with(start));
    let mut long: Vec<_> = core.exports.iter_mut().filter(|export| is_long(&export.name)).collect();
    // A name can begin with another one.
    long.sort_by_key(|export| std::cmp::Reverse(export.name.len()));
    for (number, export) in long.into_iter().enumerate() {
        let short = match export.name.strip_prefix("__wbindgen_") {
            Some(short) => short.trim_start_matches("add_to_").to_owned(),
            None => format!("invoke{number}"),
        };
        glue = glue.replace(&format!("wasm.{}", export.name), &format!("wasm.{short}"));
        export.name = short;
    }
    glue
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> BTreeMap<String, String> {
        [("__wbg_a_1", "$0"), ("__wbg_b_2", "$1")].map(|(a, b)| (a.into(), b.into())).into()
    }

    #[test]
    fn imports_are_renamed_and_nothing_else() {
        let glue = "export function __wbg_a_1(x) { return x }\nexport function other() {}\nexport function __wbg_b_2() {}\n";
        assert_eq!(
            rename(glue, &names()).unwrap(),
            "export function $0(x) { return x }\nexport function other() {}\nexport function $1() {}\n"
        );
    }

    #[test]
    fn glue_of_another_shape_is_refused() {
        assert!(rename("export function __wbg_a_1() {}\n", &names()).is_err());
        let calls = "export function __wbg_a_1() {}\nexport function __wbg_b_2() { __wbg_a_1() }\n";
        assert!(rename(calls, &names()).is_err());
        assert!(without_start("").is_err());
        assert!(without_unused("function passStringToWasm0(arg) {\n}\n").is_err());
    }

    #[test]
    fn an_import_that_may_throw_is_wrapped_where_it_is_defined() {
        let [from, to] = HANDLE_ERROR;
        let import = "export function $0() { return handleError(function (arg0) {\n    f(arg0);\n}, arguments); }\n";
        let wrapped = "export const $0 = handlingErrors((arg0) => {\n    f(arg0);\n});\n";
        assert_eq!(caught_once(&[import, from].concat()).unwrap(), [wrapped, to].concat());
        assert!(caught_once(import).is_err());
    }

    #[test]
    fn the_global_object_has_one_name() {
        let lookup = |name| {
            format!(
                "export function $0() {{
    const ret = typeof {name} === 'undefined' ? undefined : {name};
    return isLikeNone(ret) ? 0 : addHeapObject(ret);
}}
"
            )
        };
        assert_eq!(without_other_globals(&lookup("globalThis")), lookup("globalThis"));
        assert_eq!(
            without_other_globals(&lookup("self")),
            "export function $0() {\n    return 0;\n}\n"
        );
    }

    #[test]
    fn nothing_runs_on_import() {
        let decoder =
            "let cachedTextDecoder = new TextDecoder('utf-8');\ncachedTextDecoder.decode();\n";
        let encoder = "const cachedTextEncoder = new TextEncoder();\nif (!('encodeInto' in cachedTextEncoder)) {\n  old();\n}\n";
        let set_wasm = [SET_WASM, "    wasm = val;\n}\n"].concat();
        let glue = without_start(&[decoder, encoder, &set_wasm].concat()).unwrap();
        assert_eq!(
            glue,
            "let cachedTextDecoder;\nlet cachedTextEncoder;\nexport function __wbg_set_wasm(val) {\n\
             cachedTextDecoder = new TextDecoder('utf-8');\ncachedTextDecoder.decode();\n\
             cachedTextEncoder = new TextEncoder();\n    wasm = val;\n}\n"
        );
        assert!(without_start(&[decoder, &set_wasm, "if (other) {\n"].concat()).is_err());
    }

    #[test]
    fn another_module_or_another_glue_is_another_build() {
        let build = build_hash(b"module", "glue");
        assert_eq!(build.len(), 12);
        assert_eq!(build, build_hash(b"module", "glue"));
        assert_ne!(build, build_hash(b"modulE", "glue"));
        assert_ne!(build, build_hash(b"module", "gluE"));
    }
}
