use super::*;
use proptest::prelude::*;

fn read(hash: &str) -> CallContext {
    CallContext::from_hash(hash).unwrap().unwrap_or_else(|| panic!("{hash}: no call"))
}

#[test]
fn the_guides_own_example_is_read() {
    let call = read("#?mobile=18888888888&type=phone");
    assert_eq!(call.get("mobile"), Some("18888888888"));
    assert_eq!(call.get("type"), Some("phone"));
    assert_eq!(call.get("status"), None);
}

#[test]
fn a_plus_that_a_router_has_read_as_a_space_is_back() {
    let call = read("#/?mobile=%208613800000000&userId=%208613900000000&nickName=%2086%20years");
    assert_eq!(call.get("mobile"), Some("+8613800000000"));
    assert_eq!(call.get("userId"), Some("+8613900000000"));
    assert_eq!(call.get("nickName"), Some(" 86 years"));
    for (hash, mobile) in [
        ("#?mobile=%2013800000000", " 13800000000"),
        ("#?mobile=%2086000001", " 86000001"),
        ("#?mobile=%208613800000", " 8613800000"),
        ("#?mobile=%2086%20138%200000%200000", "+86 138 0000 0000"),
        ("#?mobile=%2086-13800000000", "+86-13800000000"),
        ("#?mobile=%2085212345678", "+85212345678"),
        ("#?mobile=%20886912345678", "+886912345678"),
        ("#?mobile=%208613800000000%3B1", " 8613800000000;1"),
    ] {
        assert_eq!(read(hash).get("mobile"), Some(mobile), "{hash}");
    }
}

#[test]
fn all_eleven_parameters_are_read() {
    let call = read(
        "#?mobile=1&userId=2&nickName=%E5%88%98%E5%85%88%E7%94%9F&avatar=https%3A%2F%2Fh%2Fa.png&status=200\
         &type=oim&agentEmail=a%40example.com&agentMobile=3&agentNickName=n+m&agentRoleId=4&sdkAppId=5",
    );
    assert_eq!(call.get("nickName"), Some("刘先生"));
    assert_eq!(call.get("avatar"), Some("https://h/a.png"));
    assert_eq!(call.get("agentEmail"), Some("a@example.com"));
    assert_eq!(call.get("agentNickName"), Some("n m"), "between letters a plus is a space");
    assert_eq!(call.get("status"), Some("connected"));
    assert_eq!(call.get("type"), Some("audioAndIm"));
    assert!(call.iter().all(|(_, value)| value.is_some()));
    assert!(call.extra.is_empty() && call.unreadable.is_empty());
}

#[test]
fn words_and_parameters_that_are_not_documented_are_kept() {
    let call = read("#?mobile=1&status=300&type=fax&ivr=2&__proto__=x&constructor=y");
    assert_eq!(call.get("status"), Some("other:300"));
    assert_eq!(call.get("type"), Some("other:fax"));
    assert_eq!(call.extra[1], ("__proto__".into(), "x".into()));
    assert_eq!(call.extra.len(), 3);
}

// B1
#[test]
fn a_damaged_parameter_is_named_and_the_call_is_delivered() {
    let call = read("#?mobile=13800000000&type=phone&status=100&nickName=%D5%C5%C8%FD");
    assert_eq!(call.get("mobile"), Some("13800000000"));
    assert_eq!(call.get("status"), Some("ringing"));
    assert_eq!(call.get("nickName"), None);
    assert_eq!(call.unreadable, ["nickName"]);

    assert_eq!(read("#?mobile=1&x=%FF").unreadable, ["x"]);
    assert!(read("#?mobile=1&x=%FF").extra.is_empty());
    assert_eq!(read("#?nickName=%C1%F5").unreadable, ["nickName"], "alone it is a call too");
    let name = read("#?mobile=1&%D5%C5=2");
    assert_eq!((name.unreadable.len(), name.extra.len()), (1, 0));
    let status = read("#?mobile=1&status=%D5&status=100");
    assert_eq!(status.get("status"), None);
    assert_eq!(status.unreadable, ["status"]);
    assert_eq!(read("#?nickName=%ef%bf%bd").get("nickName"), Some("\u{fffd}"), "sent as such");
    assert_eq!(read("#?mobile=100%").get("mobile"), Some("100%"), "as URLSearchParams has it");
}

