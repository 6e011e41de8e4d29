//! `staff sync`: creates the agents of a list in the contact centre (the agent SDK reference and guide, step 2).
//!
//! * [`api`]: the vendor's calls, `DescribeStaffInfoList` and `CreateStaff`.
//! * [`command`]: the command line.
//! * [`compare`]: which agents of the list exist already, and what differs.
//! * [`file`](mod@file): the list in CSV or JSON, and every mistake in it.
//! * [`person`]: one entry, checked.
//! * [`report`]: the outcome for each agent, as a table or as JSON.
//! * [`sync`]: creates the missing agents, ten at a time.

pub mod api;
pub mod command;
pub mod compare;
pub mod file;
pub mod person;
pub mod report;
pub mod sync;

pub use file::Mistakes;
pub use person::Person;
pub use report::Report;
