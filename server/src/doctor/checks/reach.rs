//! The vendors' addresses answer: name, connection, certificate. What they answer is for other checks.

use super::Running;
use crate::doctor::Examination;
use crate::doctor::finding::{Finding, said};

/// A row for each address.
pub fn run(exam: &Examination) -> Running<'_> {
    Box::pin(async move {
        let rows = exam.contacts.iter().map(|contact| {
            let place = contact.place();
            match &contact.answer {
                Ok(_) => Finding::good(contact.key, said!("{place} answers", "{place} 有应答")),
                Err(trouble) => trouble.finding(contact.key, &place),
            }
        });
        rows.collect()
    })
}
