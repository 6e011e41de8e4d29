//! `POST /calldock/v1/tccc/login`: a login for the agent who asks.

use std::time::{SystemTime, UNIX_EPOCH};

use super::check::{Check, Page, Probe, Verdict, expect, text};
use super::report::Report;
use super::routes;
use super::schema::Schema;

/// What only this route is asked.
const CHECKS: [Check; 2] = [
    Check {
        name: "the login has not ended yet",
        remedy: "Pass the vendor's ExpiredTime on, in seconds since 1970; if it is right, set this machine's clock.",
        run: alive,
    },
    Check {
        name: "token and script address belong together",
        remedy: "Pass the vendor's Token and SdkURL on as one answer gave them.",
        run: together,
    },
];

/// Asks the route everything.
pub fn examine(probe: &Probe<'_>, report: &mut Report) {
    let page = Page {
        url: format!("{}/calldock/v1/tccc/login", probe.settings.base),
        schema: Schema::TcccLogin,
        identity: |login| vec![text(login, "userId").into(), login["sdkAppId"].to_string()],
        credential: Some(|login| text(login, "token").to_owned()),
    };
    report.begin("TCCC workbench login", &format!("POST {}", page.url));
    probe.run(&routes::CHECKS, &page, report);
    if !probe.settings.session.is_empty() {
        probe.run(&[routes::SIGNED_OUT], &page, report);
    }
    probe.run(&CHECKS, &page, report);
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// How far two clocks may be apart: the vendor's own limit.
pub const SKEW: u64 = 300;

fn alive(probe: &Probe<'_>, page: &Page) -> Verdict {
    let login = probe.login(page)?;
    let Some(end) = login["expiresAt"].as_u64() else { return Ok(()) };
    expect(end + SKEW > now(), "an end in the future", "one that is over")?;
    expect(end < now() + 24 * 3600, "seconds since 1970", "an end days away")
}

/// A current SdkURL repeats the token in its query; one that does must repeat its own.
fn together(probe: &Probe<'_>, page: &Page) -> Verdict {
    let login = probe.login(page)?;
    let (token, address) = (text(&login, "token"), text(&login, "sdkUrl"));
    let query = url::Url::parse(address).ok();
    let other = query.is_some_and(|url| {
        url.query_pairs().any(|(name, value)| name.eq_ignore_ascii_case("token") && value != token)
    });
    expect(!other, "the token of the script's address", "another one")
}
