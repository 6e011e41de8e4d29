//! The connection to Redis: one server, the master that Sentinel names, or a cluster; reopened when it breaks.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use ::redis::aio::MultiplexedConnection;
use ::redis::cluster_async::ClusterConnection;
use ::redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, RedisError, ServerErrorKind};
use tokio::time::Instant;

use super::super::Unavailable;
use super::super::settings::{Sentinel, Topology};
use crate::observe::metrics;

/// No caller waits longer for a response, connecting included.
const DEADLINE: Duration = Duration::from_secs(1);
/// Timeout of connecting, and of one response.
const STEP: Duration = Duration::from_millis(700);
/// After a failed attempt to connect, further callers are refused at once for this long.
const PAUSE: Duration = Duration::from_millis(200);
/// How many commands may wait to be written.
const QUEUE: usize = 1000;

/// A connection that is opened when it is first needed and reopened after a failure.
pub struct Connection {
    current: RwLock<Option<Opened>>,
    /// One caller at a time connects.
    opening: tokio::sync::Mutex<Opening>,
    /// Whether the last command failed: an outage is logged when it begins and when it ends.
    failing: AtomicBool,
}

struct Opening {
    source: Source,
    failed_at: Option<Instant>,
}

enum Source {
    Single(Client),
    Sentinel(Box<Sentinel>),
    Cluster(::redis::cluster::ClusterClient),
}

#[derive(Clone)]
struct Opened {
    link: Link,
    /// Tells two connections apart.
    identity: Arc<()>,
}

#[derive(Clone)]
enum Link {
    One(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl Connection {
    /// A connection by these settings. Nothing is contacted.
    pub fn new(topology: &Topology) -> Self {
        let source = match topology {
            Topology::Single(client) => Source::Single(client.clone()),
            Topology::Cluster(client) => Source::Cluster(client.clone()),
            Topology::Sentinel(sentinel) => Source::Sentinel(Box::new(sentinel.clone())),
        };
        let opening = Opening { source, failed_at: None };
        Self {
            current: RwLock::default(),
            opening: tokio::sync::Mutex::new(opening),
            failing: AtomicBool::new(false),
        }
    }

    /// Sends a command and reads its response, within the deadline. Nothing is sent twice, except by a
    /// cluster's client.
    ///
    /// # Errors
    /// [`Unavailable`]; whether the command was executed is unknown then.
    pub async fn send<T: FromRedisValue>(&self, command: Cmd) -> Result<T, Unavailable> {
        // Boxed: otherwise every request's future is larger by this, without Redis too.
        let sending = Box::pin(async {
            let Opened { link, identity } = self.opened().await?;
            let response = match link {
                Link::One(mut connection) => command.query_async(&mut connection).await,
                Link::Cluster(mut connection) => command.query_async(&mut connection).await,
            };
            response.map_err(|error| self.failed(&error, &identity))
        });
        let sent = tokio::time::timeout(DEADLINE, sending).await.unwrap_or_else(|_| {
            if !self.is_failing() {
                tracing::warn!("Redis does not respond in time");
            }
            Err(Unavailable)
        });
        if self.failing.swap(sent.is_err(), Ordering::Relaxed) && sent.is_ok() {
            tracing::info!("Redis responds again");
        }
        sent.inspect_err(|_| metrics::store_failed())
    }

    fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    async fn opened(&self) -> Result<Opened, Unavailable> {
        if let Some(opened) = self.current() {
            return Ok(opened);
        }
        let mut opening = self.opening.lock().await;
        if let Some(opened) = self.current() {
            return Ok(opened);
        }
        if opening.failed_at.is_some_and(|at| at.elapsed() < PAUSE) {
            return Err(Unavailable);
        }
        match tokio::time::timeout(STEP, opening.source.open()).await {
            Ok(Ok(link)) => {
                opening.failed_at = None;
                if !self.is_failing() {
                    tracing::info!("connected to Redis");
                }
                let opened = Opened { link, identity: Arc::new(()) };
                *self.current.write().unwrap_or_else(PoisonError::into_inner) =
                    Some(opened.clone());
                Ok(opened)
            }
            outcome => {
                // Never the error's own text: it may name the address.
                let kind = outcome.ok().and_then(Result::err).map(|error| error.kind());
                if !self.is_failing() {
                    tracing::error!(?kind, "Redis cannot be reached; trying again");
                }
                opening.failed_at = Some(Instant::now());
                Err(Unavailable)
            }
        }
    }

    fn current(&self) -> Option<Opened> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Drops the connection, unless the command itself was at fault or another one was opened meanwhile.
    fn failed(&self, error: &RedisError, identity: &Arc<()>) -> Unavailable {
        let kind = error.kind();
        if !self.is_failing() {
            tracing::warn!(?kind, code = error.code(), "a command to Redis failed");
        }
        let by_command = matches!(
            kind,
            ::redis::ErrorKind::Extension
                | ::redis::ErrorKind::UnexpectedReturnType
                | ::redis::ErrorKind::Server(
                    ServerErrorKind::ResponseError
                        | ServerErrorKind::ExecAbort
                        | ServerErrorKind::BusyLoading
                        | ServerErrorKind::NoPerm
                )
        );
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let same = current.as_ref().is_some_and(|opened| Arc::ptr_eq(&opened.identity, identity));
        if !by_command && same {
            *current = None;
        }
        Unavailable
    }
}

impl Source {
    async fn open(&mut self) -> Result<Link, RedisError> {
        let config = || {
            AsyncConnectionConfig::new()
                .set_connection_timeout(Some(STEP))
                .set_response_timeout(Some(STEP))
                .set_pipeline_buffer_size(QUEUE)
        };
        Ok(match self {
            Self::Single(client) => {
                Link::One(client.get_multiplexed_async_connection_with_config(&config()).await?)
            }
            Self::Sentinel(sentinel) => {
                Link::One(sentinel.client()?.get_async_connection_with_config(&config()).await?)
            }
            Self::Cluster(client) => Link::Cluster(client.get_async_connection().await?),
        })
    }
}
