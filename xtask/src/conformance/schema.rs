//! The JSON Schemas of `docs/schemas/`.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;

use super::check::{Finding, Verdict};

/// One of the committed schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// The answer of the workbench's login.
    TcccLogin,
    /// The answer of the chat's login.
    TcccChat,
    /// The answer of CEC's login.
    CecLogin,
    /// What CEC asks.
    CecQuestion,
    /// What CEC is answered.
    CecVerdict,
    /// A failure.
    Problem,
}

impl Schema {
    /// Every one, in the order of the variants.
    pub const ALL: [Self; 6] = [
        Self::TcccLogin,
        Self::TcccChat,
        Self::CecLogin,
        Self::CecQuestion,
        Self::CecVerdict,
        Self::Problem,
    ];

    /// Its name in `docs/schemas/`.
    pub const fn file(self) -> &'static str {
        match self {
            Self::TcccLogin => "tccc-login.json",
            Self::TcccChat => "tccc-chat.json",
            Self::CecLogin => "cec-login.json",
            Self::CecQuestion => "cec-validate-request.json",
            Self::CecVerdict => "cec-validate-answer.json",
            Self::Problem => "problem.json",
        }
    }

    /// Its text.
    pub const fn text(self) -> &'static str {
        match self {
            Self::TcccLogin => include_str!("../../../docs/schemas/tccc-login.json"),
            Self::TcccChat => include_str!("../../../docs/schemas/tccc-chat.json"),
            Self::CecLogin => include_str!("../../../docs/schemas/cec-login.json"),
            Self::CecQuestion => include_str!("../../../docs/schemas/cec-validate-request.json"),
            Self::CecVerdict => include_str!("../../../docs/schemas/cec-validate-answer.json"),
            Self::Problem => include_str!("../../../docs/schemas/problem.json"),
        }
    }

    /// Whether a value has the form. A finding names the place and the rule, never the value.
    pub fn validate(self, value: &Value) -> Verdict {
        let Some(error) = self.validator().iter_errors(value).next() else { return Ok(()) };
        let expected = format!("the form of docs/schemas/{}", self.file());
        let place = error.instance_path().to_string();
        let place = if place.is_empty() { "the answer".to_owned() } else { place };
        Err(Finding { expected, found: format!("{place}: {}", error.masked_with("what is there")) })
    }

    fn validator(self) -> &'static Validator {
        static MADE: LazyLock<[Validator; 6]> = LazyLock::new(|| Schema::ALL.map(made));
        &MADE[self as usize]
    }
}

