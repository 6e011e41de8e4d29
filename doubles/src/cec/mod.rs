//! Huawei Cloud Customer Engagement Center's web chat (CEC guide, `docs/vendor/huawei.md`): strict where the guide is strict.

/// The agent workbench with its screen pop and one-click dial.
mod agent;
/// The signature of Authorization mode, verified.
mod auth_v2;
/// Makes the two scripts out of readable modules.
mod bundle;
/// Asks the integrator whether a visitor's token is good.
mod callback;
/// The two co-browsing scripts.
mod cobrowse;
/// Signs visitors out, for tests and the simulator.
mod control;
/// What this vendor can be told to do wrong.
pub mod faults;
/// The body that a page posts to get a script.
mod login;
/// The readings of the signature that a tenant may be made to have.
mod reading;
/// The two scripts' routes: thirdPartyClient.js and newThirdPartyClient.js.
mod scripts;
/// Visitors who are signed in, each by a cookie.
mod sessions;
/// Everything one tenant keeps.
mod state;
/// The web channel's REST, authenticated by the cookie.
mod web_channel;

#[cfg(test)]
mod tests;

use axum::{
    Router,
    extract::{Request, State},
    http::header::DATE,
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

pub use state::Cec;

use crate::when;

/// Every route of the vendor, under `/service-cloud/`.
pub fn router(cec: Cec) -> Router {
    // Open to every origin, cookies included. What a browser then does with a cross-site cookie is
    // its own affair, and the reason why a proxy on the page's own origin is the way that works.
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .allow_credentials(true);
    Router::new()
        .merge(scripts::routes())
        .merge(web_channel::routes())
        .merge(cobrowse::routes())
        .merge(agent::routes())
        .layer(cors)
        .layer(from_fn_with_state(cec.clone(), unlike_itself))
        .with_state(cec)
}

/// The control routes that only this vendor has.
pub fn control_routes(cec: Cec) -> Router {
    control::routes().with_state(cec)
}

/// Forgets the headers of CORS if told to (the fault of the CEC guide, 1.7.1), and looks at a wrong clock.
async fn unlike_itself(State(cec): State<Cec>, request: Request, next: Next) -> Response {
    let planned = cec.faults().scripts.peek().map(|options| (!options.cors, options.date));
    let (closed, date) = planned.unwrap_or_default();
    let mut response = next.run(request).await;
    if let Some(seconds) = date {
        response.headers_mut().insert(DATE, when::http_date(seconds));
    }
    if closed {
        let headers = response.headers_mut();
        let cors: Vec<_> = headers
            .keys()
            .filter(|name| name.as_str().starts_with("access-control-"))
            .cloned()
            .collect();
        for name in cors {
            headers.remove(name);
        }
    }
    response
}
