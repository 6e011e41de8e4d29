//! What a page inside the vendor's workbench does (seed 004).
//!
//! * [`call_out`]: asks the workbench to call a number.
//! * [`screen_pop`]: reads the call from the page's hash.

pub mod call_out;
pub mod screen_pop;
