//! The vendors' addresses respond: name, connection, certificate. Other checks judge the response.

use super::Running;
use crate::doctor::Context;
use crate::doctor::finding::{Finding, text};

/// Reports a row for each address.
pub fn run(context: &Context) -> Running<'_> {
    Box::pin(async move {
        let rows = context.contacts.iter().map(|contact| {
            let place = contact.place();
            match &contact.response {
                Ok(_) => Finding::good(contact.key, text!("{place} responds", "{place} 有响应")),
                Err(error) => error.finding(contact.key, &place),
            }
        });
        rows.collect()
    })
}
