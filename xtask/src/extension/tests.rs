//! The whole command, and the icons.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::paths;

const TENANTS: &str = "var CoBrowse = { initFromUrl() {} }\n";

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("calldock-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("tenant.js"), TENANTS).unwrap();
        Self(folder)
    }

    fn make(&self, more: &str) {
        let bundle = self.0.join("tenant.js");
        let (out, bundle) = (self.0.display(), bundle.display());
        let line = format!("--aicc https://aicc.example.com --out {out} {more}");
        let line = line.replace("BUNDLE", &format!("--bundle {bundle}"));
        run(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).unwrap();
    }

    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let all = crate::stamp::files(&self.0).unwrap();
        let relative = |file: &Path| file.strip_prefix(&self.0).unwrap().to_owned();
        all.iter().map(|file| (relative(file), fs::read(file).unwrap())).collect()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

const SHOP: &str = "--hosts https://shop.example.com/*";

#[test]
fn the_same_options_make_the_same_bytes() {
    let (one, other) = (Folder::new("one"), Folder::new("other"));
    one.make(&format!("{SHOP} BUNDLE"));
    other.make(&format!("{SHOP} BUNDLE --frames"));
    assert_ne!(one.files(), other.files());
    other.make(&format!("{SHOP} BUNDLE"));
    assert_eq!(one.files(), other.files());
}

#[test]
fn the_store_builds_are_made_only_with_a_bundle_and_old_ones_go() {
    let folder = Folder::new("kinds");
    folder.make(&format!("{SHOP} BUNDLE"));
    let all = "self-hosted-chromium self-hosted-chromium.zip self-hosted-firefox \
        self-hosted-firefox.zip store-chromium store-chromium.zip store-firefox store-firefox.zip \
        tenant.js";
    assert_eq!(folder.names().join(" "), all);
    folder.make(SHOP);
    let rest = "self-hosted-chromium self-hosted-chromium.zip self-hosted-firefox \
        self-hosted-firefox.zip tenant.js";
    assert_eq!(folder.names().join(" "), rest);
}

#[test]
fn a_wrong_option_leaves_the_earlier_builds_alone() {
    let folder = Folder::new("wrong");
    folder.make(SHOP);
    let before = folder.files();
    let line = format!(
        "--aicc https://a.example {SHOP} --out {} --bundle no/such/file.js",
        folder.0.display()
    );
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    assert!(run(&words).unwrap_err().to_string().starts_with("--bundle: there is no file"));
    assert_eq!(folder.files(), before);
}

#[test]
fn both_languages_say_the_same_things() {
    let messages = |language: &str| {
        let file = paths::root().join("extension/_locales").join(language).join("messages.json");
        let text = fs::read_to_string(file).unwrap();
        serde_json::from_str::<BTreeMap<String, serde_json::Value>>(&text).unwrap()
    };
    let (en, zh) = (messages("en"), messages("zh_CN"));
    assert_eq!(en.keys().collect::<Vec<_>>(), zh.keys().collect::<Vec<_>>());
    for (key, message) in &en {
        assert_eq!(message.get("placeholders"), zh[key].get("placeholders"), "{key}");
    }
    // The stores cut longer ones.
    for description in [&en["description"], &zh["description"]] {
        assert!(description["message"].as_str().unwrap().chars().count() <= 132);
    }
}

/// How far a pixel of another machine's arithmetic may be from ours.
const TOLERANCE: u8 = 2;

/// `CALLDOCK_DRAW_ICONS=1 cargo test --package xtask icons` draws them again.
#[test]
fn the_icons_are_what_their_drawing_gives() {
    let folder = paths::root().join("extension/icons");
    let drawing = fs::read(folder.join("icon.svg")).unwrap();
    let drawing = resvg::usvg::Tree::from_data(&drawing, &Default::default()).unwrap();
    for size in package::ICON_SIZES {
        let mut drawn = resvg::tiny_skia::Pixmap::new(size, size).unwrap();
        let scale = size as f32 / drawing.size().width();
        let scale = resvg::tiny_skia::Transform::from_scale(scale, scale);
        resvg::render(&drawing, scale, &mut drawn.as_mut());
        let file = folder.join(format!("icon-{size}.png"));
        if std::env::var_os("CALLDOCK_DRAW_ICONS").is_some() {
            drawn.save_png(&file).unwrap();
        }
        let kept = resvg::tiny_skia::Pixmap::load_png(&file).unwrap();
        assert_eq!((kept.width(), kept.height()), (size, size));
        let differ = kept.data().iter().zip(drawn.data()).any(|(a, b)| a.abs_diff(*b) > TOLERANCE);
        assert!(!differ, "icon-{size}.png is not what icon.svg gives");
    }
}
