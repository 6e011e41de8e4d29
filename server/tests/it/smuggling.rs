//! Requests that two readers could understand differently, over raw sockets: each is refused, or read in the
//! one way of the standard, without a second request hidden in it.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::routing::any;
use calldock_server::http::middleware;
use http_body_util::BodyExt;

use crate::listener::{Served, exchange, listen};

/// Responds with the method, the path and the body of the request, behind the middleware of every route.
fn echo() -> Router {
    let routes = Router::new().fallback(any(async |request: Request| {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        format!("[{} {} {}]", parts.method, parts.uri.path(), String::from_utf8_lossy(&body))
    }));
    middleware::wrap(routes, Arc::default(), false)
}

async fn seen(text: &str) -> String {
    let served = Served::start(echo(), listen()).await;
    exchange(served.at, text).await
}

#[tokio::test]
async fn a_refusal_says_in_one_sentence_what_was_expected() {
    for (headers, expected) in [
        ("", "The Host header: expected one, found none."),
        ("Host: x\r\nHost: y\r\n", "The Host header: expected one, found several."),
    ] {
        let response = seen(&format!("GET /healthz HTTP/1.1\r\n{headers}\r\n")).await;
        let problem: serde_json::Value =
            serde_json::from_str(response.split_once("\r\n\r\n").unwrap().1).unwrap();
        assert_eq!(problem["detail"], expected, "{response}");
    }
}

#[tokio::test]
async fn what_could_be_read_in_two_ways_is_refused() {
    for (what, head) in [
        ("two lengths", "Host: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n"),
        ("two lengths in one", "Host: x\r\nContent-Length: 5, 6\r\n"),
        ("a length with a sign", "Host: x\r\nContent-Length: +5\r\n"),
        ("a negative length", "Host: x\r\nContent-Length: -5\r\n"),
        ("a hexadecimal length", "Host: x\r\nContent-Length: 0x5\r\n"),
        ("an endless length", "Host: x\r\nContent-Length: 99999999999999999999\r\n"),
        ("an empty length", "Host: x\r\nContent-Length: \r\n"),
        ("a space before the colon", "Host: x\r\nContent-Length : 5\r\n"),
        ("a tab before the colon", "Host: x\r\nTransfer-Encoding\t: chunked\r\n"),
        ("a folded line", "Host: x\r\nTransfer-Encoding:\r\n chunked\r\n"),
        ("a folded value", "Host: x\r\nX-A: 1\r\n\t2\r\n"),
        ("a first line that is folded", " Host: x\r\n"),
        ("a line without a colon", "Host: x\r\nTransfer-Encoding chunked\r\n"),
        ("a name with a bad letter", "Host: x\r\nTransfer\u{b}Encoding: chunked\r\n"),
        ("NUL in a value", "Host: x\r\nX-A: a\0b\r\n"),
        ("NUL in a name", "Host: x\r\nX\0A: b\r\n"),
        ("CR in a value", "Host: x\r\nX-A: a\rTransfer-Encoding: chunked\r\n"),
        ("an unknown coding", "Host: x\r\nTransfer-Encoding: xchunked\r\n"),
        ("chunks that are not last", "Host: x\r\nTransfer-Encoding: chunked, identity\r\n"),
        ("chunks that are coded", "Host: x\r\nTransfer-Encoding: gzip, chunked\r\n"),
        ("chunks twice", "Host: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        ("no host", "X-A: 1\r\n"),
        ("two hosts", "Host: x\r\nHost: x\r\n"),
        ("two different hosts", "Host: x\r\nHost: y\r\n"),
        ("an empty host", "Host: \r\n"),
        ("a host with a user", "Host: x@y\r\n"),
        ("a host with a path", "Host: x/y\r\n"),
        ("two hosts in one", "Host: x, y\r\n"),
    ] {
        let answer = seen(&format!(
            "POST /outer HTTP/1.1\r\n{head}\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
        ))
        .await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{what}: {answer}");
        assert!(!answer.contains("/hidden") && !answer.contains("[POST"), "{what}: {answer}");
    }
}

#[tokio::test]
async fn first_lines_that_mean_two_places_are_refused() {
    for line in [
        "GET http://y/ HTTP/1.1",
        "GET http://x:81/ HTTP/1.1",
        "GET http://user@x/ HTTP/1.1",
        "CONNECT x:443 HTTP/1.1",
        "CONNECT x HTTP/1.1",
        "GET  / HTTP/1.1",
        "GET / a HTTP/1.1",
        "GET / HTTP/1.1 x",
        "GET / HTTP/2.0",
        "GET / HTTP/0.9",
        "GET /",
        "G\u{e4}T / HTTP/1.1",
        "GET /\0 HTTP/1.1",
        "GET x HTTP/1.1",
        "",
    ] {
        let answer = seen(&format!("{line}\r\nHost: x\r\nConnection: close\r\n\r\n")).await;
        let refused = answer.is_empty() || answer.starts_with("HTTP/1.1 400 ");
        // An empty line before the first is skipped (RFC 9112 §2.2), and then `Host:` is the first.
        assert!(refused && !answer.contains("[GET"), "{line:?}: {answer}");
    }
    for line in ["GET http://x/ok HTTP/1.1", "GET http://X/ok HTTP/1.1", "GET /ok HTTP/1.1"] {
        let answer = seen(&format!("{line}\r\nHost: x\r\nConnection: close\r\n\r\n")).await;
        assert!(answer.ends_with("[GET /ok ]"), "{line}: {answer}");
    }
}

#[tokio::test]
async fn what_the_standard_reads_in_one_way_hides_no_second_request() {
    // Chunks go over a length (RFC 9112 §6.3), and the connection ends, so that nothing follows.
    let both = "POST /outer HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
    let swapped = "POST /outer HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
    for text in [both, swapped] {
        let answer = seen(text).await;
        assert!(answer.ends_with("[POST /outer ]"), "{answer}");
    }
    // The same length twice is that length.
    let same = "POST /outer HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab";
    assert!(seen(same).await.ends_with("[POST /outer ab]"));
    // A line may end in LF alone (RFC 9112 §2.2): it is an end for us, as for nginx, never part of a value.
    let lines = "POST /outer HTTP/1.1\nHost: x\nConnection: close\nX-A: a\nContent-Length: 2\n\nab";
    assert!(seen(lines).await.ends_with("[POST /outer ab]"));
}

#[tokio::test]
async fn chunks_that_are_not_well_formed_are_no_body() {
    for chunks in [
        "0x1\r\na\r\n0\r\n\r\n",
        "+1\r\na\r\n0\r\n\r\n",
        "-1\r\na\r\n0\r\n\r\n",
        "1;a\nb\r\na\r\n0\r\n\r\n",
        "1\na\r\n0\r\n\r\n",
        "1\r\nab\r\n0\r\n\r\n",
        "ffffffffffffffffff\r\na\r\n0\r\n\r\n",
        "\r\n\r\n",
    ] {
        let answer = seen(&format!("POST /outer HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n")).await;
        assert!(!answer.contains("/hidden"), "{chunks:?}: {answer}");
    }
}
