//! `POST /calldock/v1/tccc/chat`: a chat for the visitor who asks.

use serde_json::Value;

use super::check::{Check, Desk, Finding, Page, Verdict, expect, text};
use super::doors;
use super::report::Report;
use super::schema::Schema;
use super::tccc_login::{SKEW, now};
use super::user_sig::UserSig;

/// What only this route is asked.
const CHECKS: [Check; 6] = [
    Check {
        name: "clientData is JSON text with peerSource, nickName and uid",
        remedy: "Build clientData from your session: a JSON object whose three fixed members are texts that are not empty.",
        run: members,
    },
    Check {
        name: "the userSig decodes",
        remedy: "Pass the vendor's UserSig on unchanged.",
        run: decodes,
    },
    Check {
        name: "the userSig is over this very clientData",
        remedy: "Hand out the text that was signed, letter by letter; do not write the JSON a second time.",
        run: same_text,
    },
    Check {
        name: "the userSig is for the uid in clientData",
        remedy: "Ask CreateUserSig with Uid equal to clientData.uid.",
        run: same_user,
    },
    Check {
        name: "the userSig ends within an hour",
        remedy: "Ask CreateUserSig with an ExpiredTime of 3600 or less.",
        run: one_hour,
    },
    Check {
        name: "expiresAt is when the userSig ends",
        remedy: "Answer the time of asking plus ExpiredTime, in seconds since 1970.",
        run: end,
    },
];

/// Asks the route everything.
pub fn examine(desk: &Desk<'_>, report: &mut Report) {
    let page = Page {
        url: format!("{}/calldock/v1/tccc/chat", desk.settings.base),
        schema: Schema::TcccChat,
        identity: |login| {
            let data = client_data(login);
            let fixed = ["uid", "nickName", "peerSource"].map(|name| text(&data, name).to_owned());
            [text(login, "webAppId").to_owned()].into_iter().chain(fixed).collect()
        },
        voucher: None,
    };
    report.begin("TCCC chat", &format!("POST {}", page.url));
    desk.run(&doors::CHECKS, &page, report);
    desk.run(&CHECKS, &page, report);
}

fn client_data(login: &Value) -> Value {
    serde_json::from_str(text(login, "clientData")).unwrap_or_default()
}

fn members(desk: &Desk<'_>, page: &Page) -> Verdict {
    let data = client_data(&desk.login(page)?);
    expect(data.is_object(), "a JSON object", "none")?;
    for name in ["peerSource", "nickName", "uid"] {
        expect(!text(&data, name).is_empty(), format!("a text {name}"), "none")?;
    }
    Ok(())
}

/// A login with its signature, decoded.
fn signed(desk: &Desk<'_>, page: &Page) -> Result<(Value, UserSig), Finding> {
    let login = desk.login(page)?;
    let sig = UserSig::decode(text(&login, "userSig"))
        .map_err(|found| Finding { expected: "a userSig".into(), found: found.into() })?;
    Ok((login, sig))
}

fn decodes(desk: &Desk<'_>, page: &Page) -> Verdict {
    signed(desk, page).map(drop)
}

fn same_text(desk: &Desk<'_>, page: &Page) -> Verdict {
    let (login, sig) = signed(desk, page)?;
    let same = sig.client_data().as_deref() == Some(text(&login, "clientData"));
    expect(same, "the text of clientData in it", "another text")
}

fn same_user(desk: &Desk<'_>, page: &Page) -> Verdict {
    let (login, sig) = signed(desk, page)?;
    let same = sig.uid() == Some(text(&client_data(&login), "uid"));
    expect(same, "the uid of clientData in it", "another one")
}

fn one_hour(desk: &Desk<'_>, page: &Page) -> Verdict {
    let (login, sig) = signed(desk, page)?;
    let found = format!("{} seconds", sig.expire);
    expect(sig.expire <= 3600, "3600 seconds at most", found)?;
    let end = login["expiresAt"].as_u64().unwrap_or_default();
    expect(end > now().saturating_sub(SKEW), "an end in the future", "one that is over")?;
    expect(end <= now() + 3600 + SKEW, "an end within an hour", "a later one")
}

fn end(desk: &Desk<'_>, page: &Page) -> Verdict {
    let (login, sig) = signed(desk, page)?;
    let end = login["expiresAt"].as_u64().unwrap_or_default();
    let apart = end.abs_diff(sig.ends_at());
    expect(apart <= SKEW, "the end the signature names", format!("one {apart} seconds away"))
}