// B1
#[test]
fn whatever_encoding_damages_a_parameter_the_rest_is_read() {
    for (value, expected) in [
        ("%D5%C5%C8%FD", None),
        ("%83%5C", None),
        ("%E5%BC", None),
        ("%E5%BC%A0%E4%B8", None),
        ("%ED%A0%80", None),
        ("%F5%80%80%80", None),
        ("%C0%AF", None),
        ("%FF%FE", None),
        ("%", Some("%")),
        ("50%", Some("50%")),
        ("%zz", Some("%zz")),
        ("%u5F20", Some("%u5F20")),
        ("%E5%BC%A0", Some("张")),
        ("张", Some("张")),
        ("a=b", Some("a=b")),
        ("%00", Some("\0")),
        ("", None),
    ] {
        let call = read(&format!("#?mobile=13800000000&nickName={value}&type=phone&status=100"));
        assert_eq!(call.get("nickName"), expected, "{value}");
        assert_eq!(call.unreadable.is_empty(), expected.is_some() || value.is_empty(), "{value}");
        assert_eq!(call.get("mobile"), Some("13800000000"), "{value}");
        assert_eq!((call.get("type"), call.get("status")), (Some("phone"), Some("ringing")));
    }
}

// B1
#[test]
fn a_long_parameter_costs_only_itself() {
    let picture = "A".repeat(PARAMETER_LIMIT);
    let call =
        read(&format!("#?mobile=1&avatar=data:image/png;base64,{picture}&x={picture}&type=im"));
    assert_eq!((call.get("mobile"), call.get("avatar")), (Some("1"), None));
    assert_eq!(call.get("type"), Some("im"));
    assert_eq!(call.unreadable, ["avatar", "x"]);
    let name = read(&format!("#?mobile=1&{picture}=1"));
    assert!(name.unreadable.is_empty() && name.extra.is_empty());
}

// B2
#[test]
fn the_plus_sign_of_a_number_stays() {
    for hash in [
        "#?mobile=+8613800000000&type=phone",
        "#?mobile=%2B8613800000000&type=phone",
        "#/crm?x=1#?mobile=+8613800000000",
        "#?mobile=+%38%3613800000000",
        "#?mobile=&mobile=+8613800000000",
    ] {
        assert_eq!(read(hash).get("mobile"), Some("+8613800000000"), "{hash}");
    }
    let call = read("#?mobile=1&agentMobile=+861&userId=+862&callee=+863&nickName=+a+b");
    assert_eq!(call.get("agentMobile"), Some("+861"));
    assert_eq!(call.get("userId"), Some("+862"));
    assert_eq!(call.extra, [("callee".into(), "+863".into())]);
    assert_eq!(call.get("nickName"), Some(" a b"));
    for (hash, dialled) in [
        ("#?mobile=%E2%80%AD+8613800000000%E2%80%AC", "+8613800000000"),
        ("#?mobile=+%E2%80%AA86+138+0000+0000", "+8613800000000"),
        ("#?mobile=+%EF%BC%98%EF%BC%96138+00000000", "+8613800000000"),
        ("#?mobile=%20+86-13800000000", "+86-13800000000"),
        ("#?mobile=0086+13800000000", "008613800000000"),
    ] {
        let number = crate::PhoneNumber::parse(read(hash).get("mobile").unwrap()).unwrap();
        assert_eq!(number.as_str(), dialled, "{hash}");
    }
}

// B2
#[test]
fn a_plus_sign_in_an_address_stays() {
    for (query, name, value) in [
        ("agentEmail=agent+sh@example.com", "agentEmail", "agent+sh@example.com"),
        ("agentEmail=+a+b@example.com", "agentEmail", "+a+b@example.com"),
        ("agentEmail=a%2Bb@example.com", "agentEmail", "a+b@example.com"),
        ("avatar=https://h/a+b.png", "avatar", "https://h/a+b.png"),
        ("avatar=https://h/a%2Bb+c.png?x=1+2", "avatar", "https://h/a+b+c.png?x=1+2"),
        ("avatar=https://h/a%20b.png", "avatar", "https://h/a b.png"),
        ("agentNickName=a+b", "agentNickName", "a b"),
        ("nickName=a+b@c", "nickName", "a b@c"),
        ("agentMobile=0086+138", "agentMobile", "0086 138"),
    ] {
        let call = read(&["#?mobile=1&type=phone&", query].concat());
        assert_eq!(call.get(name), Some(value), "{query}");
    }
    let call = read("#?mobile=1&email=a+b@example.com");
    assert_eq!(
        call.extra,
        [("email".into(), "a b@example.com".into())],
        "as URLSearchParams has it"
    );
}

