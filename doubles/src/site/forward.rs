//! Relays a request as it is, WebSockets too.

use axum::{
    body::Body,
    extract::Request,
    http::{StatusCode, Uri, header::UPGRADE},
    response::{IntoResponse, Response},
};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
};

/// The client that relays.
pub type Client = legacy::Client<HttpConnector, Body>;

/// Creates the client.
pub fn client() -> Client {
    legacy::Client::builder(TokioExecutor::new()).build_http()
}

/// Sends a request to `upstream` (`http://host:port`) and streams the response back. The page's `Host` stays.
pub async fn forward(client: &Client, upstream: &str, mut request: Request) -> Response {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let Ok(uri) = format!("{upstream}{path}").parse::<Uri>() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    *request.uri_mut() = uri;
    let upgrade = request.headers().contains_key(UPGRADE);
    let page = upgrade.then(|| hyper::upgrade::on(&mut request));
    let Ok(mut response) = client.request(request).await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    if let Some(page) = page
        && response.status() == StatusCode::SWITCHING_PROTOCOLS
    {
        let other = hyper::upgrade::on(&mut response);
        tokio::spawn(async move {
            if let (Ok(page), Ok(other)) = tokio::join!(page, other) {
                let (mut page, mut other) = (TokioIo::new(page), TokioIo::new(other));
                // It ends with either side; there is nobody to report to.
                let _ = tokio::io::copy_bidirectional(&mut page, &mut other).await;
            }
        });
    }
    response.map(Body::new)
}
