//! Reads the tenant's cobrowse.js for the store build. Its inside is unknown; what is surely something
//! else is refused, because the mistake would show only in a visitor's console.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// The script's text.
pub fn read(file: &Path) -> Result<String> {
    let shown = file.display();
    let bytes =
        fs::read(file).with_context(|| format!("--bundle: there is no file to read at {shown}"))?;
    let text = String::from_utf8(bytes)
        .with_context(|| format!("--bundle: {shown} is not UTF-8 text, so it is no script"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    ensure!(
        !text.trim_start().starts_with('<'),
        "--bundle: {shown} is a page, not a script; a proxy may have answered with it, or a login"
    );
    ensure!(
        text.contains("CoBrowse"),
        "--bundle: {shown} names no CoBrowse, so it is not the tenant's cobrowse.js"
    );
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, content: &[u8]) -> std::path::PathBuf {
        let file = std::env::temp_dir().join(format!("calldock-{}-{name}", std::process::id()));
        fs::write(&file, content).unwrap();
        file
    }

    fn refused(name: &str, content: &[u8]) -> String {
        let file = file(name, content);
        let message = read(&file).unwrap_err().to_string();
        fs::remove_file(file).unwrap();
        message
    }

    #[test]
    fn a_script_is_taken_without_its_byte_order_mark() {
        let file = file("marked.js", "\u{feff}var CoBrowse = {}".as_bytes());
        assert_eq!(read(&file).unwrap(), "var CoBrowse = {}");
        fs::remove_file(file).unwrap();
    }

    #[test]
    fn a_missing_file_is_refused() {
        let message = read(Path::new("no/such/cobrowse.js")).unwrap_err().to_string();
        assert_eq!(message, "--bundle: there is no file to read at no/such/cobrowse.js");
    }

    #[test]
    fn what_is_no_cobrowse_script_is_refused() {
        assert!(refused("bytes.js", &[0xff, 0xfe, 0]).contains("is not UTF-8 text"));
        assert!(refused("page.js", b"\n<!doctype html>CoBrowse").contains("is a page"));
        assert!(refused("other.js", b"var chat = {}").contains("names no CoBrowse"));
        assert!(refused("empty.js", b"").contains("names no CoBrowse"));
    }
}
