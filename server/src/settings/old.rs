//! Keys of earlier versions, and what replaces them.

/// Where all of them are listed.
const PAGE: &str = "see the page migration/server-keys.md of the documentation";

const EDGE: &str = "calldock-edge relays to CEC now; move it to its file calldock-edge.toml as";

/// Returns how to fix the use of a key that no longer exists.
pub fn fix(key: &str) -> Option<String> {
    let (replaced, by) = match key {
        "cec.origin" => (EDGE, "cec.origin"),
        "cec.connect_to" => (EDGE, "cec.connect_to"),
        "cec.ca_file" => (EDGE, "cec.ca_file"),
        "cec.proxy_host" => {
            (EDGE, "cec.host, with \"cec\" for \"replace\" and \"page\" for \"pass\"")
        }
        "cec.proxy_prefix" => (EDGE, "edge.prefix"),
        "cec.proxy_timeout" => (EDGE, "edge.timeout"),
        "cec.proxy_body_limit" => (EDGE, "edge.body_mib"),
        "cec.proxy_requests" => (EDGE, "edge.streams"),
        "cec.proxy_websockets" => (EDGE, "edge.websockets"),
        "cec.proxy_websockets_per_address" => (EDGE, "edge.websockets_per_address"),
        "cec.proxy_websocket_timeout" => (EDGE, "edge.websocket_idle"),
        "cec.private_cookies" => (EDGE, "edge.cookies, which names what passes instead"),
        "limits.per_address" | "limits.per_identity" => (
            "remove it: known people are queued fairly; failures of a network are limited by",
            "limits.failures",
        ),
        _ => return None,
    };
    Some(format!("{replaced} {by}; {PAGE}"))
}
