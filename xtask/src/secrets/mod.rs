//! Proves on the built artefacts that no signing code and no secret is in them: signing belongs to
//! the server (design.md, "Rules of the house").

/// SHA-256's own numbers: where they are, something is signed.
mod sha256;
/// Text that no page may be sent.
mod words;

use std::fs;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{paths, process, stamp};

/// Crates that sign, by name; the browser's crate may depend on none.
const SIGNERS: [&str; 8] = ["hmac", "sha1", "sha2", "sha3", "md-5", "ring", "rsa", "digest"];

/// Looks through every file of the package and through the browser crate's dependencies. Answers
/// how many things were looked at.
pub fn check() -> Result<usize> {
    let mut findings = Vec::new();
    let files = stamp::files(&paths::pkg())?;
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        findings.extend(scan(&fs::read(file)?).into_iter().map(|what| format!("{name}: {what}")));
    }
    let crates = dependencies()?;
    for name in signers(&crates) {
        findings.push(format!("the crate `{name}` is a dependency of the browser's crate"));
    }
    if !findings.is_empty() {
        bail!("signing code or a secret would reach the page:\n  {}", findings.join("\n  "));
    }
    Ok(files.len() + 1)
}

/// What is wrong with a file. A wasm module may be in it as base64.
fn scan(content: &[u8]) -> Vec<String> {
    let (text, embedded) = split_base64(content);
    let mut findings = words::find(&text);
    findings.extend(embedded.iter().flat_map(|bytes| words::find(bytes)));
    let numbers = sha256::count(&text, &embedded);
    if numbers >= sha256::TELLING {
        findings.push(format!("{numbers} of SHA-256's constants"));
    }
    findings
}

/// Takes long base64 literals out of the text and decodes them; as text they would match by chance.
fn split_base64(content: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    let (mut text, mut embedded) = (Vec::new(), Vec::new());
    for run in content.chunk_by(|one, next| is_digit(one) == is_digit(next)) {
        if run.len() >= 64 && is_digit(&run[0]) {
            embedded.push(decode(run));
        } else {
            text.extend_from_slice(run);
        }
    }
    (text, embedded)
}

fn decode(base64: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for digit in base64 {
        let Some(value) = DIGITS.iter().position(|known| known == digit) else { break };
        bits = (bits << 6 | value as u32) & 0xff_ffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}

/// The crates that are compiled into the browser's crate, one name a line.
fn dependencies() -> Result<String> {
    let mut cargo = Command::new("cargo");
    cargo.args(["tree", "--package", "calldock", "--target", "wasm32-unknown-unknown"]);
    cargo.args(["--edges", "normal", "--prefix", "none", "--format", "{p}"]);
    process::output(cargo.current_dir(paths::root()))
}

fn signers(crates: &str) -> Vec<&str> {
    let names = crates.lines().filter_map(|line| line.split_whitespace().next());
    let mut found: Vec<&str> = names.filter(|name| SIGNERS.contains(name)).collect();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_looked_into_and_not_read_as_text() {
        // 48 bytes, the first of them "secretKey=".
        let literal = "c2VjcmV0S2V5PQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert_eq!(scan(format!("let wasm = '{literal}'").as_bytes()).len(), 1);
        let by_chance = format!("let wasm = '{}hmac{}'", "A".repeat(40), "A".repeat(40));
        assert_eq!(scan(by_chance.as_bytes()), Vec::<String>::new());
    }

    #[test]
    fn a_planted_crate_is_found() {
        let tree = "calldock v0.1.0\nserde v1.0.229\nhmac v0.13.0\nhmac v0.13.0\n";
        assert_eq!(signers(tree), ["hmac"]);
        assert_eq!(signers("calldock v0.1.0\nserde v1.0.229\n"), Vec::<&str>::new());
    }

    #[test]
    fn innocent_code_passes() {
        let code = b"export const greet = (name) => `hello ${name}`; const limit = 1048576";
        assert_eq!(scan(code), Vec::<String>::new());
    }
}
