//! Command `extension`: makes the cobrowse extension of `extension/` for one contact centre and the
//! sites that are cobrowsed.

/// Reads the contact centre's address and the sites.
mod address;
/// Writes a folder, and a zip of it that is always the same.
mod archive;
/// Reads the tenant's cobrowse.js.
mod bundle;
/// Which builds there are, and for which browsers.
mod kind;
/// What the browser is told of the extension.
mod manifest;
/// What the command line asks for.
mod options;
/// Puts a build's files together.
mod package;
/// Makes the content script, which runs in the page.
mod script;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::progress;
use kind::{Browser, Kind};
use options::Options;

/// Makes every build that the options allow, and says where it is.
pub fn run(arguments: &[String]) -> Result<()> {
    if arguments.iter().any(|word| word == "--help" || word == "-h") {
        println!("{}", options::HELP);
        return Ok(());
    }
    let options = Options::parse(arguments)?;
    let bundle = options.bundle.as_deref().map(bundle::read).transpose()?;
    clear(&options.out)?;
    for kind in Kind::ALL {
        if kind == Kind::Store && bundle.is_none() {
            progress::note("no store build: it needs the tenant's script, --bundle cobrowse.js");
            continue;
        }
        for browser in Browser::ALL {
            let files = package::files(&options, kind, browser, bundle.as_deref())?;
            let folder = options.out.join(name(kind, browser));
            archive::write(&files, &folder)?;
            println!("{0}\n{0}.zip", folder.display());
        }
    }
    Ok(())
}

fn name(kind: Kind, browser: Browser) -> String {
    format!("{}-{}", kind.name(), browser.name())
}

/// Takes away what an earlier run made, so that no build of other settings lies beside the new ones.
fn clear(out: &Path) -> Result<()> {
    for (kind, browser) in Kind::ALL.into_iter().flat_map(|k| Browser::ALL.map(|b| (k, b))) {
        let folder = out.join(name(kind, browser));
        let zip = archive::zip_beside(&folder);
        // Only what is an extension is taken away: `--out` may name a folder with other things.
        if folder.join("manifest.json").is_file() {
            fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
        }
        if zip.is_file() {
            fs::remove_file(&zip).with_context(|| zip.display().to_string())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
