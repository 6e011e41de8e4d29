//! Tencent Cloud Contact Center (`vendor/tccc.md`).
//!
//! * [`embedded`]: what a page inside the vendor's workbench does.
//! * [`workbench`]: the agent workbench on a host page.

pub mod embedded;
pub mod workbench;
