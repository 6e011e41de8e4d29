//! The browser half of Calldock: it loads, listens and posts.
//!
//! JavaScript starts it, owns every promise and deadline, and types what comes back (`js/`); what is
//! said on a wire is read and written by `calldock-contract`.
//!
//! * [`host`]: what the core asks of the JavaScript that started it: errors and log entries.
//! * [`error`]: a failure on its way to the page.
//! * [`page`]: what any vendor needs of a page: scripts, policies, globals, origins.
//! * [`tccc`]: Tencent Cloud Contact Center.
//! * [`cec`]: Huawei Cloud Customer Engagement Center.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

pub mod cec;
pub mod error;
pub mod host;
pub mod page;
pub mod tccc;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
