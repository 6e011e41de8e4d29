//! Puts a build's files together.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use serde_json::json;

use super::kind::{Browser, Kind};
use super::options::Options;
use super::{manifest, script};
use crate::paths;

/// Content by name, in the order in which a zip has them.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Pixels; what the stores, the toolbar and the list of extensions want.
pub const ICON_SIZES: [u32; 4] = [16, 32, 48, 128];

/// What is the same in every build, as it lies in `extension/`.
const COMMON: [&str; 5] = [
    "options.html",
    "options.css",
    "options.js",
    "_locales/en/messages.json",
    "_locales/zh_CN/messages.json",
];

/// The files of one build.
pub fn files(
    options: &Options,
    kind: Kind,
    browser: Browser,
    bundle: Option<&str>,
) -> Result<Files> {
    let room = paths::root().join("extension");
    let icons = ICON_SIZES.iter().map(|size| format!("icons/icon-{size}.png"));
    let mut files = Files::new();
    for name in COMMON.into_iter().map(str::to_owned).chain(icons) {
        let file = room.join(&name);
        let content = fs::read(&file).with_context(|| file.display().to_string())?;
        files.insert(name, content);
    }
    let settings = json!({
        "build": kind.name(),
        "aicc": options.aicc.origin(),
        "hosts": options.hosts,
        "frames": options.frames,
    });
    files.insert("settings.json".into(), text(&settings)?);
    files.insert("manifest.json".into(), text(&manifest::manifest(options, browser))?);
    let script = script::script(kind, &options.aicc, bundle)?;
    files.insert(manifest::SCRIPT.into(), script.into_bytes());
    Ok(files)
}

fn text(value: &serde_json::Value) -> Result<Vec<u8>> {
    Ok(format!("{value:#}\n").into_bytes())
}
