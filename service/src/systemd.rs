//! What systemd is told, where it started the process.

use sd_notify::NotifyState;

/// Requests are served; after a reload, again.
pub fn ready() {
    notify(&[NotifyState::Ready]);
}

/// The configuration is being read again.
pub fn reloading() {
    if let Ok(now) = NotifyState::monotonic_usec_now() {
        notify(&[NotifyState::Reloading, now]);
    }
}

/// The process is going to end.
pub fn stopping() {
    notify(&[NotifyState::Stopping]);
}

fn notify(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(false, state) {
        tracing::debug!(cause = %error.kind(), "systemd could not be notified");
    }
}
