use super::*;
use proptest::prelude::*;

fn parse(text: &str) -> String {
    PhoneNumber::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).as_str().into()
}

#[test]
fn the_vendors_forms_are_accepted() {
    let numbers = [
        "13800000000",
        "008613800000000",
        "+8613800000000",
        "0755-26888888",
        "0755-26888888-801",
        "8001",
        "110",
        " 10086 ",
    ];
    for number in numbers {
        assert_eq!(parse(number), number.trim());
    }
}

#[test]
fn what_cannot_be_seen_is_removed_and_full_width_forms_become_digits() {
    for (text, dialled) in [
        ("\u{202d}13800000000\u{202c}", "13800000000"),
        ("\u{200e}+86\u{a0}138\u{2009}0000\u{3000}0000\u{feff}", "+8613800000000"),
        ("138 0000 0000", "13800000000"),
        ("１３８００００００００", "13800000000"),
        ("＋８６１３８００００００００", "+8613800000000"),
        ("0755\u{2011}26888888", "0755-26888888"),
        ("０７５５－２６８８８８８８", "0755-26888888"),
        ("138\u{200b}00000000\t", "13800000000"),
        ("\u{2068}13800000000\u{2069}\u{fe0f}", "13800000000"),
        ("138\u{34f}0000\u{3164}0000\u{e0020}", "13800000000"),
        ("\u{ad}138\u{180e}0000\u{2064}0000\u{2800}", "13800000000"),
        ("＋\u{202c}８６-138\u{200d}00000000", "+86-13800000000"),
        ("0755–26888888", "0755-26888888"),
    ] {
        assert_eq!(parse(text), dialled, "{text:?}");
    }
}

#[test]
fn an_id_of_the_vendors_number_mapping_is_accepted() {
    for id in [
        "139abcdefg",
        "139ABCdefg",
        "1a2b3c4d5x",
        "13x0a",
        "139abcdp123",
        "0w0ww0w0",
        "139abcx123",
        "139ABCX1",
        "1ax1x2",
        "139bext1",
        "1p2ext3",
    ] {
        assert_eq!(parse(id), id);
        assert_eq!(split_extension(id), (id, None), "{id}: the letters are the id's");
    }
}

// F4
#[test]
fn a_number_with_a_word_behind_it_is_no_id() {
    for text in [
        "13800000000 Tom",
        "138 0000 0000 ext",
        "138 0000 0000 ext.",
        "13800000000 wang",
        "13800000000\u{a0}wang",
        "13800000000\u{3000}wang",
        "13800000000\u{202d} \u{202c}wang",
        "139 abcdefg",
        "139abc defg",
        "139abcdefg 7",
    ] {
        let error = PhoneNumber::parse(text).unwrap_err();
        assert!(error.found.ends_with(" with letters"), "{text:?}: {error}");
    }
    for text in [" 139abcdefg ", "\u{2068}139abcdefg\u{2069}", "139\u{200b}abc\u{2060}defg\u{3000}"]
    {
        assert_eq!(parse(text), "139abcdefg", "{text:?}: the gap is not inside it");
    }
    for text in ["\u{202d} 139abcdefg \u{202c}", " 139abcdefg;phone-context=+86"] {
        assert_eq!(parse(text), "139abcdefg", "{text:?}: the gap is not inside it");
    }
}

#[test]
fn the_rest_is_refused() {
    for number in [
        "",
        "   ",
        "\u{202d}\u{202c}",
        "12",
        "15889xxxxxx",
        "15889XXXXXX",
        "158****1234",
        "+86abcdefgh",
        "abcdefg",
        "(0755)26888888",
        "١٣٨٠٠٠٠٠٠٠٠",
        "--1",
        "1-",
        "1--23",
        "+",
        "+86",
        "++8613800000000",
        "0086",
        "138+00000000",
        "123456789012345678901",
        "tel:10086",
        "13800000000\u{0}",
        "10086\n10010",
        "10086/10010",
        "13800000000,",
        "13800000000转",
        "13800000000转人工",
        "13800000000 分机 张三",
        "13800000000，谢谢",
        "（0755）26888888",
        "13800000000\u{7}",
        "13800000000或13900000000",
    ] {
        assert!(PhoneNumber::parse(number).is_err(), "{number:?}");
    }
}

