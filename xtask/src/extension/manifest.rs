//! What the browser is told of the extension: Manifest V3, the named sites and no permission.

use serde_json::{Value, json};

use super::kind::Browser;
use super::options::Options;
use super::package::ICON_SIZES;

/// The content script's name in the package.
pub const SCRIPT: &str = "cobrowse.js";

/// The manifest of one build.
pub fn manifest(options: &Options, browser: Browser) -> Value {
    let icons: serde_json::Map<String, Value> = ICON_SIZES
        .iter()
        .map(|size| (size.to_string(), format!("icons/icon-{size}.png").into()))
        .collect();
    let mut manifest = json!({
        "manifest_version": 3,
        "name": "__MSG_name__",
        "description": "__MSG_description__",
        "version": options.version,
        "default_locale": "en",
        "icons": icons,
        "action": { "default_title": "__MSG_name__", "default_popup": "options.html" },
        "options_ui": { "page": "options.html", "open_in_tab": true },
        "content_scripts": [{
            "matches": options.hosts,
            // Elsewhere the browser does not even start it. The script itself looks exactly.
            "include_globs": ["*cobrowse_share_url*"],
            "js": [SCRIPT],
            // An isolated script may add none to the page (docs/vendor/huawei.md §4).
            "world": "MAIN",
            "all_frames": options.frames,
        }],
    });
    let (key, value) = match browser {
        // The first with `"world": "MAIN"`.
        Browser::Chromium => ("minimum_chrome_version", json!("111")),
        Browser::Firefox => ("browser_specific_settings", gecko(options)),
    };
    manifest[key] = value;
    manifest
}

fn gecko(options: &Options) -> Value {
    json!({ "gecko": {
        "id": options.gecko_id,
        "strict_min_version": format!("{}.0", options.firefox_min),
        // What cobrowsing is: the agent sees the page and what is done in it. Firefox asks for
        // consent to this since 140; older ones pass over it.
        "data_collection_permissions": { "required": ["websiteActivity", "websiteContent"] },
    } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(more: &[&str], browser: Browser) -> Value {
        let needed =
            ["--aicc", "https://aicc.example.com", "--hosts", "https://shop.example.com/*"];
        let words: Vec<String> = needed.iter().chain(more).map(ToString::to_string).collect();
        manifest(&Options::parse(&words).unwrap(), browser)
    }

    #[test]
    fn it_asks_for_the_named_sites_and_for_nothing_else() {
        for browser in Browser::ALL {
            let manifest = made(&[], browser);
            for key in ["permissions", "host_permissions", "background", "web_accessible_resources"]
            {
                assert!(manifest.get(key).is_none(), "{key}");
            }
            assert_eq!(
                manifest["content_scripts"][0]["matches"],
                json!(["https://shop.example.com/*"])
            );
            assert!(!manifest.to_string().contains("all_urls"));
        }
    }

    #[test]
    fn frames_are_entered_only_where_asked() {
        let frames =
            |more| made(more, Browser::Chromium)["content_scripts"][0]["all_frames"].clone();
        assert_eq!(frames(&[]), json!(false));
        assert_eq!(frames(&["--frames"]), json!(true));
    }

    #[test]
    fn each_browser_is_told_its_own_things_and_not_the_others() {
        let (chromium, firefox) = (made(&[], Browser::Chromium), made(&[], Browser::Firefox));
        assert_eq!(chromium["minimum_chrome_version"], "111");
        assert!(chromium.get("browser_specific_settings").is_none());
        assert!(firefox.get("minimum_chrome_version").is_none());
        let gecko = &firefox["browser_specific_settings"]["gecko"];
        assert_eq!(
            (&gecko["id"], &gecko["strict_min_version"]),
            (&json!("cobrowse@aicc.example.com"), &json!("128.0"))
        );
    }
}
