//! The JavaScript form of the core, for pages whose policy refuses wasm.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use super::glue::Bound;
use crate::{node, process};

/// Makes a role's JavaScript form: a module whose `instantiate(imports, trap)` returns what an instance's
/// `exports` would be, and whose `build` is its glue's.
pub fn build(bound: &Bound, work: &Path, form: &Path) -> Result<()> {
    let (lowered, raw) = (work.join("lowered.wasm"), work.join("raw.js"));
    let mut wasm_opt = node::tool("wasm-opt");
    wasm_opt.args(["--enable-bulk-memory", "--llvm-memory-copy-fill-lowering", "-Oz"]);
    process::run(wasm_opt.arg(&bound.module).arg("-o").arg(&lowered))?;
    process::run(node::tool("wasm2js").arg("-Oz").arg(&lowered).arg("-o").arg(&raw))?;
    let written = fs::read_to_string(&raw)?;
    let patched = give_the_glue_later(&name_the_trap(&detach_on_growth(&written)?)?, &bound.build)?;
    let name = form.file_name().unwrap_or_default().to_string_lossy();
    fs::write(&raw, patched + &for_the_classic_script(name.split('.').next().unwrap_or_default()))?;
    // Not `--minify-syntax`: binaryen did that already, knowing what may grow memory in between,
    // and esbuild's adds to the brotli.
    let mut esbuild = node::tool("esbuild");
    esbuild.args(["--minify-whitespace", "--minify-identifiers", "--format=esm"]);
    esbuild.args(["--charset=utf8", "--log-level=warning"]);
    process::run(esbuild.arg(&raw).arg(format!("--outfile={}", form.display())))
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

/// How wasm2js says `unreachable`.
const TRAPS: &str = "function wasm2js_trap() { throw new Error('abort'); }";

/// Makes a trap an exception of the loader's own, which no other code throws.
fn name_the_trap(form: &str) -> Result<String> {
    let untrapped = form.replacen(TRAPS, "", 1);
    if untrapped.contains("abort(") || (untrapped == form && form.contains("wasm2js_trap")) {
        bail!("wasm2js traps in a way unknown here: adapt fallback.rs to its output");
    }
    Ok(["var wasm2js_trap;\n", &untrapped].concat())
}

/// Where wasm2js starts the module and lists the exports, one by one.
const START: &str = "\nvar retasmFunc = asmFunc(";

/// wasm2js's module imports its glue and starts by itself. Inside a bundle (`global.js`) that would
/// be a second glue, which knows nothing of the first; so ours is handed its glue, like wasm.
fn give_the_glue_later(form: &str, build: &str) -> Result<String> {
    let import = form.lines().find(|line| line.starts_with("import ")).unwrap_or_default();
    let imports = form.lines().filter(|line| line.starts_with("import ")).count();
    let own = import.ends_with(&format!(" from '{build}';"));
    let (Some((head, rest)), true) = (form.split_once(START), imports == usize::from(own)) else {
        bail!("wasm2js's module starts in a way unknown here: adapt fallback.rs to its output");
    };
    let detach = rest.find(DETACH).map_or("", |at| &rest[at..]);
    let head = head.replacen(&[import, "\n"].concat(), "", 1);
    let exports = "\nexport function instantiate(imports, trap) {\n  wasm2js_trap = trap;\n  \
        return asmFunc(imports);\n}\n";
    Ok([&head, detach, exports, "export const build = '", build, "';\n"].concat())
}

/// The classic script `global.js` cannot import: a module script that it adds hands the form over.
fn for_the_classic_script(role: &str) -> String {
    format!(
        "if (globalThis.calldockForms) globalThis.calldockForms.{role} = {{ build, instantiate }};\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "import * as $b1 from 'b1';\n\
        function wasm2js_trap() { throw new Error('abort'); }\n\
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
        assert!(name_the_trap(&name_the_trap(FORM).unwrap()).is_err());
    }

    #[test]
    fn the_form_starts_only_when_it_is_handed_its_glue_and_its_trap() {
        let form = name_the_trap(&detach_on_growth(FORM).unwrap()).unwrap();
        let form = give_the_glue_later(&form, "b1").unwrap();
        assert!(!form.contains("import ") && !form.contains("retasmFunc"));
        assert!(form.contains("function detach(buffer)") && !form.contains("new Error"));
        assert!(form.contains("export function instantiate(imports, trap)"));
        assert!(form.ends_with("export const build = 'b1';\n"));
    }

    #[test]
    fn a_start_of_another_shape_is_refused() {
        assert!(give_the_glue_later(&FORM.replace("retasmFunc", "started"), "b1").is_err());
        assert!(give_the_glue_later(&format!("import './more.js';\n{FORM}"), "b1").is_err());
        assert!(give_the_glue_later(FORM, "b2").is_err());
    }
}
