//! Time and chance.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::HeaderValue;

/// Milliseconds since 1970.
pub fn unix_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Seconds since 1970.
pub fn unix_s() -> u64 {
    unix_ms() / 1000
}

/// The UTC date of a time in seconds, as `YYYY-MM-DD`: TC3's credential scope holds it.
pub fn utc_date(unix_s: u64) -> String {
    // Counted in the proleptic Gregorian calendar from 0000-03-01, so that leap days end a year.
    let days = i64::try_from(unix_s / 86_400).unwrap_or(i64::MAX / 2) + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// A `Date` header, so many seconds from now.
pub fn http_date(seconds: i64) -> HeaderValue {
    let span = Duration::from_secs(seconds.unsigned_abs());
    let now = SystemTime::now();
    let then = if seconds < 0 { now.checked_sub(span) } else { now.checked_add(span) };
    let text = httpdate::fmt_http_date(then.unwrap_or(UNIX_EPOCH));
    HeaderValue::from_str(&text).expect("a date is of plain letters")
}

/// 32 hex digits nobody can guess.
pub fn random_hex() -> String {
    let mut bytes = [0u8; 16];
    // A machine without randomness cannot sign anybody in; there is nothing to go on with.
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    hex(&bytes)
}

/// A random id in the vendor's form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
pub fn random_id() -> String {
    let hex = random_hex();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_utc_and_know_leap_years() {
        assert_eq!(utc_date(0), "1970-01-01");
        assert_eq!(utc_date(951_782_400), "2000-02-29");
        assert_eq!(utc_date(951_868_800), "2000-03-01");
        assert_eq!(utc_date(1_700_000_000), "2023-11-14");
        assert_eq!(utc_date(1_703_980_799), "2023-12-30");
    }

    #[test]
    fn ids_have_the_vendors_form_and_differ() {
        assert_eq!(random_hex().len(), 32);
        assert_eq!(random_id().len(), 36);
        assert_ne!(random_id(), random_id());
    }
}
