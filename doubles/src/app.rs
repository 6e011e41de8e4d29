//! All vendors under one address, and the control routes that no vendor has.

use axum::{
    Router,
    http::{HeaderName, HeaderValue},
};
use tower_http::{cors::CorsLayer, set_header::SetResponseHeaderLayer};

use crate::{
    cec::{self, Cec},
    chats::{self, Chats},
    control,
    ending::Ending,
    log::Log,
    tccc::{self, Tccc},
};

/// What the doubles are told when they start.
pub struct Settings<'a> {
    /// Their own address, `http://127.0.0.1:8701`.
    pub base: &'a str,
    /// The site that may frame the workbench.
    pub site_origin: &'a str,
    /// The integrator's validation route, which CEC calls.
    pub cec_callback: &'a str,
}

/// Every vendor, the conversations with their visitors, and what was seen. Clones are the same.
#[derive(Clone)]
pub struct Doubles {
    /// Tencent Cloud Contact Center.
    pub tccc: Tccc,
    /// Huawei Cloud Customer Engagement Center.
    pub cec: Cec,
    /// Conversations with visitors, of both.
    pub chats: Chats,
    /// What was seen.
    pub log: Log,
}

impl Doubles {
    /// Doubles that have seen nothing yet.
    pub fn new(settings: &Settings, ending: Ending) -> Self {
        let (chats, log) = (Chats::default(), Log::default());
        let tccc = Tccc::new(
            settings.base,
            settings.site_origin,
            ending.clone(),
            chats.clone(),
            log.clone(),
        );
        let cec = Cec::new(settings.cec_callback, ending, chats.clone(), log.clone());
        Self { tccc, cec, chats, log }
    }
}

/// Every route of the vendors, and the control routes.
pub fn router(doubles: Doubles) -> Router {
    let nosniff = SetResponseHeaderLayer::overriding(
        HeaderName::from_static("x-content-type-options"),
        HeaderValue::from_static("nosniff"),
    );
    let control = Router::new()
        .merge(control::routes().with_state(doubles.clone()))
        .merge(tccc::control_routes(doubles.tccc.clone()))
        .merge(cec::control_routes(doubles.cec.clone()))
        .merge(chats::control::routes().with_state(doubles.chats))
        .layer(CorsLayer::permissive());
    Router::new()
        .merge(tccc::router(doubles.tccc))
        .merge(cec::router(doubles.cec))
        .merge(control)
        .layer(nosniff)
}
