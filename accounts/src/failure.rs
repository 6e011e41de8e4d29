//! Why a call failed.

use std::time::Duration;

use crate::database::DatabaseError;
use crate::store::Unavailable;

/// Why a call failed. No variant contains a name or a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The request has no session, or it has ended.
    #[error("not signed in")]
    SignedOut,
    /// The user is unknown or the password is wrong; which of them is not said.
    #[error("wrong user or password")]
    WrongPassword,
    /// Too many sign-ins for this user or from this network; the time until the next is allowed.
    #[error("too many sign-ins, the next is allowed in {0:?}")]
    TooManySignIns(Duration),
    /// The new password is too weak.
    #[error("weak password")]
    WeakPassword,
    /// Too many passwords are being hashed.
    #[error("too many sign-ins at the same time")]
    Busy,
    /// The database failed.
    #[error("local.database: {0}")]
    Database(#[from] DatabaseError),
    /// The shared store is unavailable.
    #[error(transparent)]
    Store(#[from] Unavailable),
    /// The system has no random bytes, or a worker thread failed.
    #[error("{0}")]
    System(&'static str),
}
