use super::*;
use proptest::prelude::*;

fn read(hash: &str) -> CallContext {
    CallContext::from_hash(hash).unwrap().unwrap()
}

#[test]
fn the_guides_own_example_is_read() {
    let call = read("#?mobile=18888888888&type=phone");
    assert_eq!(call.mobile.as_deref(), Some("18888888888"));
    assert_eq!(call.service, Some(ServiceType::Phone));
    assert_eq!(call.status, None);
}

#[test]
fn all_eleven_parameters_are_read() {
    let call = read(
        "#?mobile=1&userId=2&nickName=%E5%88%98%E5%85%88%E7%94%9F&avatar=https%3A%2F%2Fh%2Fa.png&status=200\
         &type=oim&agentEmail=a%40example.com&agentMobile=3&agentNickName=n+m&agentRoleId=4&sdkAppId=5",
    );
    assert_eq!(call.nick_name.as_deref(), Some("刘先生"));
    assert_eq!(call.avatar.as_deref(), Some("https://h/a.png"));
    assert_eq!(call.agent_email.as_deref(), Some("a@example.com"));
    assert_eq!(call.agent_nick_name.as_deref(), Some("n m"), "a plus is a space");
    assert_eq!(call.status, Some(CallStatus::Connected));
    assert_eq!(call.service, Some(ServiceType::AudioAndIm));
    assert!(call.texts().iter().all(|(name, value)| value.is_some() || *name == "extra"));
    assert!(call.extra.is_empty());
}

#[test]
fn a_status_and_a_parameter_nobody_documented_are_kept() {
    let call = read("#?mobile=1&status=300&type=fax&ivr=2&__proto__=x&constructor=y");
    assert_eq!(call.status, Some(CallStatus::Other("300".into())));
    let json = serde_json::to_value(&call).unwrap();
    assert_eq!(json["status"], "other:300");
    assert_eq!(json["type"], "other:fax");
    assert_eq!(call.extra[1], ("__proto__".into(), "x".into()));
    assert_eq!(call.extra.len(), 3);
}

#[test]
fn a_route_in_front_of_the_query_is_not_in_the_way() {
    assert_eq!(read("#/crm/card?mobile=1&status=100"), read("#?mobile=1&status=100"));
    assert_eq!(read("?mobile=1"), read("#?mobile=1"));
}

#[test]
fn a_hash_that_is_not_a_call_is_none() {
    for hash in
        ["", "#", "#top", "#/orders", "#?", "#?tab=2", "#/orders?status=open&type=1", "#?mobile="]
    {
        assert_eq!(CallContext::from_hash(hash), Ok(None), "{hash}");
    }
    assert!(CallContext::from_hash("#?status=400").unwrap().is_some());
}

#[test]
fn the_first_of_two_with_one_name_stays() {
    let call = read("#?mobile=1&mobile=2&x=1&x=2&status=100&status=200");
    assert_eq!(call.mobile.as_deref(), Some("1"));
    assert_eq!(call.extra, [("x".into(), "1".into())]);
    assert_eq!(call.status, Some(CallStatus::Ringing));
}

#[test]
fn an_over_long_hash_is_refused_and_not_shown() {
    let error =
        CallContext::from_hash(&format!("#?mobile={}", "7".repeat(HASH_LIMIT))).unwrap_err();
    assert_eq!(error.code, crate::Code::InvalidOption);
    assert!(!error.message.contains("777"), "{}", error.message);
    assert!(CallContext::from_hash(&format!("#?mobile={}", "7".repeat(HASH_LIMIT - 8))).is_ok());
}

#[test]
fn bytes_that_are_not_utf8_are_refused_but_a_sent_replacement_character_is_not() {
    assert!(CallContext::from_hash("#?nickName=%C1%F5").is_err(), "GBK");
    assert_eq!(read("#?nickName=%ef%bf%bd").nick_name.as_deref(), Some("\u{fffd}"));
    assert_eq!(read("#?mobile=100%").mobile.as_deref(), Some("100%"), "as URLSearchParams has it");
}

#[test]
fn what_changed_is_named() {
    let ringing = read("#?mobile=1&status=100&x=1&y=1");
    let answered = read("#?mobile=1&status=200&agentMobile=2&x=2");
    assert_eq!(ringing.changed_since(None), ["status", "mobile", "x", "y"]);
    assert_eq!(answered.changed_since(Some(&ringing)), ["status", "agentMobile", "x", "y"]);
    assert!(answered.changed_since(Some(&answered)).is_empty());
}

proptest! {
    #[test]
    fn whatever_is_built_parses_back(
        mobile in "[0-9+-]{1,20}",
        nick_name in proptest::option::of("\\PC{1,20}"),
        status in proptest::option::of(prop_oneof![Just("100"), Just("200"), Just("400"), Just("300")]),
        service in proptest::option::of(prop_oneof![Just("phone"), Just("im"), Just("om"), Just("oim"), Just("x")]),
        extra in proptest::collection::btree_map("x\\PC{0,8}", "\\PC{0,20}", 0..5),
    ) {
        let call = CallContext {
            mobile: Some(mobile),
            nick_name,
            status: status.map(CallStatus::from_wire),
            service: service.map(ServiceType::from_wire),
            extra: extra.into_iter().collect(),
            ..Default::default()
        };
        prop_assert_eq!(CallContext::from_hash(&call.to_hash()).unwrap(), Some(call));
    }

    #[test]
    fn whatever_is_parsed_never_panics_and_reads_back_the_same(hash in "#?(/[a-z]{0,4})?\\??\\PC{0,80}") {
        if let Ok(Some(call)) = CallContext::from_hash(&hash) {
            prop_assert_eq!(CallContext::from_hash(&call.to_hash()).unwrap(), Some(call));
        }
    }

    #[test]
    fn form_text_never_panics(hash in "#\\?((mobile|status|type|__proto__|x)=(%[0-9a-fA-F]{0,2}|\\+|a|&)*&?){0,6}") {
        let _ = CallContext::from_hash(&hash);
    }
}