// B3
#[test]
fn a_query_of_the_pages_own_is_not_in_the_way() {
    let call = read("#?mobile=18800000000&type=phone&status=100");
    for hash in [
        "#/list?tab=1#?mobile=18800000000&type=phone&status=100",
        "#/list#?mobile=18800000000&type=phone&status=100",
        "#/list?tab=1?mobile=18800000000&type=phone&status=100",
        "#/list?mobile=old&x=1#?mobile=18800000000&type=phone&status=100",
        "#top#?mobile=18800000000&type=phone&status=100",
        "#?mobile=18800000000&type=phone&status=100#/list?tab=1",
        "#/a/b?mobile=18800000000&type=phone&status=100",
        "?mobile=18800000000&type=phone&status=100",
    ] {
        assert_eq!(read(hash), call, "{hash}");
    }
    let full = read("#?mobile=18800000000&type=phone&status=100&agentEmail=a@example.com");
    for hash in [
        "#/list?tab=1?mobile=18800000000&type=phone&status=100&agentEmail=a@example.com",
        "#/list?tab=1?x=2?mobile=18800000000&type=phone&status=100&agentEmail=a@example.com",
        "#/list?tab=1%23?mobile=18800000000&type=phone&status=100&agentEmail=a@example.com",
        "#/list?tab?mobile=18800000000&type=phone&status=100&agentEmail=a@example.com",
        "#!/list?tab=1#?mobile=18800000000&type=phone&status=100&agentEmail=a@example.com",
        "##?mobile=18800000000&type=phone&status=100&agentEmail=a@example.com",
        "#?tab=1#?mobile=18800000000&type=phone&status=100&agentEmail=a@example.com",
        "#/a#/b?c=1#?mobile=18800000000&type=phone&status=100&agentEmail=a@example.com",
        "#/list?tab=1#?&mobile=18800000000&&type=phone&status=100&agentEmail=a@example.com&",
    ] {
        assert_eq!(read(hash), full, "{hash}");
    }
    let picture = read("#?mobile=1&avatar=https://h/a?userId=5");
    assert_eq!(
        (picture.get("avatar"), picture.get("userId")),
        (Some("https://h/a?userId=5"), None)
    );
    assert_eq!(read("#?mobile=1&nickName=a#1").get("nickName"), Some("a#1"));
}

#[test]
fn a_hash_that_is_not_a_call_is_none() {
    for hash in [
        "",
        "#",
        "#top",
        "#/orders",
        "#?",
        "#?tab=2",
        "#/orders?status=open&type=1",
        "#/orders?x=1?status=open",
        "#?mobile=",
    ] {
        assert_eq!(CallContext::from_hash(hash), Ok(None), "{hash}");
    }
    assert!(CallContext::from_hash("#?status=400").unwrap().is_some());
    assert!(CallContext::from_hash("#/list?tab=1#?status=400").unwrap().is_some());
}

#[test]
fn the_first_of_two_with_one_name_stays() {
    let call = read("#?mobile=1&mobile=2&x=1&x=2&status=100&status=200");
    assert_eq!(call.get("mobile"), Some("1"));
    assert_eq!(call.extra, [("x".into(), "1".into())]);
    assert_eq!(call.get("status"), Some("ringing"));
    let call = read("#?mobile=1&mobile=%FF&x=1&x=%FF");
    assert_eq!((call.get("mobile"), call.extra.len()), (Some("1"), 1));
    assert!(call.unreadable.is_empty(), "what has a value is not called unreadable");
}

