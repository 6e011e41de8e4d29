//! The two co-browsing scripts.

use axum::http::StatusCode;

use crate::testing::Vendor;

#[tokio::test]
async fn both_scripts_may_be_loaded_from_any_page() {
    let vendor = Vendor::new();
    for (path, word) in [
        ("/service-cloud/resource.root/cobrowse/sdk/cobrowse.js", "initFromUrl"),
        ("/service-cloud/webclient/chat_client/js/cobrowseCommon.js", "CoBrowse.share"),
    ] {
        let answer = vendor.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.text.contains(word), "{path}");
        assert!(answer.header("content-type").starts_with("application/javascript"));
        assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
        for sink in crate::script::SINKS {
            assert!(!answer.text.contains(sink), "{path}: {sink}");
        }
    }
    let scripts: Vec<_> = vendor.seen("cec").iter().map(|seen| seen["script"].clone()).collect();
    assert_eq!(scripts, ["cobrowse.js", "cobrowseCommon.js"]);
}
