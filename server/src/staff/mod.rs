//! Agents in step: a list of the company's becomes agents of the contact centre (seeds 002 and 003, step 2).
//!
//! * [`compare`]: who of the list is there already, and as what.
//! * [`file`](mod@file): the list, CSV or JSON, and every mistake in it.
//! * [`person`]: one entry, checked.
//! * [`report`]: what became of each, as a table or as JSON.
//! * [`sync`]: creates who is missing, ten at a time.

pub mod compare;
pub mod file;
pub mod person;
pub mod report;
pub mod sync;

pub use file::Mistakes;
pub use person::Person;
pub use report::Report;