fn made(schema: Schema) -> Validator {
    let schema: Value = serde_json::from_str(schema.text()).expect("a committed schema is JSON");
    jsonschema::draft202012::new(&schema).expect("a committed schema is of draft 2020-12")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use calldock_contract::{
        CecLogin, CecQuestion, CecVerdict, ChatLogin, Code, Problem, SdkLogin,
    };
    use serde::Serialize;
    use serde::de::DeserializeOwned;
    use serde_json::json;

    /// What the servers of the guides answer, and CEC asks.
    fn samples() -> Vec<(Schema, Value)> {
        let four = json!({
            "thirdUserId": "10010001", "thirdUserName": "刘先生",
            "tenantSpaceId": "202007159031", "channelConfigId": "817854979183314945",
        });
        let with = |mode: &str, credential: &str| {
            let mut login = four.clone();
            login["mode"] = json!(mode);
            login[mode] = json!(credential);
            login
        };
        // R02 of the golden vectors.
        let signed = "auth-v2/817854979183314945/2024-08-19T03:04:05.678Z/content-length;content-type/cb8d7d5af14a4e8f6bfd6e96a224c5b79d0bc18bb7a7d46efbecb39edcf45f45";
        vec![
            (
                Schema::TcccLogin,
                json!({
                    "token": "0123456789abcdef0123456789abcdef",
                    "sdkUrl": "https://tccc.qcloud.com/sdk/tcccSdk.js?token=0123456789abcdef",
                    "sdkAppId": 1_400_000_000, "userId": "agent@example.com",
                    "expiresAt": 1_700_000_600,
                }),
            ),
            (
                Schema::TcccChat,
                json!({
                    "webAppId": "9903496b6be2e67ad291dd2323f3ae9f",
                    "clientData": r#"{"peerSource":"XX商城","nickName":"张三","uid":"zhangsan"}"#,
                    "userSig": "eJxUkEtvm0AQx7", "expiresAt": 1_626_079_529,
                }),
            ),
            (Schema::CecLogin, with("token", "0123456789abcdef0123456789abcdef")),
            (Schema::CecLogin, with("authorization", signed)),
            (
                Schema::CecQuestion,
                json!({
                    "Token": "XXXXXXXX", "userName": "Tom", "userId": "10010001",
                    "tenantSpaceId": "202007159031",
                }),
            ),
            (Schema::CecVerdict, json!({ "retCode": 0, "message": "validate success" })),
            (
                Schema::Problem,
                json!({
                    "type": "about:blank", "title": "Forbidden", "status": 403,
                    "detail": "The request comes from a page of another site.",
                    "code": "ORIGIN_REFUSED", "remedy": "Call this server from its own origin.",
                }),
            ),
        ]
    }

    /// What the contract makes of a value, written again; nothing if it refuses it.
    fn by_contract(schema: Schema, value: &Value) -> Option<Value> {
        fn read<T: DeserializeOwned + Serialize, E>(
            value: &Value,
            validate: fn(&T) -> Result<(), E>,
        ) -> Option<Value> {
            let read: T = serde_json::from_value(value.clone()).ok()?;
            validate(&read).ok()?;
            serde_json::to_value(read).ok()
        }
        match schema {
            Schema::TcccLogin => read(value, SdkLogin::validate),
            Schema::TcccChat => read(value, ChatLogin::validate),
            Schema::CecLogin => read(value, CecLogin::validate),
            Schema::CecQuestion => read(value, |_: &CecQuestion| Ok::<_, ()>(())),
            Schema::CecVerdict => read(value, |_: &CecVerdict| Ok::<_, ()>(())),
            Schema::Problem => {
                read(value, |problem: &Problem| Code::from_name(&problem.code).map(drop).ok_or(()))
            }
        }
    }

    #[test]
    fn every_schema_is_of_draft_2020_12_and_describes_every_member() {
        for schema in Schema::ALL {
            let text: Value = serde_json::from_str(schema.text()).unwrap();
            assert!(jsonschema::draft202012::meta::is_valid(&text), "{}", schema.file());
            assert_eq!(text["$schema"], "https://json-schema.org/draft/2020-12/schema");
            for (name, member) in text["properties"].as_object().unwrap() {
                assert!(member["description"].is_string(), "{}: {name}", schema.file());
            }
        }
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/schemas");
        let files = std::fs::read_dir(folder).unwrap();
        let mut files: Vec<_> =
            files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        let mut known = Schema::ALL.map(Schema::file);
        files.sort();
        known.sort_unstable();
        assert_eq!(files, known);
    }

    #[test]
    fn what_the_contract_writes_has_the_schemas_form_and_no_member_more() {
        for (schema, sample) in samples() {
            assert_eq!(schema.validate(&sample), Ok(()), "{}", schema.file());
            assert_eq!(by_contract(schema, &sample), Some(sample.clone()), "{}", schema.file());
            let text: Value = serde_json::from_str(schema.text()).unwrap();
            for name in sample.as_object().unwrap().keys() {
                assert!(text["properties"][name].is_object(), "{}: {name}", schema.file());
            }
        }
    }

    /// What the contract still reads, for the sake of other servers, and a schema no longer allows.
    fn is_only_read(schema: Schema, member: &str, value: Option<&Value>) -> bool {
        match (schema, value) {
            // A problem of another server is read as far as it goes.
            (Schema::Problem, _) if member != "code" => true,
            (Schema::CecVerdict | Schema::CecQuestion, Some(Value::String(_))) => true,
            // Serde takes null for an option that is left out.
            (Schema::TcccLogin, Some(Value::Null)) => member == "expiresAt",
            _ => false,
        }
    }

    #[test]
    fn what_the_schemas_refuse_the_contract_refuses_too() {
        for (schema, sample) in samples() {
            let text: Value = serde_json::from_str(schema.text()).unwrap();
            for name in sample.as_object().unwrap().keys() {
                let long = json!("x".repeat(8193));
                let values =
                    [json!(null), json!(""), json!(" "), json!([]), json!({}), json!(1.5), long];
                let optional = !text["required"].as_array().unwrap().contains(&json!(name));
                let left_out = (!optional).then_some(None);
                for value in values.iter().map(Some).chain(left_out) {
                    let mut broken = sample.clone();
                    match value {
                        Some(value) => broken[name] = value.clone(),
                        None => drop(broken.as_object_mut().unwrap().remove(name)),
                    }
                    let shown = || format!("{}: {name} = {value:?}", schema.file());
                    let refused = schema.validate(&broken).is_err();
                    let read = by_contract(schema, &broken).is_some();
                    assert!(refused || read, "the contract alone refuses {}", shown());
                    if refused && !is_only_read(schema, name, value) {
                        assert!(!read, "the schema alone refuses {}", shown());
                    }
                }
            }
        }
    }

    #[test]
    fn a_login_has_one_voucher_and_no_secret() {
        for (schema, sample) in samples().into_iter().take(4) {
            for secret in calldock_contract::SECRET_NAMES {
                let mut broken = sample.clone();
                broken[secret] = json!("SECRETKEYEXAMPLE");
                let finding = schema.validate(&broken).unwrap_err();
                assert!(!finding.found.contains("SECRETKEYEXAMPLE"), "{}", finding.found);
            }
        }
        let (schema, mut both) = samples().swap_remove(2);
        both["authorization"] = json!("auth-v2/a/b/c/d");
        assert!(schema.validate(&both).is_err());
    }

    #[test]
    fn the_members_are_those_of_the_servers_openapi() {
        let text = include_str!("../../../docs/openapi.json");
        let openapi: Value = serde_json::from_str(text).unwrap();
        for (schema, name) in [
            (Schema::TcccLogin, "SdkLogin"),
            (Schema::TcccChat, "ChatLogin"),
            (Schema::CecLogin, "CecLogin"),
            (Schema::CecQuestion, "CecQuestion"),
            (Schema::CecVerdict, "CecVerdict"),
            (Schema::Problem, "Problem"),
        ] {
            let mut members = BTreeSet::new();
            collect(&openapi, &openapi["components"]["schemas"][name], &mut members);
            let own: Value = serde_json::from_str(schema.text()).unwrap();
            let own: BTreeSet<_> = own["properties"].as_object().unwrap().keys().cloned().collect();
            assert_eq!(own, members, "{name}");
        }
    }

    /// The members of a schema of the OpenAPI, through what it refers to.
    fn collect(openapi: &Value, schema: &Value, members: &mut BTreeSet<String>) {
        if let Some(place) = schema["$ref"].as_str() {
            collect(openapi, openapi.pointer(place.trim_start_matches('#')).unwrap(), members);
        }
        for group in ["allOf", "oneOf"] {
            for part in schema[group].as_array().into_iter().flatten() {
                collect(openapi, part, members);
            }
        }
        members.extend(
            schema["properties"].as_object().into_iter().flat_map(|all| all.keys().cloned()),
        );
    }

    #[test]
    fn the_codes_of_a_problem_are_the_contracts() {
        let text: Value = serde_json::from_str(Schema::Problem.text()).unwrap();
        let codes: Vec<_> = Code::ALL.iter().map(|code| json!(code.as_str())).collect();
        assert_eq!(text["properties"]["code"]["enum"], json!(codes));
    }

    #[test]
    fn a_finding_names_the_place_and_not_the_value() {
        let (schema, mut login) = samples().swap_remove(0);
        login["token"] = json!(["a-token-of-somebody"]);
        let finding = schema.validate(&login).unwrap_err();
        assert!(finding.found.starts_with("/token: "), "{}", finding.found);
        assert!(!finding.found.contains("somebody"), "{}", finding.found);
    }
}
