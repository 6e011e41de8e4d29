//! The Rust core of the browser SDK: it decides what is said and acts on the page, each in one
//! synchronous step. TypeScript (`js/`) waits: promises, deadlines, retries, subscriptions.
//!
//! The crate is built once for each role, by a cargo feature, so that a page loads only what it uses.
//!
//! * [`abi`]: how errors cross to TypeScript.
//! * [`agent`]: pages inside CEC's agent workbench (agent).
//! * [`around`]: the windows around the page (frame, agent).
//! * [`inject`]: scripts injected into the page (host, CEC).
//! * [`hash`]: `hashchange` heard and read (frame).
//! * [`json`]: records and messages as one text (frame, agent).
//! * [`post`]: `ccc-sdk` messages to the parent (frame).
//! * [`host`]: the workbench's script, texts checked, chat links (host).
//! * [`cec`]: CEC's requests, scripts and globals.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

pub mod abi;
#[cfg(feature = "agent")]
pub mod agent;
#[cfg(any(feature = "frame", feature = "agent"))]
pub mod around;
#[cfg(feature = "cec")]
pub mod cec;
#[cfg(feature = "frame")]
pub mod hash;
#[cfg(feature = "host")]
pub mod host;
#[cfg(any(feature = "host", feature = "cec"))]
pub mod inject;
#[cfg(any(feature = "frame", feature = "agent"))]
pub mod json;
#[cfg(feature = "frame")]
pub mod post;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