#[test]
fn an_over_long_hash_is_refused_and_not_shown() {
    let error =
        CallContext::from_hash(&format!("#?mobile={}", "7".repeat(HASH_LIMIT))).unwrap_err();
    assert_eq!(error.code, crate::Code::InvalidOption);
    assert!(!error.to_string().contains("777"), "{error}");
    assert!(CallContext::from_hash(&format!("#?mobile={}", "7".repeat(HASH_LIMIT - 8))).is_ok());
}

#[test]
fn a_call_is_found_however_many_routes_follow_it() {
    let routes = "#/list?tab=1".repeat(100);
    assert_eq!(read(&["#?mobile=1", &routes].concat()).get("mobile"), Some("1"));
    let marks = "?".repeat(1000);
    assert_eq!(read(&["#?mobile=1&x=", &marks].concat()).extra, [("x".into(), marks)]);
}

#[test]
fn at_most_256_undocumented_parameters_are_kept_and_no_documented_one_is_lost() {
    let many = |name: &str| (0..1000).map(|n| format!("&{n}{name}")).collect::<String>();
    let call = read(&format!("#?{}&mobile=1", many("=1")));
    assert_eq!((call.extra.len(), call.get("mobile")), (EXTRA_LIMIT, Some("1")));
    assert_eq!(call.extra.last().map(|(name, _)| name.as_str()), Some("255"));
    let call = read(&format!("#?{}&mobile=1", many("=%FF")));
    assert_eq!((call.unreadable.len(), call.get("mobile")), (EXTRA_LIMIT, Some("1")));
}

#[test]
fn a_hash_of_signs_alone_costs_little() {
    for unit in ["?", "#?", "#/", "&", "?&", "&a=", "?mobile", "%"] {
        let text = unit.repeat(HASH_LIMIT / unit.len());
        let in_hash = ["#", &text[1..]].concat();
        let readers = [CallContext::from_hash, CallContext::from_agent_query];
        for (read, text) in readers.into_iter().zip([&text, &text]).chain([(readers[1], &in_hash)])
        {
            let start = std::time::Instant::now();
            let _ = read(text);
            assert!(start.elapsed().as_secs() < 5, "{unit}");
        }
    }
    let many: String = (0..5000).map(|n| format!("&x{n}=1")).collect();
    let call = read(&format!("#?{many}&mobile=1"));
    assert_eq!((call.extra.len(), call.get("mobile")), (EXTRA_LIMIT, Some("1")));
}

// F12
#[test]
fn the_query_of_a_page_in_the_agent_workbench_is_read() {
    let query = "?callerNum=+8613800000000&calledNum=4000000000&callid=1700000000-1&mediaType=audio&callType=0\
                 &workNo=1001&callskill=%E5%94%AE%E5%90%8E&callskillid=20011&agentName=%D5%C5\
                 &origin=https%3A%2F%2Fcec.example.com&tab=1";
    let call = CallContext::from_agent_query(query).unwrap().unwrap();
    assert_eq!(call.get("callerNum"), Some("+8613800000000"));
    assert_eq!(call.get("callskill"), Some("售后"));
    assert_eq!(call.get("origin"), Some("https://cec.example.com"));
    assert_eq!((call.get("agentName"), call.get("mobile")), (None, None));
    assert_eq!(call.unreadable, ["agentName"]);
    assert_eq!(call.extra, [("tab".into(), "1".into())]);
    assert_eq!(CallContext::from_agent_query(&query[1..]), Ok(Some(call.clone())), "a form's body");
    assert_eq!(call.changed_since(Some(&call)), [""; 0]);
    assert!(call.changed_since(Some(&read("#?mobile=1"))).contains(&"callid".into()));
    for other in
        ["", "?", "?tab=1", "?origin=https://a.com&mediaType=audio&agentName=x", "?callid="]
    {
        assert_eq!(CallContext::from_agent_query(other), Ok(None), "{other}");
    }
    assert!(CallContext::from_agent_query(&"?".repeat(HASH_LIMIT + 2)).is_err());
}

