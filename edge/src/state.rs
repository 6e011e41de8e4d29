//! What all requests share. Settings can be replaced while slots, tunnels and counts stay.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::Request;
use calldock_service::{Caller, Connections, Limits, Slot, Slots};
use reqwest::Client;
use tokio::sync::watch;

use crate::client;
use crate::metrics::Metrics;
use crate::names::refused::{Refused, Report};
use crate::proxy::failure;
use crate::settings::Settings;
use calldock_service::problem::Refusal;

/// The settings in force, and the client that follows from them.
pub struct Current {
    /// The settings.
    pub settings: Settings,
    /// The client to CEC.
    pub client: Client,
}

/// Everything that outlives a request.
pub struct State {
    current: RwLock<Arc<Current>>,
    /// Connections of pages.
    pub connections: Connections,
    /// Requests at CEC.
    pub streams: Slots,
    /// WebSockets.
    pub tunnels: Tunnels,
    /// Names that did not pass.
    pub refused: Refused,
    /// Counts.
    pub metrics: Metrics,
}

impl State {
    /// Creates the state for these settings.
    ///
    /// # Errors
    /// The system has no certificate authorities.
    pub fn new(settings: Settings) -> Result<Self, reqwest::Error> {
        let client = client::build(&settings)?;
        let state = Self {
            connections: Connections::new(settings.listen.bounds()),
            streams: Slots::shared(settings.edge.streams),
            tunnels: Tunnels::new(settings.edge.websockets),
            refused: Refused::default(),
            metrics: Metrics::default(),
            current: RwLock::new(Arc::new(Current { settings, client })),
        };
        state.metrics.reloaded(true);
        Ok(state)
    }

    /// Returns the settings in force.
    pub fn current(&self) -> Arc<Current> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the settings. The addresses of listeners and the deadlines of connections stay.
    ///
    /// # Errors
    /// The system has no certificate authorities; nothing has changed then.
    pub fn replace(&self, settings: Settings) -> Result<(), reqwest::Error> {
        let client = client::build(&settings)?;
        self.connections.set_bounds(settings.listen.bounds());
        self.streams.set_limits(settings.edge.streams);
        self.tunnels.slots.set_limits(settings.edge.websockets);
        let current = Arc::new(Current { settings, client });
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = current;
        Ok(())
    }

    /// Reads who sent a request.
    pub fn caller(&self, request: &Request) -> Caller {
        Caller::of(request, false, &self.current().settings.listen.gateways)
    }

    /// Returns the names that did not pass. What the settings in force let pass or ignore is no longer listed,
    /// whenever it was refused.
    pub fn refused_names(&self) -> Report {
        self.refused.report(&self.current().settings.edge)
    }

    /// Writes `/metrics`.
    pub fn metrics_text(&self, dropped_lines: u64) -> String {
        let sample = |name: &str, value: u64| (name.to_owned(), value);
        let mut samples = vec![
            sample("connections", u64::from(self.connections.open())),
            sample("streams", u64::from(self.streams.taken())),
            sample("websockets", u64::from(self.tunnels.slots.taken())),
            sample("slots_refused_total{limit=\"streams\"}", self.streams.refused()),
            sample("slots_refused_total{limit=\"websockets\"}", self.tunnels.slots.refused()),
            sample("log_lines_dropped_total", dropped_lines),
        ];
        samples.extend(self.refused.totals().map(|(kind, count)| {
            (format!("names_not_relayed_total{{kind=\"{}\"}}", kind.as_str()), count)
        }));
        self.metrics.text(&samples)
    }
}

/// All WebSockets: bounded, and ended together.
pub struct Tunnels {
    slots: Slots,
    stop: watch::Sender<bool>,
}

/// A slot for one WebSocket.
pub struct Tunnel {
    _slot: Slot,
    stop: watch::Receiver<bool>,
}

impl Tunnels {
    fn new(limits: Limits) -> Self {
        Self { slots: Slots::shared(limits), stop: watch::Sender::new(false) }
    }

    /// Takes a slot.
    ///
    /// # Errors
    /// 503 or 429.
    pub fn take(&self, address: IpAddr) -> Result<Tunnel, Refusal> {
        let stop = self.stop.subscribe();
        if *stop.borrow() {
            return Err(failure::stopping());
        }
        let slot = self.slots.take(Some(address));
        let slot = slot.map_err(|full| failure::full(full, "WebSockets", "edge.websockets"))?;
        Ok(Tunnel { _slot: slot, stop })
    }

    /// Ends all of them, and waits until they have ended.
    pub async fn end(&self) {
        self.stop.send_replace(true);
        self.slots.empty().await;
    }
}

impl Tunnel {
    /// Waits until the process stops.
    pub async fn stopped(&mut self) {
        let _ = self.stop.wait_for(|stop| *stop).await;
    }
}
