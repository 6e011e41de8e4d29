//! Behaves as a tenant's real script and workbench were seen to: read from the report of
//! `workbench.compatibility()`, or of `screenPopCompatibility()`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// What a report says of a tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Like {
    /// The options of every script.
    pub sdk: BTreeMap<String, String>,
    /// What the workbench writes into a page's hash.
    pub pop: Pop,
}

/// How screen pops differ from the documented ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pop {
    /// Documented parameters that are not written.
    pub missing: Vec<String>,
    /// Parameters that are not documented, each with a value of the kind that was seen.
    pub unknown: BTreeMap<String, String>,
}

/// Reads a report, or an export of the inspector that has one.
///
/// # Errors
/// What is no such report.
pub fn read(report: &Value) -> Result<Like, String> {
    // An export of the inspector has the report as a member.
    let report = report.get("compatibility").unwrap_or(report);
    match report["source"].as_str() {
        Some("calldock/compatibility") => {
            let pop = &report["screenPop"];
            let pop = if pop.is_object() { screen_pops(pop)? } else { Pop::default() };
            Ok(Like { sdk: options(report), pop })
        }
        Some(SCREEN_POP) => Ok(Like { pop: screen_pops(report)?, ..Like::default() }),
        _ => Err("expected the report of workbench.compatibility() or of TCCC's screenPopCompatibility(), found \
                  other JSON"
            .into()),
    }
}

const SCREEN_POP: &str = "calldock/compatibility/screen-pop";

fn screen_pops(report: &Value) -> Result<Pop, String> {
    if report["source"] != SCREEN_POP || report["vendor"] != "tccc" {
        return Err("expected the screen pops of TCCC, found another report".into());
    }
    // A report without a call says nothing of what is missing.
    if report["calls"].as_u64().unwrap_or(0) == 0 {
        return Ok(Pop::default());
    }
    let unknown = texts(&report["unknown"]).into_iter().map(|name| {
        let value = match texts(&report["seen"][name]).first() {
            Some(&"digits") => "1",
            Some(&"address") => "https://example.com/",
            _ => "text",
        };
        (name.to_owned(), value.to_owned())
    });
    let missing = texts(&report["missing"]).into_iter().map(str::to_owned).collect();
    Ok(Pop { missing, unknown: unknown.collect() })
}

/// The options of a script that is like the reported one.
fn options(report: &Value) -> BTreeMap<String, String> {
    let mut options = BTreeMap::new();
    let mut set = |name: &str, value: &str| options.insert(name.to_owned(), value.to_owned());
    if let Some(global @ ("tccc" | "TCCC")) = report["global"].as_str() {
        set("global", global);
    }
    let seen = report["events"]["seen"].as_object().into_iter().flatten();
    let envelopes: Vec<&str> = seen.flat_map(|(_, seen)| texts(&seen["shapes"])).collect();
    // `ready` and the like carry nothing and say nothing about the others.
    if envelopes.contains(&"nested") {
        set("envelope", "nested");
    } else if envelopes.contains(&"flat") {
        set("envelope", "flat");
    }
    let call = ["Call.startOutboundCall", "Call.startInternalCall"]
        .into_iter()
        .map(|method| &report["responses"][method])
        .find(|response| response.is_object());
    if let Some(call) = call {
        let has_id = call["members"].get("sessionId").is_some();
        set(
            "successes",
            match texts(&call["shapes"]).contains(&"nested") {
                true => "nested",
                false if has_id => "flat",
                false => "plain",
            },
        );
    }
    let missing: Vec<&str> =
        ["methods", "events"].iter().flat_map(|kind| texts(&report[kind]["missing"])).collect();
    if !missing.is_empty() {
        set("missing", &missing.join(","));
    }
    options
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_report_becomes_options() {
        let report = json!({
            "source": "calldock/compatibility",
            "global": "TCCC",
            "methods": { "missing": ["Call.kick"], "unknown": ["Call.newOne"] },
            "events": {
                "missing": ["sessionCompleted"],
                "seen": { "ready": { "shapes": ["undefined"] }, "callIn": { "shapes": ["nested"] } },
            },
            "responses": {
                "Call.startOutboundCall": { "shapes": ["flat"], "members": { "status": ["string"] } },
            },
        });
        let expected = [
            ("envelope", "nested"),
            ("global", "TCCC"),
            ("missing", "Call.kick,sessionCompleted"),
            ("successes", "plain"),
        ];
        let expected: BTreeMap<String, String> =
            expected.map(|(name, value)| (name.into(), value.into())).into();
        assert_eq!(read(&report).unwrap().sdk, expected);
        assert_eq!(read(&json!({ "compatibility": report })).unwrap().sdk, expected);
        let pairs = expected.iter().map(|(name, value)| (&**name, &**value));
        assert!(super::super::SdkOptions::parse(pairs).is_ok(), "the script takes them");
    }

    #[test]
    fn a_report_that_has_seen_nothing_changes_nothing_and_other_json_is_refused() {
        let empty = json!({ "source": "calldock/compatibility", "methods": {}, "events": {} });
        assert_eq!(read(&empty).unwrap(), Like::default());
        for other in [json!({}), json!([]), json!({ "source": "calldock" })] {
            assert!(read(&other).is_err(), "{other}");
        }
    }

    #[test]
    fn the_screen_pops_of_a_report_are_read_alone_and_as_a_member() {
        let seen = json!({ "mobile": ["digits"], "tenant": ["digits"], "link": ["address"], "note": ["text"] });
        let pop = json!({
            "source": SCREEN_POP, "vendor": "tccc", "calls": 2,
            "missing": ["avatar"], "unknown": ["link", "note", "tenant"], "seen": seen,
        });
        let unknown = [("link", "https://example.com/"), ("note", "text"), ("tenant", "1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let expected = Pop { missing: vec!["avatar".into()], unknown: unknown.into() };
        assert_eq!(read(&pop).unwrap().pop, expected);
        let whole = json!({ "source": "calldock/compatibility", "screenPop": pop });
        assert_eq!(read(&whole).unwrap().pop, expected);
        let mut none = pop.clone();
        none["calls"] = json!(0);
        assert_eq!(read(&none).unwrap().pop, Pop::default(), "no call says nothing");
        let mut other = pop;
        other["vendor"] = json!("cec");
        assert!(read(&other).is_err(), "the other vendor's");
    }
}
