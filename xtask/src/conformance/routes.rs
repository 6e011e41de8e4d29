//! What is asked of every route that a page calls.

use serde_json::{Map, Value, json};

use super::check::{Check, Page, Probe, Verdict, expect, named, refused, status_of};
use super::wire::{Answer, Ask};

/// The checks, in order.
pub const CHECKS: [Check; 12] = [
    Check {
        name: "a page of the site is answered 200 with JSON",
        remedy: "Answer status 200 and Content-Type: application/json. Where somebody must be signed in, hand the session over by --header-env; where pages come under another origin, name it by --origin.",
        run: answers,
    },
    Check {
        name: "the answer has the form of its schema",
        remedy: "Compare with the schema in docs/schemas/; members and types are exact.",
        run: form,
    },
    Check {
        name: "the answer is kept by no cache",
        remedy: "Send Cache-Control: no-store with every answer of the route.",
        run: unstored,
    },
    Check {
        name: "two page views get two logins",
        remedy: "Ask the vendor, mint or sign for every request; a login works once.",
        run: fresh,
    },
    Check {
        name: "who it is for is not read from the body",
        remedy: "Take user, name, tenant and channel from your session and configuration only.",
        run: impostor,
    },
    Check {
        name: "a page of another origin is refused",
        remedy: "Compare the Origin header with the site's own origin and your list; refuse by 403, and send no Access-Control-Allow-Origin.",
        run: foreign,
    },
    Check {
        name: "a cross-site request is refused by Sec-Fetch-Site",
        remedy: "Where Sec-Fetch-Site is there and neither same-origin nor none, refuse by 403 unless the Origin is listed.",
        run: cross_site,
    },
    Check {
        name: "a page without an origin (Origin: null) is refused",
        remedy: "Refuse Origin: null by 403: sandboxed frames and files of any site send it.",
        run: sandboxed,
    },
    Check {
        name: "another origin's preflight is not granted",
        remedy: "Answer OPTIONS of an origin that is not listed without Access-Control-Allow-Origin.",
        run: preflight,
    },
    Check {
        name: "a method other than POST is refused",
        remedy: "Refuse by 405: what a link or an image can cause must hand out nothing.",
        run: method,
    },
    Check {
        name: "a body that is not JSON is refused",
        remedy: "Refuse a body of another type than application/json by 415: any page can post a form without asking.",
        run: media_type,
    },
    Check {
        name: "an oversized body is refused",
        remedy: "Refuse a body of more than 16 KiB by 413; a login needs none at all.",
        run: oversized,
    },
];

/// Only where a session was handed over: without it no user is known.
pub const SIGNED_OUT: Check = Check {
    name: "without the session nobody gets a login",
    remedy: "Refuse a request whose session is missing or over by 401.",
    run: signed_out,
};

const FOREIGN: &str = "https://foreign.example";

fn answers(probe: &Probe<'_>, page: &Page) -> Verdict {
    let answer = probe.ask(&probe.page(page))?;
    expect(answer.status == 200, "200", status_of(&answer))?;
    let media = answer.media_type();
    expect(media == "application/json", "application/json", named(&media))
}

fn form(probe: &Probe<'_>, page: &Page) -> Verdict {
    probe.login(page).map(drop)
}

fn unstored(probe: &Probe<'_>, page: &Page) -> Verdict {
    let answer = probe.ask(&probe.page(page))?;
    expect(answer.is_unstored(), "Cache-Control: no-store", named(answer.header("cache-control")))
}

fn fresh(probe: &Probe<'_>, page: &Page) -> Verdict {
    let Some(credential) = page.credential else { return Ok(()) };
    let first = credential(&probe.login(page)?);
    if credential(&probe.login(page)?) != first {
        return Ok(());
    }
    // A signature whose time is in seconds is the same within one.
    std::thread::sleep(probe.settings.pause);
    let later = credential(&probe.login(page)?);
    expect(later != first, "another token or signature each time", "the same again")
}

/// A name that no user has.
const IMPOSTOR: &str = "calldock-impostor";

