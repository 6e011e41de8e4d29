//! The way a page takes to CEC: through our own proxy within this process, or through a running site.

use std::time::SystemTime;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::http::header::HOST;
use reqwest::Client;
use tower::Service;
use url::Url;

use super::http::{self, Answer};
use super::trouble::Trouble;
use crate::address;

/// A door to the site.
pub enum Door {
    /// Our own routes, without a socket.
    Here(Box<Router>),
    /// A running site, with its gateway.
    There(Client),
}

/// Where the site is, and the way in.
pub struct Site {
    /// The door.
    pub door: Door,
    /// The site's origin, as pages see it.
    pub base: Url,
}

impl Site {
    /// A path of the site's as an address.
    pub fn at(&self, path_and_query: &str) -> Url {
        let mut url = self.base.clone();
        let (path, query) = path_and_query
            .split_once('?')
            .map_or((path_and_query, None), |both| (both.0, Some(both.1)));
        url.set_path(path);
        url.set_query(query);
        url
    }

    /// Asks as a page of the site does.
    ///
    /// # Errors
    /// A [`Trouble`] if no answer came.
    pub async fn ask(&self, request: Request<String>) -> Result<Answer, Trouble> {
        match &self.door {
            Door::There(client) => http::send(client, request).await,
            Door::Here(router) => {
                let (mut parts, body) = request.into_parts();
                let host = address::host_header(&self.base);
                parts.headers.insert(HOST, host.parse().map_err(|_| Trouble::Other)?);
                parts
                    .extensions
                    .insert(ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 0))));
                let asked = SystemTime::now();
                let answering =
                    Router::clone(router).call(Request::from_parts(parts, Body::from(body)));
                let answering = tokio::time::timeout(http::PATIENCE, answering);
                let response = match answering.await {
                    Ok(Ok(response)) => response,
                    Ok(Err(never)) => match never {},
                    Err(_) => return Err(Trouble::Timeout),
                };
                let at = http::middle(asked);
                let (parts, body) = response.into_parts();
                let start = http::beginning(body).await.map_err(|_| Trouble::BrokeOff)?;
                Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, start, at })
            }
        }
    }

    /// Whether it is a running site.
    pub fn is_there(&self) -> bool {
        matches!(self.door, Door::There(_))
    }
}
