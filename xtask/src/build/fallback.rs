//! The JavaScript form of the core, for pages whose policy refuses wasm.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::{node, process};

/// Makes `calldock_bg.wasm.js`: a module whose `instantiate(imports)` answers what an instance's
/// `exports` would be.
pub fn build(core: &Path) -> Result<()> {
    let raw = core.join("calldock_bg.raw.js");
    let form = core.join("calldock_bg.wasm.js");
    let module = core.join("calldock_bg.wasm");
    process::run(node::tool("wasm2js").arg("-Oz").arg(module).arg("-o").arg(&raw))?;
    let written = fs::read_to_string(&raw)?;
    fs::write(&raw, give_the_glue_later(&detach_on_growth(&written)?)?)?;
    // Not `--minify-syntax`: binaryen did that already, knowing what may grow memory in between,
    // and esbuild's adds to the brotli.
    let mut esbuild = node::tool("esbuild");
    esbuild.args(["--minify-whitespace", "--minify-identifiers", "--format=esm"]);
    esbuild.args(["--charset=utf8", "--log-level=warning"]);
    process::run(esbuild.arg(&raw).arg(format!("--outfile={}", form.display())))?;
    fs::remove_file(raw)?;
    let types = "/** Starts the core's JavaScript form; call it once. */\n\
        export function instantiate(imports: Record<string, object>): Record<string, unknown>;\n";
    Ok(fs::write(core.join("calldock_bg.wasm.d.ts"), types)?)
}

/// Where wasm2js's `memory.grow` replaces the old buffer.
const REPLACES: &str = "buffer = newBuffer;";

/// WebAssembly detaches the old buffer when memory grows, and the glue renews its views only when
/// it sees that (`byteLength === 0`). wasm2js leaves the old buffer attached: after growth the glue
/// would go on reading stale memory, silently. A transfer detaches it.
const DETACHES: &str = "detach(buffer); buffer = newBuffer;";

const DETACH: &str = "
function detach(buffer) {
  if (typeof structuredClone === 'function') structuredClone(buffer, { transfer: [buffer] });
  else {
    var channel = new MessageChannel();
    channel.port1.postMessage(buffer, [buffer]);
    channel.port1.close();
  }
}
";

/// Makes `memory.grow` detach the old buffer, as WebAssembly's does.
fn detach_on_growth(form: &str) -> Result<String> {
    let grows = form.matches("function __wasm_memory_grow").count();
    if grows != 1 || form.matches(REPLACES).count() != 1 || form.contains("function detach") {
        bail!("wasm2js grows memory in a way unknown here: adapt fallback.rs to its output");
    }
    Ok(form.replacen(REPLACES, DETACHES, 1) + DETACH)
}

/// The only import of wasm2js's module.
const IMPORT: &str = "import * as $_calldock_bg_js from './calldock_bg.js';\n";
/// Where it starts the core and lists the exports, one by one.
const START: &str = "\nvar retasmFunc = asmFunc(";

/// wasm2js's module imports its glue and starts by itself. Inside a bundle (`global.js`) that would
/// be a second glue, which knows nothing of the first; so ours is handed its glue, like wasm.
fn give_the_glue_later(form: &str) -> Result<String> {
    let imports = form.matches("\nimport ").count() + usize::from(form.starts_with("import "));
    let (Some((head, rest)), 1, 1) =
        (form.split_once(START), imports, form.matches(IMPORT).count())
    else {
        bail!("wasm2js's module starts in a way unknown here: adapt fallback.rs to its output");
    };
    let detach = rest.find(DETACH).map_or("", |at| &rest[at..]);
    Ok(head.replacen(IMPORT, "", 1) + detach + "\nexport { asmFunc as instantiate };\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "import * as $_calldock_bg_js from './calldock_bg.js';\n\
        function asmFunc(imports) {\n function __wasm_memory_grow(pages) {\n  \
        newHEAP8.set(HEAP8);\n  buffer = newBuffer;\n  bufferView = HEAPU8;\n }\n}\n\
        var retasmFunc = asmFunc({\n});\nexport var memory = retasmFunc.memory;\n";

    #[test]
    fn the_old_buffer_is_detached_before_it_is_replaced() {
        let patched = detach_on_growth(FORM).unwrap();
        assert!(patched.contains("detach(buffer); buffer = newBuffer;"));
        assert!(patched.contains("function detach(buffer)"));
    }

    #[test]
    fn growth_of_another_shape_is_refused() {
        assert!(detach_on_growth("").is_err());
        assert!(detach_on_growth(&FORM.replace("buffer = newBuffer", "swap()")).is_err());
        assert!(detach_on_growth(&FORM.repeat(2)).is_err());
    }

    #[test]
    fn a_patched_output_is_not_patched_again() {
        assert!(detach_on_growth(&detach_on_growth(FORM).unwrap()).is_err());
    }

    #[test]
    fn the_form_starts_only_when_it_is_handed_its_glue() {
        let form = give_the_glue_later(&detach_on_growth(FORM).unwrap()).unwrap();
        assert!(!form.contains("import ") && !form.contains("retasmFunc"));
        assert!(form.contains("function detach(buffer)"));
        assert!(form.ends_with("export { asmFunc as instantiate };\n"));
    }

    #[test]
    fn a_start_of_another_shape_is_refused() {
        assert!(give_the_glue_later(&FORM.replace("retasmFunc", "started")).is_err());
        assert!(give_the_glue_later(&format!("import './more.js';\n{FORM}")).is_err());
    }
}