// B3, F12
#[test]
fn a_query_of_the_pages_own_is_not_in_the_way_of_an_agents_call() {
    let call = "callerNum=+86138&callid=2&workNo=1001&origin=https%3A%2F%2Fcec.example.com";
    let read = |text: &str| CallContext::from_agent_query(text).unwrap();
    let expected = read(call);
    assert_eq!(expected.as_ref().unwrap().get("callerNum"), Some("+86138"));
    for address in [
        "?C",
        "?a=1?C",
        "?a=1?b=2?C",
        "?a?C",
        "?callid=7?C",
        "?agentName=a&workNo=b?C",
        "??C",
        "?C#top",
        "?C#/list?tab=1",
        "?C#/list?callerNum=7&callid=8",
        "?tab=1#/pop?C",
        "?tab=1#/pop?a=1?C",
        "#/pop?C",
        "#!/pop?tab=1?C",
        "#/pop?callid=7?C",
        "#?C",
        "#/a#/pop?C#/b?c=1",
    ] {
        assert_eq!(read(&address.replace('C', call)), expected, "{address}");
    }
    let alone = read("?a=1?callerNum=138").unwrap();
    assert_eq!((alone.get("callerNum"), alone.extra.len()), (Some("138"), 0));
}

#[test]
fn so_many_queries_of_the_pages_own_are_tried() {
    let read = |own: usize| {
        let address = format!("?{}callerNum=138&callid=2", "origin=a?".repeat(own));
        CallContext::from_agent_query(&address).unwrap().unwrap()
    };
    assert_eq!(read(TRIES - 1).get("callerNum"), Some("138"));
    // Beyond, it is a part of the value before it.
    assert_eq!(read(TRIES).get("callerNum"), None);
}

#[test]
fn a_question_mark_in_a_value_of_an_agents_call_is_kept() {
    for (text, name, value) in [
        ("?callid=7?origin=x", "callid", "7?origin=x"),
        ("?callerNum=1&agentName=a?callid=3", "agentName", "a?callid=3"),
        ("callerNum=1&agentName=a#b&callid=3", "agentName", "a#b"),
        ("callerNum=1&agentName=a#b&callid=3", "callid", "3"),
        ("callerNum=1&agentName=a\0b&callid=3", "callid", "3"),
    ] {
        let call = CallContext::from_agent_query(text).unwrap().unwrap();
        assert_eq!(call.get(name), Some(value), "{text}");
    }
    let call = CallContext::from_agent_query("?back=/a?b=2&callerNum=138").unwrap().unwrap();
    assert_eq!(call.get("callerNum"), Some("138"));
    assert_eq!(call.extra, [("back".into(), "/a?b=2".into())]);
}

#[test]
fn a_hash_of_the_pages_own_is_no_agents_call() {
    for hash in [
        "#/calls?callid=7",
        "#?mobile=138&type=phone&callid=5",
        "#/history?callerNum=138&mobile=139&type=phone&status=100",
        "#/queue?callskill=vip",
        "#/a?origin=b",
        "#top",
        "#",
    ] {
        assert_eq!(CallContext::from_agent_query(hash), Ok(None), "{hash}");
    }
}

#[test]
fn a_query_within_a_later_parameter_is_not_the_call() {
    let call = read("#?mobile=138&back=https://a.example/?mobile=1&x=?mobile=2");
    assert_eq!(call.get("mobile"), Some("138"));
    assert_eq!(read("#/list?tab=1?mobile=138").get("mobile"), Some("138"));
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
    fn a_built_hash_reads_back(
        mobile in "[0-9+-]{1,20}",
        nick in "\\PC{1,20}",
        extra in proptest::collection::btree_map("x\\PC{0,8}", "\\PC{0,20}", 0..5),
    ) {
        let mut query = form_urlencoded::Serializer::for_suffix(String::from("#/list?tab=1#?"), 14);
        query.append_pair("mobile", &mobile).append_pair("nickName", &nick).extend_pairs(&extra);
        // As encodeURIComponent writes it: a `+` in front of a digit is a number's plus.
        let call = read(&query.finish().replace('+', "%20"));
        prop_assert_eq!(call.get("mobile"), Some(&*mobile));
        prop_assert_eq!(call.get("nickName"), Some(&*nick));
        prop_assert_eq!(call.extra, extra.into_iter().collect::<Vec<_>>());
        prop_assert!(call.unreadable.is_empty());
    }

    #[test]
    fn values_are_decoded_as_url_search_params_has_them(value in "(%[0-9a-fA-F]{2}|%|[a-z ?/:@]|[+][a-z]|中){0,12}") {
        let query = format!("mobile=1&x={value}");
        let call = read(&format!("#?{query}"));
        let expected = form_urlencoded::parse(query.as_bytes()).nth(1).unwrap().1;
        match call.extra.first() {
            Some((_, read)) => prop_assert_eq!(read, &*expected),
            None => prop_assert!(expected.contains('\u{fffd}'), "{}", value),
        }
    }

    #[test]
    fn no_text_panics(hash in "#?(/[a-z]{0,4})?\\??\\PC{0,80}", form in "#\\?((mobile|status|type|__proto__|x)=(%[0-9a-fA-F]{0,2}|\\+|a|&|#/|\\?)*&?){0,6}") {
        let _ = (CallContext::from_hash(&hash), CallContext::from_hash(&form));
    }
}

