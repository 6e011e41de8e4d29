//! `POST /calldock/v1/tccc/login`: a login for the agent who asks.

use std::time::{SystemTime, UNIX_EPOCH};

use super::check::{Check, Desk, Page, Verdict, expect, text};
use super::doors;
use super::report::Report;
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
pub fn examine(desk: &Desk<'_>, report: &mut Report) {
    let page = Page {
        url: format!("{}/calldock/v1/tccc/login", desk.settings.base),
        schema: Schema::TcccLogin,
        identity: |login| vec![text(login, "userId").into(), login["sdkAppId"].to_string()],
        voucher: Some(|login| text(login, "token").to_owned()),
    };
    report.begin("TCCC workbench login", &format!("POST {}", page.url));
    desk.run(&doors::CHECKS, &page, report);
    if !desk.settings.session.is_empty() {
        desk.run(&[doors::SIGNED_OUT], &page, report);
    }
    desk.run(&CHECKS, &page, report);
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// How far two clocks may be apart: the vendor's own limit.
pub const SKEW: u64 = 300;

fn alive(desk: &Desk<'_>, page: &Page) -> Verdict {
    let login = desk.login(page)?;
    let Some(end) = login["expiresAt"].as_u64() else { return Ok(()) };
    expect(end + SKEW > now(), "an end in the future", "one that is over")?;
    expect(end < now() + 24 * 3600, "seconds since 1970", "an end days away")
}

/// A current SdkURL repeats the token in its query; one that does must repeat its own.
fn together(desk: &Desk<'_>, page: &Page) -> Verdict {
    let login = desk.login(page)?;
    let (token, address) = (text(&login, "token"), text(&login, "sdkUrl"));
    let query = url::Url::parse(address).ok();
    let other = query.is_some_and(|url| {
        url.query_pairs().any(|(name, value)| name.eq_ignore_ascii_case("token") && value != token)
    });
    expect(!other, "the token of the script's address", "another one")
}
