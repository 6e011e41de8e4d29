//! What is said on every wire Calldock touches: types, codecs and validation.
//!
//! Compiled for the browser and for the server alike: no browser, no I/O, no secret. Everything here
//! takes parts that are already split (a hash, a query, an origin); splitting whole URLs is the
//! business of whoever has a URL parser at hand.
//!
//! * [`error`]: the closed list of failure codes, each with a remedy in English and Chinese.
//! * [`redact`]: how personal data and tokens appear in a text that people read.
//! * [`screen_pop`]: the call a workbench writes into the hash of a screen-pop page.
//! * [`ccc_sdk`]: the `ccc-sdk` messages a page posts to the workbench around it.
//! * [`phone_number`]: a number as the vendor dials it.
//! * [`parent_origin`]: to which origin a `ccc-sdk` message may go.
//! * [`login`]: what a page needs to start the agent script, and the script's dataset.
//! * [`event`]: the names of the workbench's events.
//! * [`method`]: the workbench's methods: what each takes and answers.
//! * [`cec_chat`]: what a page tells the CEC chat client.
//! * [`cec_login`]: what a page needs to open CEC's chat for one visitor.
//! * [`cec_validation`]: CEC's question whether a token is the company's own, and the answer.
//! * [`chat_link`]: the address of TCCC's chat page.
//! * [`chat_login`]: what a page needs to open TCCC's online chat for one visitor.
//! * [`shape`]: what an object of a page's looks like, as a table.
//! * [`problem`]: how the server tells a failure (RFC 9457).
#![forbid(unsafe_code)]

pub mod ccc_sdk;
pub mod cec_chat;
pub mod cec_login;
pub mod cec_validation;
pub mod chat_link;
pub mod chat_login;
pub mod error;
pub mod event;
pub mod login;
pub mod method;
pub mod parent_origin;
pub mod phone_number;
pub mod problem;
pub mod redact;
pub mod screen_pop;
pub mod shape;

pub use cec_login::{CecLogin, CecVoucher};
pub use cec_validation::{CecQuestion, CecVerdict};
pub use chat_login::ChatLogin;
pub use error::{Code, Error};
pub use event::EventName;
pub use login::{SdkAppId, SdkLogin};
pub use method::Method;
pub use phone_number::PhoneNumber;
pub use problem::Problem;
pub use screen_pop::CallContext;

/// Names of members and options that only a server's configuration may have (seeds 001 and 003: never
/// write them into a page).
pub const SECRET_NAMES: [&str; 8] = [
    "secretKey",
    "secretId",
    "secret",
    "accessKey",
    "accessKeyId",
    "accessKeySecret",
    "secretAccessKey",
    "appSecret",
];
