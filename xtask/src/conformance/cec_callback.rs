//! CEC's question about a token: `POST` to the callback, as the vendor's servers send it: no browser, no
//! session, no origin.

use serde_json::{Value, json};

use super::cec_login::four;
use super::check::{Check, Desk, Finding, Page, Verdict, expect, named, text, told};
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
pub fn examine(desk: &Desk<'_>, page: &Page, report: &mut Report) {
    report.begin("CEC callback", &format!("POST {}", desk.settings.callback));
    desk.run(&CHECKS, page, report);
}

/// What CEC would ask about a login.
fn question(login: &Value) -> Value {
    let [name, id, tenant, _] = four(login);
    json!({ "Token": text(login, "token"), "userName": name, "userId": id, "tenantSpaceId": tenant })
}

fn fresh(desk: &Desk<'_>, page: &Page) -> Result<Value, Finding> {
    Ok(question(&desk.login(page)?))
}

fn ask(desk: &Desk<'_>, body: &str) -> Result<Answer, Finding> {
    let ask = Ask::new("POST", &desk.settings.callback);
    desk.ask(&ask.body("application/json;charset=UTF-8", body))
}

/// What `retCode` says, after the rest was looked at.
fn verdict(answer: &Answer) -> Result<bool, Finding> {
    expect(answer.status == 200, "200, whatever the verdict", told(answer))?;
    let media = answer.media_type();
    expect(media == "application/json", "application/json", named(&media))?;
    let value = answer.json().unwrap_or_default();
    Schema::CecVerdict.validate(&value)?;
    Ok(value["retCode"] == 0)
}

fn yes(desk: &Desk<'_>, question: &Value) -> Verdict {
    expect(verdict(&ask(desk, &question.to_string())?)?, "retCode 0", "another one")
}

fn no(desk: &Desk<'_>, body: &str) -> Result<Answer, Finding> {
    let answer = ask(desk, body)?;
    expect(!verdict(&answer)?, "a retCode that is not 0", "retCode 0")?;
    Ok(answer)
}

fn valid(desk: &Desk<'_>, page: &Page) -> Verdict {
    yes(desk, &fresh(desk, page)?)
}

fn unstored(desk: &Desk<'_>, page: &Page) -> Verdict {
    let answer = ask(desk, &fresh(desk, page)?.to_string())?;
    expect(answer.is_unstored(), "Cache-Control: no-store", named(answer.header("cache-control")))
}

fn replay(desk: &Desk<'_>, page: &Page) -> Result<Answer, Finding> {
    let question = fresh(desk, page)?;
    yes(desk, &question)?;
    no(desk, &question.to_string())
}

fn replayed(desk: &Desk<'_>, page: &Page) -> Verdict {
    replay(desk, page).map(drop)
}

/// How many ask at once.
const CROWD: usize = 8;

fn raced(desk: &Desk<'_>, page: &Page) -> Verdict {
    let body = fresh(desk, page)?.to_string();
    let answers: Vec<_> = std::thread::scope(|scope| {
        let crowd: Vec<_> = (0..CROWD).map(|_| scope.spawn(|| ask(desk, &body))).collect();
        crowd.into_iter().filter_map(|one| one.join().ok()).collect()
    });
    let mut yes = 0;
    for answer in answers {
        yes += usize::from(verdict(&answer?)?);
    }
    expect(yes == 1, format!("one yes to {CROWD} at once"), yes.to_string())
}

fn swapped(desk: &Desk<'_>, page: &Page, member: &str, other: &str) -> Result<Answer, Finding> {
    let mut question = fresh(desk, page)?;
    question[member] = json!(other);
    no(desk, &question.to_string())
}

fn other_id(desk: &Desk<'_>, page: &Page) -> Verdict {
    swapped(desk, page, "userId", "calldock-other").map(drop)
}

fn other_name(desk: &Desk<'_>, page: &Page) -> Verdict {
    swapped(desk, page, "userName", "calldock-other").map(drop)
}

fn other_tenant(desk: &Desk<'_>, page: &Page) -> Verdict {
    swapped(desk, page, "tenantSpaceId", "1").map(drop)
}

fn guess(desk: &Desk<'_>, page: &Page) -> Result<Answer, Finding> {
    let mut question = fresh(desk, page)?;
    // As long as a true one.
    let letters = text(&question, "Token").chars().count().max(1);
    question["Token"] = json!("A".repeat(letters));
    no(desk, &question.to_string())
}

fn made_up(desk: &Desk<'_>, page: &Page) -> Verdict {
    guess(desk, page).map(drop)
}

/// No JSON, no object, members of other types, members left out.
const NONSENSE: [&str; 5] =
    ["", "{", "[]", r#"{"Token":1,"userName":[],"userId":{},"tenantSpaceId":null}"#, "{}"];

fn no_question(desk: &Desk<'_>, _: &Page) -> Verdict {
    NONSENSE.iter().try_for_each(|body| no(desk, body).map(drop))
}

fn alike(desk: &Desk<'_>, page: &Page) -> Verdict {
    let mut refusals = vec![
        replay(desk, page)?,
        swapped(desk, page, "userId", "calldock-other")?,
        swapped(desk, page, "userName", "calldock-other")?,
        swapped(desk, page, "tenantSpaceId", "1")?,
        guess(desk, page)?,
    ];
    for body in NONSENSE {
        refusals.push(no(desk, body)?);
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