#[test]
fn a_parameter_of_16_kib_is_read_and_a_longer_one_is_named() {
    let read = |bytes: usize| {
        let value = "x".repeat(bytes - "order=".len());
        CallContext::from_hash(&format!("#?mobile=138&order={value}")).unwrap().unwrap()
    };
    assert_eq!(read(16 * 1024).extra[0].1.len(), 16 * 1024 - 6);
    let longer = read(16 * 1024 + 1);
    assert_eq!((longer.extra.len(), longer.unreadable), (0, vec!["order".to_owned()]));
}

#[test]
fn the_first_query_of_a_route_is_tried_before_one_within_it() {
    for route in ["", "/", "/crm/pop", "/crm/a=b/pop"] {
        let hash = format!("#{route}?mobile=138&avatar=https://h/a?userId=5");
        let call = CallContext::from_hash(&hash).unwrap().unwrap();
        let read = ["mobile", "avatar", "userId"].map(|name| call.get(name));
        assert_eq!(read, [Some("138"), Some("https://h/a?userId=5"), None], "{hash}");
    }
}

#[test]
fn a_call_within_a_parameter_is_looked_for_eight_times() {
    for (others, found) in [(0, true), (1, true), (7, true), (8, false)] {
        let hash = format!("#/crm?tab=1?mobile=138&from=/a{}", "?b=2".repeat(others));
        let call = CallContext::from_hash(&hash).unwrap();
        assert_eq!(call.is_some(), found, "{hash}");
        assert!(call.is_none_or(|call| call.get("mobile") == Some("138")), "{hash}");
    }
}

#[test]
fn a_name_that_routers_use_too_makes_a_call_only_where_no_route_is() {
    let is_call = |hash: &str| CallContext::from_hash(hash).unwrap().is_some();
    for value in ["100", "%FF"] {
        for (hash, expected) in [
            ("#?status=", true),
            ("#/orders?status=", false),
            ("#orders?status=", false),
            ("#?mobile=", true),
            ("#/orders?mobile=", true),
            ("#?other=", false),
        ] {
            assert_eq!(is_call(&[hash, value].concat()), expected, "{hash}{value}");
        }
    }
}

#[test]
fn a_call_whose_number_is_hidden_is_read_behind_a_route_too() {
    for (hash, expected) in [
        ("#?mobile=&type=phone&status=100", true),
        ("#/?mobile=&type=phone&status=100", true),
        ("#/pop?type=phone&mobile=", true),
        ("#?mobile=", false),
        ("#/pop?mobile=", false),
        ("#/orders?mobile=&status=open", false),
        ("#/orders?userId=&type=phone", false),
    ] {
        assert_eq!(CallContext::from_hash(hash).unwrap().is_some(), expected, "{hash}");
    }
    for (hash, mobile) in [
        ("#/list?mobile=&status=200&tab=1?mobile=188&type=phone&status=100", Some("188")),
        ("#/orders?mobile=&status=200#?type=phone&status=100", None),
    ] {
        let call = read(hash);
        assert_eq!((call.get("mobile"), call.get("status")), (mobile, Some("ringing")), "{hash}");
    }
}

