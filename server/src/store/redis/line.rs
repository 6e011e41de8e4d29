//! The one connection to Redis, made anew when it breaks.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use ::redis::aio::MultiplexedConnection;
use ::redis::{AsyncConnectionConfig, Client, ErrorKind, RedisError, ServerErrorKind};
use tokio::time::Instant;

use crate::store::Unavailable;

/// Longer than this nobody waits for an answer, a new connection included.
const DEADLINE: Duration = Duration::from_secs(1);
/// A connection is made within this time, and an answer arrives within it.
const STEP: Duration = Duration::from_millis(700);
/// After a connection could not be made, everyone is refused at once for so long.
const PAUSE: Duration = Duration::from_millis(200);
/// How many commands may wait to be written.
const QUEUE: usize = 1000;

pub struct Line {
    client: Client,
    connected: RwLock<Option<Connected>>,
    /// One at a time connects. Inside: when that failed last.
    connecting: tokio::sync::Mutex<Option<Instant>>,
}

/// A connection to one run of Redis.
#[derive(Clone)]
pub struct Connected {
    pub connection: MultiplexedConnection,
    /// Redis makes a new id whenever it starts. What it read back from a disk may be older than what it
    /// last said; so may what another machine knows that takes its place.
    pub run: Arc<str>,
}

impl Line {
    pub fn new(client: Client) -> Self {
        Self { client, connected: RwLock::default(), connecting: tokio::sync::Mutex::default() }
    }

    /// Asks Redis by `command`, within the deadline. Nothing is asked twice.
    pub async fn ask<T, F>(&self, command: impl FnOnce(Connected) -> F) -> Result<T, Unavailable>
    where
        F: Future<Output = Result<T, RedisError>>,
    {
        // In a box: otherwise every request, of a server without Redis too, carries 2.5 KB for this around.
        let asking = Box::pin(async {
            let connected = self.connected().await?;
            let run = Arc::clone(&connected.run);
            command(connected).await.map_err(|error| self.note(&error, &run))
        });
        tokio::time::timeout(DEADLINE, asking).await.unwrap_or(Err(Unavailable))
    }

    async fn connected(&self) -> Result<Connected, Unavailable> {
        if let Some(connected) = self.current() {
            return Ok(connected);
        }
        let mut failed_at = self.connecting.lock().await;
        if let Some(connected) = self.current() {
            return Ok(connected);
        }
        if failed_at.is_some_and(|at| at.elapsed() < PAUSE) {
            return Err(Unavailable);
        }
        let connecting = tokio::time::timeout(STEP, self.connect());
        match connecting.await {
            Ok(Ok(connected)) => {
                *failed_at = None;
                tracing::info!("connected to Redis");
                *self.connected.write().unwrap_or_else(PoisonError::into_inner) =
                    Some(connected.clone());
                Ok(connected)
            }
            outcome => {
                // Never the error's own text: it may name the address.
                let kind = outcome.ok().and_then(Result::err).map(|error| error.kind());
                if failed_at.is_none() {
                    tracing::error!(?kind, "Redis cannot be reached; trying again");
                }
                *failed_at = Some(Instant::now());
                Err(Unavailable)
            }
        }
    }

    async fn connect(&self) -> Result<Connected, RedisError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(STEP))
            .set_response_timeout(Some(STEP))
            .set_pipeline_buffer_size(QUEUE);
        let mut connection =
            self.client.get_multiplexed_async_connection_with_config(&config).await?;
        let info: String = redis::cmd("INFO").arg("server").query_async(&mut connection).await?;
        let run = info.lines().find_map(|line| line.strip_prefix("run_id:"));
        match run.map(str::trim).filter(|run| !run.is_empty()) {
            Some(run) => Ok(Connected { connection, run: run.into() }),
            None => Err((ErrorKind::InvalidClientConfig, "INFO names no run_id").into()),
        }
    }

    fn current(&self) -> Option<Connected> {
        self.connected.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Gives up the connection unless the command itself was at fault.
    fn note(&self, error: &RedisError, run: &Arc<str>) -> Unavailable {
        let kind = error.kind();
        tracing::warn!(?kind, code = error.code(), "Redis did not do as it was asked");
        let answered = matches!(
            kind,
            ErrorKind::Extension
                | ErrorKind::UnexpectedReturnType
                | ErrorKind::Server(
                    ServerErrorKind::ResponseError
                        | ServerErrorKind::ExecAbort
                        | ServerErrorKind::BusyLoading
                        | ServerErrorKind::NoPerm
                )
        );
        let mut connected = self.connected.write().unwrap_or_else(PoisonError::into_inner);
        // Only the connection that failed: another may have made a new one meanwhile.
        if !answered && connected.as_ref().is_some_and(|known| Arc::ptr_eq(&known.run, run)) {
            *connected = None;
        }
        Unavailable
    }
}
