//! The router of a listener, which can be exchanged while it serves.

use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;

/// A router in use. Requests in flight stay with the one they began with.
#[derive(Clone)]
pub struct Routes(Arc<RwLock<Router>>);

impl Routes {
    /// Puts another router in its place, for every request that begins from now on.
    pub fn replace(&self, router: Router) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = router;
    }

    pub(super) fn current(&self) -> Router {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl From<Router> for Routes {
    fn from(router: Router) -> Self {
        Self(Arc::new(RwLock::new(router)))
    }
}