/// As what it says it is.
const NAMES: [&str; 13] = [
    "userId",
    "user_id",
    "userid",
    "SeatUserId",
    "seatUserId",
    "uid",
    "Uid",
    "nickName",
    "peerSource",
    "thirdUserId",
    "thirdUserName",
    "tenantSpaceId",
    "channelConfigId",
];

fn impostor(probe: &Probe<'_>, page: &Page) -> Verdict {
    let before = (page.identity)(&probe.login(page)?);
    let named: Map<String, Value> =
        NAMES.iter().map(|name| ((*name).to_owned(), json!(IMPOSTOR))).collect();
    let mut claims = named.clone();
    claims.insert("clientData".into(), json!(json!(named).to_string()));
    // What a page may add to a chat is in `fields`: never who is asking.
    for body in [json!(claims), json!({ "fields": named })] {
        let ask = probe.page(page).body("application/json", body.to_string());
        let answer = probe.ask(&ask)?;
        if answer.status != 200 {
            refused(&answer, &[400, 403, 422])?;
            continue;
        }
        expect(!answer.body.contains(IMPOSTOR), "nothing of the body", "a name the body gave")?;
        let after = answer.json().map(|value| (page.identity)(&value)).unwrap_or_default();
        expect(after == before, "the same user as without a body", "another one")?;
    }
    Ok(())
}

fn foreign(probe: &Probe<'_>, page: &Page) -> Verdict {
    let ask = probe.page(page).header("origin", FOREIGN).without("sec-fetch-site");
    closed(probe, &ask)?;
    // The site's own name at the front of another's.
    let ask = ask.header("origin", &format!("{}.foreign.example", probe.settings.origin));
    closed(probe, &ask)
}

fn cross_site(probe: &Probe<'_>, page: &Page) -> Verdict {
    for site in ["cross-site", "same-site"] {
        closed(probe, &probe.page(page).header("sec-fetch-site", site).without("origin"))?;
    }
    closed(
        probe,
        &probe.page(page).header("sec-fetch-site", "cross-site").header("origin", FOREIGN),
    )
}

fn sandboxed(probe: &Probe<'_>, page: &Page) -> Verdict {
    closed(probe, &probe.page(page).header("origin", "null").without("sec-fetch-site"))
}

fn preflight(probe: &Probe<'_>, page: &Page) -> Verdict {
    let ask = Ask::new("OPTIONS", &page.url)
        .header("origin", FOREIGN)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type")
        .header("sec-fetch-site", "cross-site");
    granted_nothing(&probe.ask(&ask)?)
}

fn method(probe: &Probe<'_>, page: &Page) -> Verdict {
    let mut ask = probe.page(page).without("origin");
    for method in ["GET", "PUT"] {
        ask.method = method;
        refused(&probe.ask(&ask)?, &[405])?;
    }
    Ok(())
}

fn media_type(probe: &Probe<'_>, page: &Page) -> Verdict {
    for media in ["text/plain", "application/x-www-form-urlencoded"] {
        refused(&probe.ask(&probe.page(page).body(media, "a=1"))?, &[415])?;
    }
    Ok(())
}

fn oversized(probe: &Probe<'_>, page: &Page) -> Verdict {
    let body = json!({ "filler": "x".repeat(20 * 1024) });
    refused(&probe.ask(&probe.page(page).body("application/json", body.to_string()))?, &[413])
}

fn signed_out(probe: &Probe<'_>, page: &Page) -> Verdict {
    let mut ask = probe.page(page);
    ask.session = false;
    refused(&probe.ask(&ask)?, &[401])
}

/// Refused by 403, and unreadable for the page that asked.
fn closed(probe: &Probe<'_>, ask: &Ask) -> Verdict {
    let answer = probe.ask(ask)?;
    refused(&answer, &[403])?;
    granted_nothing(&answer)
}

fn granted_nothing(answer: &Answer) -> Verdict {
    let granted = answer.header("access-control-allow-origin");
    let open = granted == "*" || granted == "null" || granted.ends_with("foreign.example");
    let expected = "no Access-Control-Allow-Origin for that origin";
    expect(!open, expected, format!("Access-Control-Allow-Origin: {}", named(granted)))
}
