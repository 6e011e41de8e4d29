//! Which names of headers and cookies pass.
//!
//! * [`request`]: request headers, by allow-list.
//! * [`response`]: response headers, by deny-list.
//! * [`cookies`]: cookies in both directions, by allow-list.
//! * [`refused`]: names that did not pass: logged once, counted, and reported with the line to add.

pub mod cookies;
pub mod refused;
pub mod request;
pub mod response;
