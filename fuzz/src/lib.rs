//! Every reader of text that comes from elsewhere, each with the properties that hold for any input.
//!
//! A [`Target`] takes bytes and panics where a property is broken. libFuzzer calls it millions of times
//! (`cargo xtask fuzz`); the committed inputs in `fuzz/corpus/<target>/` are replayed by `cargo test`,
//! which needs no C++ compiler.
//!
//! * [`agent`]: pages inside CEC's agent workbench.
//! * [`contract`]: hash, numbers, origins, addresses, chat links, logins.
//! * [`http`]: the edge's rules about headers, cookies, paths and pages; forwarded headers; framing.
//! * [`input`]: bytes become texts, fields and headers.
//! * [`signing`]: auth-v2, TC3, userSig.
#![forbid(unsafe_code)]

pub mod agent;
pub mod contract;
pub mod http;
pub mod input;
pub mod signing;

/// A reader with its properties.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name, which its corpus has too.
    pub name: &'static str,
    /// Reads an input, and panics where a property does not hold.
    pub run: fn(&[u8]),
}

/// Every target.
pub const TARGETS: [Target; 19] = [
    Target { name: "address", run: contract::address },
    Target { name: "agent", run: agent::agent },
    Target { name: "auth-v2", run: signing::auth_v2 },
    Target { name: "caller", run: http::caller },
    Target { name: "chat-link", run: contract::chat_link },
    Target { name: "context-path", run: contract::context_path },
    Target { name: "cookies", run: http::cookies },
    Target { name: "form", run: http::form },
    Target { name: "hash", run: contract::hash },
    Target { name: "logins", run: contract::logins },
    Target { name: "members", run: signing::members },
    Target { name: "number", run: contract::number },
    Target { name: "origin", run: contract::origin },
    Target { name: "reading", run: signing::reading },
    Target { name: "redact", run: contract::redact },
    Target { name: "request-headers", run: http::request_headers },
    Target { name: "response-headers", run: http::response_headers },
    Target { name: "target", run: http::target },
    Target { name: "user-sig", run: signing::user_sig },
];

/// Finds a target by its name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
