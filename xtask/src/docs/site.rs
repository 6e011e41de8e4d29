use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use super::{entries, manifest, prepare, tool, workplace};
use crate::stamp;
use crate::test::Counts;
use crate::{node, paths, process, progress};

/// The folders of `docs/` that hold the pages.
const LANGUAGES: [&str; 2] = ["en", "zh"];
/// What the site serves as it is.
const FILES: [&str; 2] = ["openapi.json", "schemas"];
/// The crates whose documentation is on the site.
const CRATES: [&str; 7] = [
    "calldock-contract",
    "calldock-signing",
    "calldock-service",
    "calldock-server",
    "calldock-edge",
    "calldock-admin",
    "calldock-accounts",
];

/// The made site.
fn output() -> PathBuf {
    paths::root().join("target/docs-site")
}

/// The site's sources: copies of the documents, and what the tools write beside them.
fn sources() -> PathBuf {
    workplace().join("docs")
}

/// Makes the site with all references and says where it is.
pub fn run() -> Result<()> {
    prepare()?;
    lay_out()?;
    rust_reference()?;
    build()?;
    let site = output();
    progress::note(&format!("the site is in {}; any static server shows it", site.display()));
    Ok(())
}

/// Makes the site without the Rust reference, which takes a compilation and which clippy's stage reads anyway.
pub fn stage() -> Result<Counts> {
    prepare()?;
    lay_out()?;
    build()?;
    Ok(Counts {
        passed: stamp::files(&output())?.iter().filter(|file| is_page(file)).count() as u64,
        ..Counts::default()
    })
}

fn is_page(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "html")
}

/// Copies the documents, and has typedoc write its pages beside them. What exists in English only is beneath
/// both languages, so that each page of the site has its counterpart.
fn lay_out() -> Result<()> {
    let (from, to) = (paths::root().join("docs"), sources());
    if to.exists() {
        fs::remove_dir_all(&to)?;
    }
    copy(&from.join(".vitepress"), &to.join(".vitepress"))?;
    for file in FILES {
        copy(&from.join(file), &to.join("public").join(file))?;
    }
    // Beside the languages, as in a checkout: the pages show them by relative paths.
    copy(&from.join("images"), &to.join("images"))?;
    let api = workplace().join("reference");
    typescript_reference(&api)?;
    for language in LANGUAGES {
        copy(&from.join(language), &to.join(language))?;
        copy(&from.join("vendor"), &to.join(language).join("vendor"))?;
        copy(&api, &to.join(language).join("api"))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in stamp::files(from)? {
        let target = match file.strip_prefix(from)? {
            rest if rest.as_os_str().is_empty() => to.to_path_buf(),
            rest => to.join(rest),
        };
        fs::create_dir_all(target.parent().unwrap_or(to))?;
        fs::copy(&file, &target).with_context(|| file.display().to_string())?;
    }
    Ok(())
}

/// A page for each entry of the package, from its declarations.
fn typescript_reference(to: &Path) -> Result<()> {
    progress::step("writing the TypeScript reference (typedoc)");
    let pkg = paths::pkg();
    let entries = entries()?;
    let files: Vec<PathBuf> = entries.values().map(|types| pkg.join(types)).collect();
    let settings = workplace().join("tsconfig.json");
    fs::write(
        &settings,
        json!({ "compilerOptions": super::reports::compiler(), "files": files }).to_string(),
    )?;
    let options = json!({
        "name": "TypeScript API",
        "entryPoints": files,
        "tsconfig": settings,
        "plugin": ["typedoc-plugin-markdown"],
        "out": to,
        "readme": "none",
        "disableSources": true,
        "excludeExternals": true,
        "githubPages": false,
        "hideGenerator": true,
        "hideBreadcrumbs": true,
        "hidePageHeader": true,
        "entryFileName": "overview",
        // Two members of different interfaces may spell the same anchor; typedoc writes its own.
        "useHTMLAnchors": true,
        "outputFileStrategy": "modules",
        "parametersFormat": "table",
        "useCodeBlocks": true,
        "sanitizeComments": true,
        // A type that an entry names without exporting it is in the API report.
        "validation": { "notExported": false, "invalidLink": true },
        "treatWarningsAsErrors": true,
        "logLevel": "Warn",
    });
    let file = workplace().join("typedoc.json");
    fs::write(&file, options.to_string())?;
    process::run(tool("typedoc").arg("--options").arg(file).stdout(std::io::stderr()))?;
    for (entry, types) in entries {
        title(&to.join(types.replace(".d.ts", ".md")), &entry)?;
    }
    Ok(())
}

/// Gives an entry's page the name by which it is imported as its heading.
fn title(page: &Path, entry: &str) -> Result<()> {
    let text = fs::read_to_string(page).with_context(|| page.display().to_string())?;
    let (_, rest) = text.split_once('\n').context("typedoc wrote an empty page")?;
    let import = if entry == "calldock" { entry.to_owned() } else { format!("calldock/{entry}") };
    Ok(fs::write(page, format!("# {import}\n{rest}"))?)
}

/// The documentation of the crates, as cargo makes it.
fn rust_reference() -> Result<()> {
    progress::step("writing the Rust reference (cargo doc)");
    let made = paths::target().join("doc");
    if made.exists() {
        fs::remove_dir_all(&made)?;
    }
    let mut cargo = Command::new("cargo");
    cargo.args(["doc", "--no-deps"]);
    cargo.args(CRATES.iter().flat_map(|name| ["--package", name]));
    process::run(cargo.current_dir(paths::root()))?;
    copy(&made, &sources().join("public/rust"))
}

/// VitePress, which stops at a link that leads nowhere, and then every link and anchor of what it has made.
fn build() -> Result<()> {
    progress::step("building the site (VitePress)");
    let site = output();
    if site.exists() {
        fs::remove_dir_all(&site)?;
    }
    let mut vitepress = tool("vitepress");
    vitepress.args(["build", "docs", "--outDir"]).arg(&site);
    vitepress.env("CALLDOCK_DOCS_REPOSITORY", repository()?);
    process::run(vitepress.stdout(std::io::stderr()))?;
    fs::write(site.join("index.html"), FIRST_PAGE)?;
    process::run(node::script("site-links.mjs").arg(&site))
}

/// Where the repository's files can be read.
fn repository() -> Result<String> {
    let manifest = manifest()?;
    let url = manifest["repository"]["url"].as_str().context("js/package.json: repository.url")?;
    Ok(format!("{}/blob/main", url.trim_start_matches("git+").trim_end_matches(".git")))
}

/// The address without a language.
const FIRST_PAGE: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Calldock</title>
<script>location.replace((navigator.language || '').toLowerCase().startsWith('zh') ? 'zh/' : 'en/')</script>
<p><a href="en/">English</a> · <a href="zh/" lang="zh-CN">中文</a></p>
</html>
"#;