#[test]
fn an_extension_is_told_from_its_number() {
    for (text, number, extension) in [
        ("13800000000,1234", "13800000000", "1234"),
        ("13800000000,,1234#", "13800000000", "1234#"),
        ("13800000000;postd=1234", "13800000000", "1234"),
        ("13800000000;ext=1234", "13800000000", "1234"),
        ("13800000000;phone-context=+86;ext=1234", "13800000000", "1234"),
        ("13800000000;1234", "13800000000", "1234"),
        ("010-88888888转801", "010-88888888", "801"),
        ("010-88888888 轉 801", "010-88888888", "801"),
        ("010-88888888分机：801", "010-88888888", "801"),
        ("010-88888888 ext. 801", "010-88888888", "801"),
        ("010-88888888x801", "010-88888888", "801"),
        ("010-88888888#801", "010-88888888", "801"),
        ("010-88888888＃８０１", "010-88888888", "８０１"),
        ("010-88888888 x 801", "010-88888888", "801"),
        ("010-88888888内线801", "010-88888888", "801"),
        ("010-88888888转分机801", "010-88888888", "分机801"),
        ("010-88888888 转 ８０１", "010-88888888", "８０１"),
        ("010-88888888；801", "010-88888888", "801"),
        ("13800000000，，1234", "13800000000", "，1234"),
        ("13800000000p1234", "13800000000", "1234"),
        ("+8613800000000w1234", "+8613800000000", "1234"),
        ("0755-2688p801", "0755-2688", "801"),
        ("１３８ ００００w８０１", "１３８ ００００", "８０１"),
        ("13800000000p;ext=1234", "13800000000p", "1234"),
        ("13800000000;EXT=1234", "13800000000", "1234"),
        ("13800000000;ext=1234;phone-context=+86", "13800000000", "1234"),
        ("13800000000p801;phone-context=+86", "13800000000", "801"),
        ("13800000000W801;=", "13800000000", "801"),
        ("13800000000,801;phone-context=+86", "13800000000", "801"),
        ("13800000000转801;isub=7", "13800000000", "801"),
        ("13800000000 Extension 1234", "13800000000", "ension 1234"),
        ("13800000000ext12ab", "13800000000", "12ab"),
        ("8001ext77", "8001", "77"),
        ("8001 ext. 77", "8001", "77"),
        ("8001x77", "8001", "77"),
        ("(010)88888888x801", "(010)88888888", "801"),
        ("010-88888888x801;phone-context=+86", "010-88888888", "801"),
    ] {
        assert_eq!(split_extension(text), (number, Some(extension)), "{text}");
        let error = PhoneNumber::parse(text).unwrap_err();
        assert!(error.found.ends_with(" with an extension"), "{text}: {error}");
        assert!(error.expected.contains("extension"), "{error}");
        assert!(!error.to_string().contains(extension), "{error}");
        assert!(!error.to_string().contains(number), "{error}");
    }
    for text in [
        "13800000000",
        "15889xxxxxx",
        "139xbcdefg",
        "139p123",
        "",
        "13800000000,",
        "13800000000转人工",
        "138;a=1",
        "138;ext=",
        "0W0WW 0W 0",
        "138 001 w80",
        "+86 1 0 p1",
    ] {
        assert_eq!(split_extension(text).1, None, "{text}");
    }
    assert_eq!(split_extension("8001;phone-context=+86"), ("8001", None));
    assert_eq!(split_extension("8001;phone-context=a,12"), ("8001", None), "it is the parameter's");
    for text in ["13800000000e9912", "13800000000e"] {
        assert_eq!(split_extension(text), (text, None), "no `ext`");
    }
    for text in ["010-88888888x\u{200b}801", "010-88888888x８０１"] {
        let error = PhoneNumber::parse(text).unwrap_err();
        assert!(error.found.ends_with(" with an extension"), "{text}: {error}");
    }
    let after = |spaces| ["8001", &" ".repeat(spaces), ";ext=12"].concat();
    assert_eq!(split_extension(&after(1024 - 11)), ("8001", Some("12")));
    assert_eq!(split_extension(&after(1024 - 10)).1, None, "longer than any number");
    assert!(PhoneNumber::parse(&after(1024 - 10)).is_err());
    assert!(PhoneNumber::parse(&after(2000)).is_err());
}

#[test]
fn a_plus_sign_alone_is_not_called_a_hyphen() {
    let error = PhoneNumber::parse("+").unwrap_err();
    assert!(!error.found.contains('-'), "{error}");
}

