//! The time that reading takes: it does not grow from item to item, and it grows with the length of a text,
//! not with its square.
//!
//! `CALLDOCK_SOAK=1000000` reads as many texts; the default is a tenth of that.
#![allow(clippy::unwrap_used)]

use std::hint::black_box;
use std::time::Duration;

use calldock_contract::text::origin::{Parent, choose, parse};
use calldock_contract::text::{address, chat_link::ChatLink, context_path, number};
use calldock_contract::{CallContext, CecLogin, ChatLogin, PhoneNumber, SdkLogin, redact};
use fastrand::Rng;
use rustix::time::{ClockId, clock_gettime};

/// A text of up to `most` of the pieces.
fn text_of(random: &mut Rng, pieces: &[&str], most: usize) -> String {
    (0..random.usize(..=most)).map(|_| pieces[random.usize(..pieces.len())]).collect()
}

const HASH: [&str; 20] = [
    "#?",
    "#/",
    "?",
    "&",
    "=",
    "mobile=",
    "status=",
    "type=",
    "100",
    "138",
    "+86",
    "%D5",
    "%E5%BC%A0",
    "userId",
    "x",
    "__proto__",
    "list",
    "张",
    "#",
    "%",
];

const NUMBER: [&str; 20] = [
    "138",
    "0000",
    "+",
    "-",
    " ",
    "(",
    ")",
    ";ext=",
    ";phone-context=",
    ",",
    "转",
    "分机",
    "x",
    "#",
    "\u{202d}",
    "１",
    "\n",
    "ext",
    "0086",
    "a",
];

const LOGIN: [&str; 14] = [
    "{",
    "}",
    "\"token\":\"a\"",
    "\"sdkUrl\":\"https://h/s.js\"",
    "\"sdkAppId\":1400000000",
    "\"userId\":\"u\"",
    ",",
    "\"mode\":\"token\"",
    "\"thirdUserId\":\"1\"",
    "\"webAppId\":\"9\"",
    "\"clientData\":\"{}\"",
    "1",
    "null",
    "\"\\ud83d\"",
];

fn read(random: &mut Rng) -> usize {
    let hash = text_of(random, &HASH, 30);
    let call = CallContext::from_hash(&hash).unwrap();
    let number = PhoneNumber::parse(&text_of(random, &NUMBER, 8));
    let login = text_of(random, &LOGIN, 10);
    let logins = [
        serde_json::from_str::<SdkLogin>(&login).is_ok(),
        serde_json::from_str::<CecLogin>(&login).is_ok(),
        serde_json::from_str::<ChatLogin>(&login).is_ok(),
    ];
    let read = usize::from(call.is_some()) + usize::from(number.is_ok());
    black_box(logins);
    read
}

/// The time of reading the same texts is measured before, between and after all the others: whatever were kept
/// by a reader would show.
#[test]
fn the_time_of_an_item_does_not_grow() {
    let items: usize = std::env::var("CALLDOCK_SOAK").map_or(100_000, |text| text.parse().unwrap());
    let same = || {
        least(5, || {
            (0..500).map(|_| ()).fold(Rng::with_seed(7), |mut random, ()| {
                black_box(read(&mut random));
                random
            })
        })
    };
    let mut random = Rng::with_seed(1);
    let before = same();
    let mut found = 0;
    for _ in 0..items {
        found += read(&mut random);
    }
    let after = same();
    println!(
        "{items} items, {found} calls and numbers; 500 took {before:?} before, {after:?} after"
    );
    assert!(found > items / 10, "the generator makes calls and numbers");
    assert!(after < before * 3, "{before:?} before, {after:?} after");
}

/// The processor time of this thread: other programs do not count.
fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// The shortest of some runs: interrupts and cold caches only add.
fn least<T>(runs: u32, mut work: impl FnMut() -> T) -> Duration {
    let one = |()| {
        let start = now();
        black_box(work());
        now() - start
    };
    (0..runs).map(|_| ()).map(one).min().unwrap()
}

/// Texts of a length, of the kind that costs a reader most.
type Shape = (&'static str, fn(usize) -> String);

const SHAPES: [Shape; 18] = [
    ("?", |n| "?".repeat(n)),
    ("#?", |n| "#?".repeat(n / 2)),
    ("#/?", |n| "#/?".repeat(n / 3)),
    ("#?? and names", |n| format!("#??{}", names(n, ""))),
    ("names", |n| format!("#?{}", names(n, ""))),
    ("names that cannot be read", |n| format!("#?{}", names(n, "=%FF"))),
    ("& and =", |n| "&=".repeat(n / 2)),
    ("%", |n| format!("#?mobile={}", "%".repeat(n - 9))),
    ("; before =", |n| format!("{}=", ";".repeat(n - 1))),
    ("x before spaces", |n| "x".repeat(n / 2) + &" ".repeat(n / 2)),
    ("# before digits", |n| "#1".repeat(n / 2)),
    ("e", |n| "e".repeat(n)),
    ("digits and @", |n| "1@".repeat(n / 2)),
    ("words", |n| "a ".repeat(n / 2)),
    ("slashes", |n| "/".repeat(n)),
    ("https://", |n| format!("https://{}", "a:".repeat((n - 8) / 2))),
    ("lines", |n| "https://a.example\n".repeat(n / 18)),
    ("a chat's query", |n| format!("#/chat?{}", "webAppId&=".repeat((n - 7) / 10))),
];

fn names(length: usize, value: &str) -> String {
    let mut text = String::new();
    for number in 0.. {
        let name = format!("{number}{value}&");
        if text.len() + name.len() + 3 > length {
            break;
        }
        text.push_str(&name);
    }
    text
}

/// A reader, called for its time.
type Reader = (&'static str, fn(&str));

const READERS: [Reader; 11] = [
    ("hash", |text| drop(black_box(CallContext::from_hash(text)))),
    ("agent's query", |text| drop(black_box(CallContext::from_agent_query(text)))),
    ("changes", |text| {
        if let Ok(Some(call)) = CallContext::from_hash(text) {
            black_box(call.changed_since(Some(&CallContext::default())));
        }
    }),
    ("number", |text| drop(black_box(PhoneNumber::parse(text)))),
    ("extension", |text| _ = black_box(number::split_extension(text))),
    ("origin", |text| drop(black_box(parse("allow", text)))),
    ("choice", |text| drop(black_box(choose(Parent::Unknown, Some(text), Some(text))))),
    ("address", |text| _ = black_box(address::is_safe(text))),
    ("chat link", |text| drop(black_box(ChatLink::from_hash(text)))),
    ("context path", |text| drop(black_box(context_path::context_address(text)))),
    ("redaction", |text| drop(black_box((redact::url(text), redact::text(text))))),
];

/// Eight times the length takes eight times as long, or a reader with a limit less; the square would be 64.
#[test]
fn the_time_grows_with_the_length_and_not_with_its_square() {
    const SHORT: usize = 2000;
    const LONG: usize = SHORT * 8;
    for (reader, read) in READERS {
        for (shape, make) in SHAPES {
            let (short, long) = (make(SHORT), make(LONG));
            assert!(
                long.len() <= 16 * 1024 && short.len() + 32 > SHORT,
                "{shape}: {}",
                short.len()
            );
            // Repeated, so that what is measured is longer than the clock's steps.
            let of = |text: &str| least(7, || (0..4).for_each(|_| read(text)));
            let (fast, slow) = (of(&short), of(&long));
            let most = fast * 28 + Duration::from_micros(100);
            assert!(
                slow < most,
                "{reader}, {shape}: {fast:?} for {SHORT}, {slow:?} for {LONG} bytes"
            );
        }
    }
}
