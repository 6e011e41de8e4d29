//! Creates the missing agents, ten at a time. A second run finds none missing.

use std::collections::BTreeMap;
use std::time::Duration;

use super::api::{self, BATCH, NewStaff};
use super::compare::compare;
use super::person::{Person, key};
use super::report::{Entry, Outcome, Report};
use calldock_server::tccc::{Api, Failure};

/// How a list is synchronised.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Compares only.
    pub dry_run: bool,
    /// Whether the vendor sends each new agent a password by mail, as it does by default.
    pub send_password: bool,
}

/// Codes that concern an entry of a batch and not the whole call.
const ABOUT_AN_ENTRY: [&str; 4] = [
    "InvalidParameter",
    "InvalidParameterValue",
    "FailedOperation.DuplicatedAccount",
    "ResourceNotFound",
];

/// Codes that every further call would get too.
const ABOUT_THE_CALL: [&str; 3] = [
    "InvalidParameter.InstanceNotExist",
    "InvalidParameterValue.InstanceNotExist",
    "InvalidParameterValue.ExperienceAccount",
];

/// Creates the agents of a list that the contact centre does not have.
///
/// # Errors
/// A [`Failure`] if the contact centre's agents cannot be listed; then none was created. Later failures
/// are in the report.
pub async fn run(api: &Api, people: Vec<Person>, options: Options) -> Result<Report, Failure> {
    let (mut outcomes, only_there) = compare(&people, &api::list(api).await?);
    if !options.dry_run {
        create(api, &people, options.send_password, &mut outcomes).await;
    }
    let entries = people.into_iter().zip(outcomes);
    let entries = entries.map(|(person, outcome)| Entry { person, outcome }).collect();
    Ok(Report { dry_run: options.dry_run, entries, only_there })
}

/// Ends early where further calls would fail the same way; the rest is not tried.
async fn create(api: &Api, people: &[Person], send_password: bool, outcomes: &mut [Outcome]) {
    let mut missing = Vec::new();
    for (at, outcome) in outcomes.iter_mut().enumerate() {
        if *outcome == Outcome::Missing {
            *outcome = Outcome::NotTried;
            missing.push(at);
        }
    }
    for batch in missing.chunks(BATCH) {
        let result = attempt(api, people, batch, send_password, outcomes).await;
        // One entry made the whole call fail: send them one by one.
        if batch.len() > 1 && result.as_ref().is_err_and(is_about_an_entry) {
            for at in batch.chunks(1) {
                let result = attempt(api, people, at, send_password, outcomes).await;
                if !settle(at, result, outcomes) {
                    return;
                }
            }
        } else if !settle(batch, result, outcomes) {
            return;
        }
    }
}

/// How often a rate-limited call is made: others may use the same key.
const ATTEMPTS: u32 = 4;

async fn attempt(
    api: &Api,
    people: &[Person],
    batch: &[usize],
    send_password: bool,
    outcomes: &mut [Outcome],
) -> Result<(), Failure> {
    let staff: Vec<NewStaff> = batch.iter().map(|at| people[*at].staff.clone()).collect();
    let mut attempts = 1;
    let errors = loop {
        match api::create(api, &staff, send_password).await {
            Err(failure)
                if attempts < ATTEMPTS && has_code(&failure, &["RequestLimitExceeded"]) =>
            {
                tokio::time::sleep(Duration::from_secs(1)).await;
                attempts += 1;
            }
            outcome => break outcome?,
        }
    };
    let mut refused: BTreeMap<String, Option<String>> =
        errors.into_iter().map(|error| (key(&error.mail), error.code)).collect();
    for at in batch {
        let outcome = match refused.remove(&people[*at].key()) {
            Some(code) => Outcome::Failed(code),
            None => Outcome::Created,
        };
        outcomes[*at] = outcome;
    }
    if !refused.is_empty() {
        // An error about another agent: then the outcome of the others is not certain either.
        for at in batch {
            if outcomes[*at] == Outcome::Created {
                outcomes[*at] = Outcome::Unknown;
            }
        }
    }
    Ok(())
}

/// Records a failed call, and returns whether further calls may succeed.
fn settle(batch: &[usize], result: Result<(), Failure>, outcomes: &mut [Outcome]) -> bool {
    let Err(failure) = result else { return true };
    for at in batch {
        let outcome = match &failure {
            Failure::Rejected(rejection) => Outcome::Failed(rejection.code.clone()),
            // It was never sent.
            Failure::Unsigned(_) => Outcome::NotTried,
            // It may have arrived.
            _ => Outcome::Unknown,
        };
        outcomes[*at] = outcome;
    }
    is_about_an_entry(&failure)
}

fn is_about_an_entry(failure: &Failure) -> bool {
    has_code(failure, &ABOUT_AN_ENTRY) && !has_code(failure, &ABOUT_THE_CALL)
}

/// Whether the failure has one of these codes, or one that extends them after a dot.
pub fn has_code(failure: &Failure, codes: &[&str]) -> bool {
    let Failure::Rejected(rejection) = failure else { return false };
    let Some(code) = &rejection.code else { return false };
    codes.iter().any(|known| {
        code.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
