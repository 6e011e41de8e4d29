//! `POST /calldock/v1/cec/login`: the proof of the visitor's identity, in the mode of the backend.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use super::auth_v2::Authorization;
use super::cec_callback;
use super::check::{Check, Finding, Page, Probe, Verdict, expect, text};
use super::report::Report;
use super::routes;
use super::schema::Schema;

/// Token mode: what a token must be.
const TOKEN: [Check; 3] = [
    Check {
        name: "a token is too long to be guessed",
        remedy: "Make it of 16 random bytes or more (32 are good) of the system's secure generator, in hexadecimal or base64url.",
        run: long,
    },
    Check {
        name: "tokens do not resemble each other",
        remedy: "Make every token of random bytes only: no counter, no time, no user in it.",
        run: unlike,
    },
    Check {
        name: "a token tells nothing",
        remedy: "Hand out an opaque token and keep what it stands for on the server, by its hash; no JWT, no encoded user.",
        run: opaque,
    },
];

/// Authorization mode: what can be seen of a signature without its key.
const FORM: [Check; 2] = [
    Check {
        name: "the signed headers are content-length;content-type",
        remedy: "Write their names in lower case, in order, with a semicolon between; the colon in the guide's code is a misprint.",
        run: headers,
    },
    Check {
        name: "the authorization was signed just now",
        remedy: "Sign for every page view, with the time in UTC as yyyy-MM-dd'T'HH:mm:ss.SSS'Z'; set this machine's clock.",
        run: timely,
    },
];

/// With the key at hand.
const SIGNATURE: Check = Check {
    name: "the signature is right for exactly the four members of the answer",
    remedy: "Compare with signing/tests/fixtures/huawei-auth-v2.json step by step: payload, its length, signing key (64 hexadecimal characters, not 32 bytes), canonical request.",
    run: signature,
};

/// Asks the route everything, and in Token mode the callback too.
pub fn examine(probe: &Probe<'_>, report: &mut Report) {
    let page = Page {
        url: format!("{}{}", probe.settings.base, probe.settings.cec_path),
        schema: Schema::CecLogin,
        identity: |login| four(login).map(str::to_owned).into(),
        credential: Some(|login| credential(login).to_owned()),
    };
    report.begin("CEC login", &format!("POST {}", page.url));
    probe.run(&routes::CHECKS, &page, report);
    match probe.login(&page).map(|login| text(&login, "mode") == "token") {
        Ok(true) => {
            probe.run(&TOKEN, &page, report);
            cec_callback::examine(probe, &page, report);
        }
        Ok(false) => {
            probe.run(&FORM, &page, report);
            if probe.settings.cec_secret.is_some() {
                probe.run(&[SIGNATURE], &page, report);
            }
        }
        Err(finding) => {
            let remedy = "Fix what is above first: without a response nothing more can be tested.";
            report.add("the login says its mode", remedy, Err(finding));
        }
    }
}

/// The four members, in the order in which they are signed.
pub fn four(login: &Value) -> [&str; 4] {
    ["thirdUserName", "thirdUserId", "tenantSpaceId", "channelConfigId"]
        .map(|name| text(login, name))
}

fn credential(login: &Value) -> &str {
    text(login, text(login, "mode"))
}

/// 128 bits in hexadecimal.
const SHORTEST: usize = 32;

fn long(probe: &Probe<'_>, page: &Page) -> Verdict {
    let login = probe.login(page)?;
    let letters = credential(&login).chars().count();
    expect(letters >= SHORTEST, format!("{SHORTEST} characters or more"), letters.to_string())
}

fn unlike(probe: &Probe<'_>, page: &Page) -> Verdict {
    let tokens = (0..6).map(|_| Ok(credential(&probe.login(page)?).to_owned()));
    let tokens: Vec<String> = tokens.collect::<Result<_, Finding>>()?;
    for (index, one) in tokens.iter().enumerate() {
        for other in &tokens[index + 1..] {
            let same = one.bytes().zip(other.bytes()).filter(|(a, b)| a == b).count();
            // Of random hexadecimal digits one in sixteen is the same.
            let found = format!("{same} of {} characters the same", one.len());
            expect(same * 3 < one.len().max(1), "random characters", found)?;
        }
    }
    Ok(())
}

