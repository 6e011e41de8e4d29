//! What the server is measured against: axum alone behind its own `axum::serve`, with no layer, no limit
//! and no log. It reads each request's body and answers what it was given: the server's own headers and
//! bytes.
//!
//! `calldock-bare PATH=FILE …`: `FILE` holds headers, an empty line and a body, as HTTP has them.
#![forbid(unsafe_code)]

use std::error::Error;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use axum::routing::post;
use tokio::net::TcpListener;

/// What a path answers. Cloning the bytes copies nothing.
#[derive(Clone)]
struct Answer {
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn read(text: &str) -> Result<Self, Box<dyn Error>> {
        let (head, body) = text.split_once("\r\n\r\n").ok_or("expected an empty line")?;
        let mut headers = HeaderMap::new();
        for line in head.split("\r\n") {
            let (name, value) = line.split_once(':').ok_or("expected a header")?;
            let name = HeaderName::try_from(name)?;
            headers.append(name, HeaderValue::try_from(value.trim())?);
        }
        Ok(Self { headers, body: Bytes::copy_from_slice(body.as_bytes()) })
    }
}

async fn answer(State(answer): State<Answer>, _read: Bytes) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.headers_mut() = answer.headers;
    response
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut router = Router::new();
    for argument in std::env::args().skip(1) {
        let (path, file) = argument.split_once('=').ok_or("expected PATH=FILE")?;
        let given = Answer::read(&std::fs::read_to_string(file)?)?;
        router = router.route(path, post(answer).with_state(given));
    }
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}
