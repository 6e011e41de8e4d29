//! The routes as OpenAPI 3.1, from the handlers themselves. Where a path or a prefix can be configured,
//! the document has the default.
//!
//! A route's refusals are named in groups ([`Page`], [`Vendor`], …): a handler lists the groups of the
//! layers and rooms a request goes through.

use std::collections::BTreeMap;

use calldock_contract::{Problem, problem};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, Ref, Schema, Type};
use utoipa::openapi::{
    Content, ContentBuilder, OpenApi as Document, RefOr, Response, ResponseBuilder,
};
use utoipa::{IntoResponses, Modify, OpenApi, ToSchema};

use crate::{proxy, routes};

/// The document as JSON, with a line feed at its end.
pub fn json() -> String {
    let mut text = serde_json::to_string_pretty(&Api::openapi()).unwrap_or_default();
    text.push('\n');
    text
}

/// A body that is read to its end and forgotten.
#[derive(ToSchema)]
pub struct Unread {}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Calldock's signing server",
        description = "What pages, CEC and gateways ask. Every failure is application/problem+json with a code of Calldock's own and a remedy in the language of Accept-Language. A route is there if its section is in the configuration."
    ),
    paths(
        routes::health::healthz,
        routes::health::readyz,
        routes::login::login,
        routes::chat::login,
        routes::cec::login,
        routes::cec::validate,
        routes::session::tell,
        routes::session::begin,
        routes::session::end,
        routes::session::change_password,
        proxy::forward,
    ),
    components(schemas(Problem)),
    tags(
        (name = "operation", description = "Is the server well"),
        (name = "pages", description = "What the company's own pages ask, under their own origin"),
        (name = "sessions", description = "Accounts of this server's own, for pages too"),
        (name = "cec", description = "What CEC asks"),
        (name = "proxy", description = "CEC under the page's own origin"),
    ),
    modifiers(&Everywhere)
)]
struct Api;

/// What is said of every operation.
struct Everywhere;

impl Modify for Everywhere {
    fn modify(&self, document: &mut Document) {
        for schema in document.components.iter_mut().flat_map(|all| all.schemas.values_mut()) {
            let RefOr::T(schema) = schema else { continue };
            let description = match schema {
                Schema::Object(object) => &mut object.description,
                Schema::AllOf(all) => &mut all.description,
                Schema::OneOf(one) => &mut one.description,
                _ => continue,
            };
            // What the types' doc comments say to whoever writes Rust is not for these readers.
            *description = description
                .take()
                .map(|text| text.split("`Debug`").next().unwrap_or_default().trim().to_owned());
        }
        for (path, item) in &mut document.paths.paths {
            let operations = [
                ("get", &mut item.get),
                ("post", &mut item.post),
                ("put", &mut item.put),
                ("patch", &mut item.patch),
                ("delete", &mut item.delete),
                ("head", &mut item.head),
                ("options", &mut item.options),
            ];
            for (method, operation) in operations {
                if let Some(operation) = operation {
                    finish(operation, method, path);
                }
            }
        }
    }
}

fn finish(operation: &mut Operation, method: &str, path: &str) {
    // Handlers have short names, and one may answer to several methods: names must be one of a kind.
    operation.operation_id = Some(format!("{method} {path}"));
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            let id = text("Names the request, in the server's log too");
            response.headers.insert("X-Request-Id".into(), id.into());
        }
    }
}

fn text(description: &str) -> utoipa::openapi::Header {
    let schema = ObjectBuilder::new().schema_type(Type::String);
    HeaderBuilder::new().schema(Some(schema)).description(Some(description)).build()
}

fn seconds() -> utoipa::openapi::Header {
    let schema = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    HeaderBuilder::new().schema(Some(schema)).description(Some("Seconds to wait")).build()
}

/// A refusal: its status, when it is given, and whether it says when to come back.
type Refused = (u16, &'static str, bool);

fn refusals(refused: &[Refused]) -> BTreeMap<String, RefOr<Response>> {
    let content = || -> Content {
        ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build()
    };
    refused
        .iter()
        .map(|(status, when, retry_after)| {
            let mut response =
                ResponseBuilder::new().description(*when).content(problem::CONTENT_TYPE, content());
            if *retry_after {
                response = response.header("Retry-After", seconds());
            }
            (status.to_string(), response.build().into())
        })
        .collect()
}

/// A group of refusals.
macro_rules! group {
    ($(#[$about:meta])* $name:ident: $($refused:expr),+ $(,)?) => {
        $(#[$about])*
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                refusals(&[$($refused),+])
            }
        }
    };
}

group! {
    /// Of every route that reads a short body.
    Body:
    (400, "The request is not of a form this server takes, or its body broke off", false),
    (408, "The body did not arrive in time", false),
    (413, "The body is larger than 4096 bytes", false),
    (500, "The server could not finish the request", false),
}

group! {
    /// Of every route for pages, beside [`Body`].
    Page:
    (403, "A page of this origin may not ask, or this person may not have what was asked for", false),
    (415, "The body is not application/json", false),
    (429, "Too many requests came from one address or of one person", true),
    (503, "Try again: too much waits to be done, or what instances share cannot be reached", true),
}

group! {
    /// Of routes that sign something of a page's own.
    Field:
    (422, "A field that may not be added, or not with this value", false),
}

group! {
    /// Of every route that has to know who is asking, and of those that ask TCCC.
    Person:
    (401, "Nobody is signed in, or what says so is not good any more", false),
    (502, "Who knows the person, or the vendor, could not be reached or was not understood", false),
    (504, "Who knows the person, or the vendor, did not answer in time", false),
}

group! {
    /// Of the route that only tells who is signed in.
    Nobody:
    (400, "The request is not of a form this server takes", false),
    (401, "Nobody is signed in", false),
    (500, "The server could not finish the request", false),
}

group! {
    /// Of routes that take a password.
    Guess:
    (401, "The user or the password is wrong, or nobody is signed in", false),
    (429, "Too many wrong passwords came before", true),
}

group! {
    /// Of routes that set a password.
    NewPassword:
    (422, "The new password is too easily guessed", false),
}

group! {
    /// Of routes with a limit for each caller.
    Caller:
    (429, "Too many requests came from one address", true),
}

group! {
    /// Of `/readyz`.
    Unready:
    (503, "The server takes no requests at the moment", true),
}

group! {
    /// Of the proxy itself; everything else is CEC's own answer.
    Proxied:
    (400, "The path or the handshake could mean two things", false),
    (403, "A page of this origin may not change anything here", false),
    (413, "The body is larger than cec.proxy_body_limit", false),
    (501, "Another upgrade than WebSocket's was asked for", false),
    (502, "CEC's domain could not be reached, or its answer cannot be handed on", false),
    (503, "As many requests or WebSockets as may be are open to CEC", true),
    (504, "CEC's domain did not answer in time", false),
}