#[test]
fn a_route_with_a_name_of_the_pages_own_makes_no_call() {
    let is_call = |hash: &str| CallContext::from_hash(hash).unwrap().is_some();
    for name in ["userId", "nickName", "avatar", "sdkAppId"] {
        for (route, rest, expected) in [
            ("#/customer?", "", false),
            ("#/customer?", "&tab=1", false),
            ("#/customer?", "&status=open", false),
            ("#/customer?", "&type=1&status=0", false),
            ("#customer?", "", false),
            ("#!/customer?x=1&", "&sdkAppId=1&userId=2", false),
            ("#/list?tab=1?", "", false),
            ("#/customer?", "&type=im", true),
            ("#/customer?status=100&", "", true),
            ("#/list?tab=1?", "&type=oim", true),
            ("#/customer?", "&type=phone&status=open", true),
            ("#/customer?", "&mobile=138", true),
            ("#/customer?", "&agentMobile=138", true),
            ("#?", "", true),
            ("#/list?tab=1#?", "", true),
        ] {
            for value in ["42", "%FF"] {
                let hash = [route, name, "=", value, rest].concat();
                assert_eq!(is_call(&hash), expected, "{hash}");
            }
        }
    }
    assert!(!is_call("#/customer?userId=&type=im&status=100"));
    let call = read("#/list?userId=wx1&type=im&status=100");
    let of = ["userId", "type", "status"].map(|name| call.get(name));
    assert_eq!(of, [Some("wx1"), Some("im"), Some("ringing")]);
}

// B3
#[test]
fn a_query_of_the_pages_own_with_a_documented_name_is_not_in_the_way() {
    let call = read("#?mobile=18800000000&type=phone&status=100");
    for hash in [
        "#?mobile=18800000000&type=phone&status=100#/customer?userId=7",
        "#?mobile=18800000000&type=phone&status=100#/customer?mobile=7",
        "#?mobile=18800000000&type=phone&status=100#/a?mobile=7#/b?agentMobile=8",
        "#/customer?mobile=7#?mobile=18800000000&type=phone&status=100#/customer?mobile=7",
        "#/list?userId=7?mobile=18800000000&type=phone&status=100",
        "#/list?nickName=a&status=1?mobile=18800000000&type=phone&status=100",
        "#/list?userId=7&tab=1?mobile=18800000000&type=phone&status=100",
        "#/list?mobile=7?mobile=18800000000&type=phone&status=100",
        "#?userId=7?mobile=18800000000&type=phone&status=100",
    ] {
        assert_eq!(read(hash), call, "{hash}");
    }
}

#[test]
fn type_and_status_alone_are_the_call_only_where_no_other_is() {
    for (hash, name, value) in [
        ("#?mobile=1&nickName=C#?&type=phone&status=100", "mobile", "1"),
        ("#?nickName=%FF&userId=2#?status=100", "userId", "2"),
        ("#?userId=2&nickName=C#?&status=100", "userId", "2"),
        ("#/list?mobile=1&nickName=C#?&type=phone&status=100", "mobile", "1"),
        ("#/list?tab=1#?status=400", "status", "ended"),
        ("#/list?userId=7#?status=400", "status", "ended"),
        ("#?status=100#?status=400", "status", "ended"),
        ("#?mobile=1#?mobile=2", "mobile", "2"),
        ("#/list?mobile=1#?userId=2", "userId", "2"),
        ("#/list?x=1?mobile=1&type=phone?status=100&type=phone", "mobile", "1"),
    ] {
        assert_eq!(read(hash).get(name), Some(value), "{hash}");
    }
}

#[test]
fn a_call_whose_value_has_a_question_mark_is_not_lost() {
    for (hash, name, value) in [
        ("#?userId=7?status=100", "userId", "7?status=100"),
        ("#?userId=7?mobile=", "userId", "7?mobile="),
        ("#?tab=1?status=open&userId=5", "userId", "5"),
        ("#/list?agentMobile=7?type=1", "agentMobile", "7?type=1"),
        ("#?avatar=https://h/a?mobile=5", "avatar", "https://h/a?mobile=5"),
    ] {
        assert_eq!(read(hash).get(name), Some(value), "{hash}");
    }
}

#[test]
fn a_question_mark_in_a_value_begins_no_query_without_a_documented_name() {
    let call = CallContext::from_hash("#?from=/a?b=2&mobile=138").unwrap().unwrap();
    assert_eq!(call.get("mobile"), Some("138"));
    assert_eq!(call.extra, [("from".to_owned(), "/a?b=2".to_owned())]);
}
