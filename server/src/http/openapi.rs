//! The routes as OpenAPI 3.1, from the same list that makes the router. Where a path can be configured, the
//! document has the default.
//!
//! Refusals are described in groups ([`Page`], [`Person`], …): a handler lists the groups of the middleware
//! and modules that a request passes.

use std::collections::BTreeMap;

use calldock_contract::{Problem, problem};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, Ref, Schema, Type};
use utoipa::openapi::{
    Content, ContentBuilder, OpenApi as Document, RefOr, Response, ResponseBuilder,
};
use utoipa::{IntoResponses, Modify, OpenApi, ToSchema};

/// Renders the document as JSON, with a line feed at its end.
pub fn json() -> String {
    let mut document = Base::openapi();
    document.merge(super::documented());
    Everywhere.modify(&mut document);
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// A body that is read to its end and ignored.
#[derive(ToSchema)]
pub struct Unread {}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Calldock's signing server",
        description = "The routes for pages, CEC and gateways. Every failure is application/problem+json with one of Calldock's codes and a remedy in the language of Accept-Language. A route exists if its section is in the configuration."
    ),
    components(schemas(Problem)),
    tags(
        (name = "operation", description = "Health and readiness"),
        (name = "pages", description = "The company's own pages, under their own origin"),
        (name = "sessions", description = "Local accounts, for pages too"),
        (name = "cec", description = "CEC's question"),
    ),
)]
struct Base;

/// What every operation has in common.
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
            // The parts of the types' doc comments that are about Rust do not belong here.
            *description = description
                .take()
                .map(|text| text.split("`Debug`").next().unwrap_or_default().trim().to_owned());
        }
        for (path, item) in &mut document.paths.paths {
            let operations = [
                ("get", &mut item.get),
                ("post", &mut item.post),
                ("put", &mut item.put),
                ("delete", &mut item.delete),
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
    // Operation ids must be unique.
    operation.operation_id = Some(format!("{method} {path}"));
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            let id = text("The id of the request, in the server's log too");
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

/// A refusal: its status, when it is given, and whether it has `Retry-After`.
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
    (400, "The request is not of a form this server accepts, or its body broke off", false),
    (408, "The body did not arrive in time", false),
    (413, "The body is larger than 4096 bytes", false),
    (500, "The server could not handle the request", false),
}

group! {
    /// Of every route for pages, beside [`Body`].
    Page:
    (403, "A page of this origin may not call, or this person may not have what was requested", false),
    (415, "The body is not application/json", false),
    (429, "Too many requests that proved no identity came from one network", true),
    (503, "The queue is full (QUEUE_FULL, with ticket and waitSeconds), or the shared store or the audit is unavailable", true),
}

group! {
    /// Of routes that sign a page's own fields.
    Field:
    (422, "A field that may not be added, or not with this value", false),
}

group! {
    /// Of every route that identifies the caller, and of those that call TCCC.
    Person:
    (401, "No one is signed in, or the proof is no longer valid", false),
    (502, "The identity provider or the vendor could not be reached or responded in another form", false),
    (504, "The identity provider or the vendor did not respond in time", false),
}

group! {
    /// Of the route that shows the session.
    NoSession:
    (400, "The request is not of a form this server accepts", false),
    (401, "No one is signed in", false),
    (500, "The server could not handle the request", false),
}

group! {
    /// Of routes that take a password.
    Guess:
    (401, "The user or the password is wrong, or no one is signed in", false),
    (429, "Too many wrong passwords came before", true),
}

group! {
    /// Of routes that set a password.
    NewPassword:
    (422, "The new password is too easy to guess", false),
}

group! {
    /// Of routes with a limit for each network.
    Caller:
    (429, "Too many requests came from one network", true),
}

group! {
    /// Of `/readyz`.
    Unready:
    (503, "The server does not handle requests at the moment", true),
}