#[test]
fn a_control_character_is_named_since_it_cannot_be_seen() {
    for text in ["138\u{0}00000000", "13800000000\u{7f}", "\u{1b}13800000000"] {
        let error = PhoneNumber::parse(text).unwrap_err();
        assert!(error.found.ends_with(" with a control character"), "{error}");
    }
}

#[test]
fn two_numbers_are_not_merged_across_a_tab() {
    for text in [
        "26888888\t26999999",
        "10086\u{b}10010",
        "10086\u{c}10010",
        "10086\u{85}10010",
        "10086 \t 10010",
        "10086\t\u{200b}10010",
        "+86\t13800000000",
        "26888888 26999999",
        "010-88888888 801",
        "13800000000\u{3000}801",
    ] {
        let error = PhoneNumber::parse(text).unwrap_err();
        assert!(error.found.ends_with(" in several parts"), "{text:?}: {error}");
    }
    for text in ["\t10086", "10086\t", "\u{202d}\t \u{b}10086\u{c}\u{85} \u{202c}"] {
        assert_eq!(parse(text), "10086", "{text:?}");
    }
    assert_eq!(PhoneNumber::parse("\t").unwrap_err().found, "nothing");
}

// B4
#[test]
fn a_number_that_is_shown_in_reverse_is_refused() {
    for text in [
        "\u{202e}13800000000\u{202c}",
        "138\u{202e}00000123\u{202c}",
        "+86\u{202e}13800000123",
        "\u{202d}\u{202e}10086",
        "\u{202e}139abcdefg",
        "\u{202e} 1 0086",
        "\u{202e}\t10086",
    ] {
        let error = PhoneNumber::parse(text).unwrap_err();
        assert!(
            error.found.ends_with(" with another sign than digits, '-' and a leading '+'"),
            "{text:?}: {error}"
        );
    }
    for sign in ["\u{202a}", "\u{202b}", "\u{202d}", "\u{2066}", "\u{200f}"] {
        assert_eq!(parse(&[sign, "10086\u{202c}"].concat()), "10086", "{sign:?}");
    }
}

#[test]
fn a_refusal_does_not_repeat_the_number() {
    let error = PhoneNumber::parse("15889(123456)").unwrap_err();
    assert_eq!(error.found, "‹13 characters› with brackets");
    assert!(!error.to_string().contains("15889"));
}

proptest! {
    #[test]
    fn an_accepted_number_is_accepted_again_and_has_only_dialable_signs(text in "\\PC{0,24}|[+]?[0-9-]{0,24}|[0-9][0-9a-x]{0,12}") {
        if let Ok(number) = PhoneNumber::parse(&text) {
            prop_assert_eq!(PhoneNumber::parse(number.as_str()).unwrap(), number.clone());
            prop_assert!(number.as_str().chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '+'));
        }
    }

    #[test]
    fn what_is_dialled_has_the_digits_of_the_text_in_their_order(text in "[0-9 \u{200e}\u{202d}+-]{0,30}") {
        if let Ok(number) = PhoneNumber::parse(&text) {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            prop_assert_eq!(digits(number.as_str()), digits(&text));
        }
    }
}

#[test]
fn what_is_wrong_is_said() {
    for (text, found) in [
        ("", "nothing"),
        ("\u{200b} ", "nothing"),
        ("10086\n10010", "‹11 characters› in several parts"),
        ("13800000000\u{7}", "‹12 characters› with a control character"),
        ("tel", "‹3 characters› with letters"),
        ("138/000", "‹7 characters› with another sign than digits, '-' and a leading '+'"),
        ("(0755)26888888", "‹14 characters› with brackets"),
        ("1--23", "‹5 characters› with a '-' that is not between digits"),
        ("12", "‹2 characters›"),
    ] {
        assert_eq!(PhoneNumber::parse(text).unwrap_err().found, found, "{text:?}");
    }
}

#[test]
fn behind_a_country_prefix_seven_digits_follow_at_least() {
    for (number, is_one) in [
        ("+123456", false),
        ("+1234567", true),
        ("001234", false),
        ("0012345", true),
        ("123456", true),
    ] {
        assert_eq!(PhoneNumber::parse(number).is_ok(), is_one, "{number}");
    }
}

#[test]
fn debug_shows_the_length() {
    let number = PhoneNumber::parse("13800000000").unwrap();
    assert_eq!(format!("{number:?}"), "‹11 characters›");
}
