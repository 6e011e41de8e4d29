//! Local accounts for a demo or a small company: the `local` kind of `calldock-server`'s identity port.
//!
//! * [`accounts`]: signs users in, keeps their sessions, changes passwords.
//! * [`database`]: the accounts in SQLite.
//! * [`failure`]: why a call failed.
//! * [`passwords`]: argon2id, a few at a time.
//! * [`store`]: what instances of a server share: sessions and counts of failed sign-ins.
//! * [`strength`]: which passwords are accepted.
//!
//! A session is stored with the account's *generation*, a random value that changes with the password: a
//! new password ends all sessions at once, and the shared store holds no names.
#![forbid(unsafe_code)]

pub mod accounts;
pub mod database;
pub mod failure;
pub mod passwords;
pub mod store;
pub mod strength;

pub use accounts::{Accounts, Settings};
pub use database::{Account, Database, DatabaseError};
pub use failure::Failure;
pub use store::{Hash, LockOut, Store, Unavailable};
