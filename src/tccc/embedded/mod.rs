//! What a page inside the vendor's workbench does (seed 004).
//!
//! * [`message`]: what the page says to the workbench around it.
//! * [`screen_pop`]: reads the call from the page's hash.

pub mod message;
pub mod screen_pop;
