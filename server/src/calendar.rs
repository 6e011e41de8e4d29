//! Times as people and vendors read them.
//!
//! Every request has two of them, in its signature and in its line of the log, and most have the second of
//! the request before: a second is written once.

use std::cell::Cell;

use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// `2026-01-05T08:00:00`.
pub type Second = [u8; 19];

const PATTERN: &[BorrowedFormatItem<'static>] =
    format_description!(version = 2, "[year]-[month]-[day]T[hour]:[minute]:[second]");

thread_local! {
    static LAST: Cell<(i64, Second)> = const { Cell::new((0, *b"1970-01-01T00:00:00")) };
}

/// A second in UTC, counted from 1970; none before that or after the year 9999.
pub fn second(seconds: i64) -> Option<Second> {
    let (last, text) = LAST.get();
    if last == seconds {
        return Some(text);
    }
    let at = OffsetDateTime::from_unix_timestamp(seconds).ok().filter(|_| seconds >= 0)?;
    let mut text = *b"1970-01-01T00:00:00";
    // What does not fit in has a year of five digits.
    at.format_into(&mut text.as_mut_slice(), PATTERN).ok()?;
    LAST.set((seconds, text));
    Some(text)
}

/// The milliseconds of a second, as they stand behind it: `.123`.
pub fn milliseconds(millis: i64) -> [u8; 4] {
    let digit = |tens: i64| b"0123456789"[(millis / tens).rem_euclid(10) as usize];
    [b'.', digit(100), digit(10), digit(1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_is_the_same_however_often_it_is_asked_for() {
        for _ in 0..2 {
            for (seconds, text) in [
                (0, "1970-01-01T00:00:00"),
                (1_704_067_199, "2023-12-31T23:59:59"),
                (1_704_067_200, "2024-01-01T00:00:00"),
                (253_402_300_799, "9999-12-31T23:59:59"),
            ] {
                assert_eq!(second(seconds), Some(text.as_bytes().try_into().unwrap()));
            }
            for seconds in [-1, 253_402_300_800, i64::MAX, i64::MIN] {
                assert_eq!(second(seconds), None, "{seconds}");
            }
        }
        assert_eq!(milliseconds(1_704_067_199_007), *b".007");
        assert_eq!(milliseconds(999), *b".999");
    }
}
