//! `POST /calldock/v1/tccc/chat`: a chat for the visitor who asks.

use serde_json::Value;

use super::check::{Check, Finding, Page, Probe, Verdict, expect, text};
use super::report::Report;
use super::routes;
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

/// With the text at hand.
const PEER_SOURCE: Check = Check {
    name: "peerSource is the expected text",
    remedy: "Read your settings as UTF-8: a program started with LANG=C may need LC_ALL=C.UTF-8.",
    run: peer_source,
};

/// Asks the route everything.
pub fn examine(probe: &Probe<'_>, report: &mut Report) {
    let page = Page {
        url: format!("{}/calldock/v1/tccc/chat", probe.settings.base),
        schema: Schema::TcccChat,
        identity: |login| {
            let data = client_data(login);
            let fixed = ["uid", "nickName", "peerSource"].map(|name| text(&data, name).to_owned());
            [text(login, "webAppId").to_owned()].into_iter().chain(fixed).collect()
        },
        credential: None,
    };
    report.begin("TCCC chat", &format!("POST {}", page.url));
    probe.run(&routes::CHECKS, &page, report);
    probe.run(&CHECKS, &page, report);
    if probe.settings.peer_source.is_some() {
        probe.run(&[PEER_SOURCE], &page, report);
    }
}

fn client_data(login: &Value) -> Value {
    serde_json::from_str(text(login, "clientData")).unwrap_or_default()
}

fn members(probe: &Probe<'_>, page: &Page) -> Verdict {
    let data = client_data(&probe.login(page)?);
    expect(data.is_object(), "a JSON object", "none")?;
    for name in ["peerSource", "nickName", "uid"] {
        expect(!text(&data, name).is_empty(), format!("a text {name}"), "none")?;
    }
    Ok(())
}

fn peer_source(probe: &Probe<'_>, page: &Page) -> Verdict {
    let data = client_data(&probe.login(page)?);
    let (expected, found) =
        (probe.settings.peer_source.as_deref().unwrap_or_default(), text(&data, "peerSource"));
    expect(found == expected, format!("`{expected}`"), format!("`{found}`"))
}

/// A login with its signature, decoded.
fn signed(probe: &Probe<'_>, page: &Page) -> Result<(Value, UserSig), Finding> {
    let login = probe.login(page)?;
    let sig = UserSig::decode(text(&login, "userSig"))
        .map_err(|found| Finding { expected: "a userSig".into(), found: found.into() })?;
    Ok((login, sig))
}

fn decodes(probe: &Probe<'_>, page: &Page) -> Verdict {
    signed(probe, page).map(drop)
}

fn same_text(probe: &Probe<'_>, page: &Page) -> Verdict {
    let (login, sig) = signed(probe, page)?;
    let same = sig.client_data().as_deref() == Some(text(&login, "clientData"));
    expect(same, "the text of clientData in it", "another text")
}

fn same_user(probe: &Probe<'_>, page: &Page) -> Verdict {
    let (login, sig) = signed(probe, page)?;
    let same = sig.uid() == Some(text(&client_data(&login), "uid"));
    expect(same, "the uid of clientData in it", "another one")
}

fn one_hour(probe: &Probe<'_>, page: &Page) -> Verdict {
    let (login, sig) = signed(probe, page)?;
    let found = format!("{} seconds", sig.expire);
    expect(sig.expire <= 3600, "3600 seconds at most", found)?;
    let end = login["expiresAt"].as_u64().unwrap_or_default();
    expect(end > now().saturating_sub(SKEW), "an end in the future", "one that is over")?;
    expect(end <= now() + 3600 + SKEW, "an end within an hour", "a later one")
}

fn end(probe: &Probe<'_>, page: &Page) -> Verdict {
    let (login, sig) = signed(probe, page)?;
    let end = login["expiresAt"].as_u64().unwrap_or_default();
    let apart = end.abs_diff(sig.ends_at());
    expect(apart <= SKEW, "the end the signature names", format!("one {apart} seconds away"))
}
