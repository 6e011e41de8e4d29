//! The deadlines and limits of a listener.

use std::time::Duration;

/// What one listener grants its clients. The defaults suit a server behind a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How long a request's head may take, from the connection or its first byte on; a TLS handshake too.
    pub header_deadline: Duration,
    /// How long a connection may wait for its next request. Longer than the gateway keeps its own (nginx:
    /// 60 seconds), so that no request meets a connection that is just being closed.
    pub idle_deadline: Duration,
    /// How long an answer may stand still because the client does not read.
    pub stall_deadline: Duration,
    /// The longest head of a request, in bytes. A head has at most 100 headers besides.
    pub header_bytes: usize,
    /// The most connections at a time. A newcomer beyond takes the place of the one that is idle longest.
    pub connections: usize,
    /// How long what is in flight may take to finish at the end.
    pub grace: Duration,
}

impl Rules {
    /// What is granted unless the configuration says otherwise.
    pub const DEFAULT: Self = Self {
        header_deadline: Duration::from_secs(10),
        idle_deadline: Duration::from_secs(75),
        stall_deadline: Duration::from_secs(30),
        header_bytes: 32 * 1024,
        connections: 1000,
        // A little longer than the wait for the vendor's pace and the vendor's deadline together.
        grace: Duration::from_secs(15),
    };
}

impl Default for Rules {
    fn default() -> Self {
        Self::DEFAULT
    }
}