fn opaque(probe: &Probe<'_>, page: &Page) -> Verdict {
    let login = probe.login(page)?;
    let token = credential(&login);
    let mut readings = vec![token.to_owned()];
    for part in token.split('.') {
        let part = part.trim_end_matches('=').replace('+', "-").replace('/', "_");
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
        readings.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    let hex = |at: usize| u8::from_str_radix(token.get(at..at + 2)?, 16).ok();
    let bytes: Vec<u8> = (0..token.len()).step_by(2).map_while(hex).collect();
    readings.push(String::from_utf8_lossy(&bytes).into_owned());
    // A name of one or two letters is in random text by chance.
    let private = four(&login).into_iter().filter(|word| word.chars().count() >= 3);
    for word in private {
        let readable = readings.iter().any(|reading| reading.contains(word));
        expect(!readable, "random characters", "the user, the tenant or the channel")?;
    }
    let object = readings.iter().any(|reading| reading.starts_with('{') && reading.ends_with('}'));
    expect(!object, "random characters", "an encoded object")
}

fn headers(probe: &Probe<'_>, page: &Page) -> Verdict {
    let login = probe.login(page)?;
    let parsed = Authorization::parse(credential(&login));
    let found = parsed.map_or("", |authorization| authorization.headers);
    expect(found == "content-length;content-type", "content-length;content-type", found)
}

/// The zone is left open: some tenants want local time with a Z (docs/en/operate/server.md, `[signature]`).
fn timely(probe: &Probe<'_>, page: &Page) -> Verdict {
    let login = probe.login(page)?;
    let parsed = Authorization::parse(credential(&login));
    let at = parsed.and_then(|authorization| seconds(authorization.timestamp));
    let Some(at) = at else {
        return expect(false, "a time like 2024-08-19T03:04:05.678Z", "something else");
    };
    let now = i64::try_from(super::tccc_login::now()).unwrap_or_default();
    let apart = at - now;
    // Zones are whole quarters of an hour, 14 hours at most; the rest is the clock's.
    let zone = (apart as f64 / 900.0).round() as i64 * 900;
    let near = (apart - zone).abs() <= 300 && apart.abs() <= 14 * 3600 + 300;
    expect(near, "the time of asking", format!("one {} seconds away", apart.abs()))
}

/// Seconds since 1970 of `yyyy-MM-ddTHH:mm:ss[.SSS]Z`.
fn seconds(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let numbers = |text: &str, between: char| -> Option<[i64; 3]> {
        let parts: Vec<i64> =
            text.split(between).map(|part| part.parse().ok()).collect::<Option<_>>()?;
        parts.try_into().ok()
    };
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time.split('.').next()?, ':')?;
    let fits =
        (1970..10_000).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !fits {
        return None;
    }
    // Days since 1970 by the civil calendar, the year beginning in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

fn signature(probe: &Probe<'_>, page: &Page) -> Verdict {
    let login = probe.login(page)?;
    let key = probe.settings.cec_secret.as_deref().unwrap_or_default();
    let parsed = Authorization::parse(credential(&login));
    let right = parsed.is_some_and(|authorization| authorization.signs(four(&login), key));
    expect(right, "the signature of the recommended reading", "another one")
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn a_timestamp_is_read_as_utc() {
        assert_eq!(seconds("2024-08-19T03:04:05.678Z"), Some(1_724_036_645));
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2024-02-29T23:59:59.999Z"), Some(1_709_251_199));
        for text in ["", "2024-08-19 03:04:05Z", "2024-13-01T00:00:00Z", "2024-08-19T03:04Z"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
