//! Tencent Cloud Contact Center (`vendor/tccc.md`).
//!
//! * [`bridge`]: what a host page hears from its own business frames.
//! * [`chat`]: the online chat for customers.
//! * [`embedded`]: what a page inside the vendor's workbench does.
//! * [`workbench`]: the agent workbench on a host page.

pub mod bridge;
pub mod chat;
pub mod embedded;
pub mod workbench;
