//! TCCC's online chat (seed 000).
//!
//! * [`link`]: the address of the chat page.
//! * [`user_sig`]: what a signature says without its key.
//! * [`widget`]: the vendor's own button and window.

pub mod link;
pub mod user_sig;
pub mod widget;
