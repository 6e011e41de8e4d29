//! The site's own gateway or application identifies the person.
//!
//! * `ask`: the application is asked with the browser's cookie, as nginx's `auth_request` does.
//! * `header`: a gateway sends a header with every request.
//! * `settings`: `[gateway]`.

pub mod ask;
pub mod header;
pub mod settings;

pub use ask::{Ask, AskSettings};
pub use header::{HeaderSettings, NameEncoding};
