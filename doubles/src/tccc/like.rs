//! Behaves as a tenant's real script was seen to: options read from the report of
//! `workbench.compatibility()`.

use std::collections::BTreeMap;

use serde_json::Value;

/// The options of a script that is like the reported one.
///
/// # Errors
/// What is no such report.
pub fn options(report: &Value) -> Result<BTreeMap<String, String>, String> {
    // An export of the inspector has the report as a member.
    let report = report.get("compatibility").unwrap_or(report);
    if report["source"] != "calldock/compatibility" {
        return Err("expected the report of workbench.compatibility(), found other JSON".into());
    }
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
    Ok(options)
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
        assert_eq!(options(&report).unwrap(), expected);
        assert_eq!(options(&json!({ "compatibility": report })).unwrap(), expected);
        let pairs = expected.iter().map(|(name, value)| (&**name, &**value));
        assert!(super::super::SdkOptions::parse(pairs).is_ok(), "the script takes them");
    }

    #[test]
    fn a_report_that_has_seen_nothing_changes_nothing_and_other_json_is_refused() {
        let empty = json!({ "source": "calldock/compatibility", "methods": {}, "events": {} });
        assert!(options(&empty).unwrap().is_empty());
        for other in [json!({}), json!([]), json!({ "source": "calldock" })] {
            assert!(options(&other).is_err(), "{other}");
        }
    }
}
