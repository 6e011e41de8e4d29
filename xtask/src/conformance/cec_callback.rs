//! CEC's question about a token: `POST` to the callback, as the vendor's servers send it: no browser, no
//! session, no origin.

use serde_json::{Value, json};

use super::cec_login::four;
use super::check::{Check, Finding, Page, Probe, Verdict, expect, named, status_of, text};
use super::report::Report;
use super::schema::Schema;
use super::wire::{Answer, Ask};

const SAME: &str = "Answer 200 and a retCode that is not 0, with one text for every reason.";

const CHECKS: [Check; 10] = [
    Check {
        name: "a fresh token of its visitor is valid: 200, retCode 0",
        remedy: "Compare Token, userName, userId and tenantSpaceId with what the token was made for; answer {\"retCode\":0,\"message\":…}. If the callback is elsewhere, name it by --callback-url; if it lets only listed addresses in, run this from one of them.",
        run: valid,
    },
    Check {
        name: "the verdict is kept by no cache",
        remedy: "Send Cache-Control: no-store.",
        run: unstored,
    },
    Check {
        name: "a token is valid once",
        remedy: "Take the token out of the store in the same step that looks it up.",
        run: replayed,
    },
    Check {
        name: "of many who ask at once, one is told yes",
        remedy: "Look up and remove in one atomic step (remove, GETDEL, DELETE … RETURNING), never get and then delete.",
        run: raced,
    },
    Check { name: "a token with another user's id is refused", remedy: SAME, run: other_id },
    Check { name: "a token with another user's name is refused", remedy: SAME, run: other_name },
    Check { name: "a token with another tenant is refused", remedy: SAME, run: other_tenant },
    Check { name: "a made-up token is refused", remedy: SAME, run: made_up },
    Check { name: "what is no question is refused by 200 too", remedy: SAME, run: no_question },
    Check {
        name: "every refusal reads the same",
        remedy: "Answer one text and one set of headers for every reason: differences tell an attacker how close a guess was.",
        run: alike,
    },
];

/// Asks the callback everything, with tokens of the login's.
pub fn examine(probe: &Probe<'_>, page: &Page, report: &mut Report) {
    report.begin("CEC callback", &format!("POST {}", probe.settings.callback));
    probe.run(&CHECKS, page, report);
}

/// What CEC would ask about a login.
fn question(login: &Value) -> Value {
    let [name, id, tenant, _] = four(login);
    json!({ "Token": text(login, "token"), "userName": name, "userId": id, "tenantSpaceId": tenant })
}

fn fresh(probe: &Probe<'_>, page: &Page) -> Result<Value, Finding> {
    Ok(question(&probe.login(page)?))
}

fn ask(probe: &Probe<'_>, body: &str) -> Result<Answer, Finding> {
    let ask = Ask::new("POST", &probe.settings.callback);
    probe.ask(&ask.body("application/json;charset=UTF-8", body))
}

/// What `retCode` says, after the rest was looked at.
fn verdict(answer: &Answer) -> Result<bool, Finding> {
    expect(answer.status == 200, "200, whatever the verdict", status_of(answer))?;
    let media = answer.media_type();
    expect(media == "application/json", "application/json", named(&media))?;
    let value = answer.json().unwrap_or_default();
    Schema::CecVerdict.validate(&value)?;
    Ok(value["retCode"] == 0)
}

fn yes(probe: &Probe<'_>, question: &Value) -> Verdict {
    expect(verdict(&ask(probe, &question.to_string())?)?, "retCode 0", "another one")
}

fn no(probe: &Probe<'_>, body: &str) -> Result<Answer, Finding> {
    let answer = ask(probe, body)?;
    expect(!verdict(&answer)?, "a retCode that is not 0", "retCode 0")?;
    Ok(answer)
}

fn valid(probe: &Probe<'_>, page: &Page) -> Verdict {
    yes(probe, &fresh(probe, page)?)
}

fn unstored(probe: &Probe<'_>, page: &Page) -> Verdict {
    let answer = ask(probe, &fresh(probe, page)?.to_string())?;
    expect(answer.is_unstored(), "Cache-Control: no-store", named(answer.header("cache-control")))
}

fn replay(probe: &Probe<'_>, page: &Page) -> Result<Answer, Finding> {
    let question = fresh(probe, page)?;
    yes(probe, &question)?;
    no(probe, &question.to_string())
}

fn replayed(probe: &Probe<'_>, page: &Page) -> Verdict {
    replay(probe, page).map(drop)
}

/// How many ask at once.
const CROWD: usize = 8;

fn raced(probe: &Probe<'_>, page: &Page) -> Verdict {
    let body = fresh(probe, page)?.to_string();
    let answers: Vec<_> = std::thread::scope(|scope| {
        let crowd: Vec<_> = (0..CROWD).map(|_| scope.spawn(|| ask(probe, &body))).collect();
        crowd.into_iter().filter_map(|one| one.join().ok()).collect()
    });
    let mut yes = 0;
    for answer in answers {
        yes += usize::from(verdict(&answer?)?);
    }
    expect(yes == 1, format!("one yes to {CROWD} at once"), yes.to_string())
}

fn swapped(probe: &Probe<'_>, page: &Page, member: &str, other: &str) -> Result<Answer, Finding> {
    let mut question = fresh(probe, page)?;
    question[member] = json!(other);
    no(probe, &question.to_string())
}

fn other_id(probe: &Probe<'_>, page: &Page) -> Verdict {
    swapped(probe, page, "userId", "calldock-other").map(drop)
}

fn other_name(probe: &Probe<'_>, page: &Page) -> Verdict {
    swapped(probe, page, "userName", "calldock-other").map(drop)
}

fn other_tenant(probe: &Probe<'_>, page: &Page) -> Verdict {
    swapped(probe, page, "tenantSpaceId", "1").map(drop)
}

fn guess(probe: &Probe<'_>, page: &Page) -> Result<Answer, Finding> {
    let mut question = fresh(probe, page)?;
    // As long as a true one.
    let letters = text(&question, "Token").chars().count().max(1);
    question["Token"] = json!("A".repeat(letters));
    no(probe, &question.to_string())
}

fn made_up(probe: &Probe<'_>, page: &Page) -> Verdict {
    guess(probe, page).map(drop)
}

/// No JSON, no object, members of other types, members left out.
const NONSENSE: [&str; 5] =
    ["", "{", "[]", r#"{"Token":1,"userName":[],"userId":{},"tenantSpaceId":null}"#, "{}"];

fn no_question(probe: &Probe<'_>, _: &Page) -> Verdict {
    NONSENSE.iter().try_for_each(|body| no(probe, body).map(drop))
}

fn alike(probe: &Probe<'_>, page: &Page) -> Verdict {
    let mut refusals = vec![
        replay(probe, page)?,
        swapped(probe, page, "userId", "calldock-other")?,
        swapped(probe, page, "userName", "calldock-other")?,
        swapped(probe, page, "tenantSpaceId", "1")?,
        guess(probe, page)?,
    ];
    for body in NONSENSE {
        refusals.push(no(probe, body)?);
    }
    // What every server writes for each response.
    let lasting = |answer: &Answer| {
        let mut headers = answer.headers.clone();
        headers.retain(|(name, _)| {
            !["date", "x-request-id"].contains(&name.as_str()) && !name.contains("ratelimit")
        });
        headers.sort();
        (answer.body.clone(), headers)
    };
    let first = lasting(&refusals[0]);
    let same = refusals.iter().all(|answer| lasting(answer) == first);
    expect(same, "the same body and headers for every reason", "answers that differ")
}
