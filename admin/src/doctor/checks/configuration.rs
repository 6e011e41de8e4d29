//! Values that are allowed and may still be a mistake. A configuration with errors reaches no check.

use super::Running;
use crate::doctor::Context;
use crate::doctor::finding::{Finding, Text, text};

const OF: &str = "configuration";

/// Reports the warnings that the server logs at its start.
pub fn run(context: &Context) -> Running<'_> {
    Box::pin(async move {
        let warnings: Vec<_> = context.config.warnings();
        if warnings.is_empty() {
            return vec![Finding::good(OF, text!("complete", "完整"))];
        }
        let remedy =
            text!("Change the key if this is not intended.", "若非有意为之，请修改该配置项。");
        warnings
            .into_iter()
            .map(|warning| Finding::warning(OF, Text::plain(warning), remedy.clone()))
            .collect()
    })
}
