//! What is allowed and may still be a mistake. A configuration with real mistakes comes to no check.

use super::Running;
use crate::doctor::Examination;
use crate::doctor::finding::{Finding, Said, said};

const OF: &str = "configuration";

/// The warnings the server gives at its start.
pub fn run(exam: &Examination) -> Running<'_> {
    Box::pin(async move {
        let warnings: Vec<_> = exam.config.warnings();
        if warnings.is_empty() {
            return vec![Finding::good(OF, said!("whole", "完整"))];
        }
        let remedy =
            said!("Change the key if this is not meant.", "若非有意为之，请修改该配置项。");
        warnings
            .into_iter()
            .map(|warning| Finding::warning(OF, Said::plain(warning), remedy.clone()))
            .collect()
    })
}
