//! The time of a signature: `yyyy-MM-dd'T'HH:mm:ss.SSS'Z'` (CEC guide, chapter 2.5.1, step 2).

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

use super::SignError;
use super::reading::Precision;

const MILLISECONDS: &[BorrowedFormatItem<'static>] = format_description!(
    version = 2,
    "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z"
);
const SECONDS: &[BorrowedFormatItem<'static>] =
    format_description!(version = 2, "[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// Writes a time of milliseconds since 1970. The final Z is a letter of the guide's pattern: with another
/// zone than UTC it stands behind that zone's local time.
///
/// # Errors
/// [`SignError::Timestamp`] for a time before 1970 or after the year 9999.
pub fn write(millis: i64, zone: UtcOffset, precision: Precision) -> Result<String, SignError> {
    let format = match precision {
        Precision::Milliseconds => MILLISECONDS,
        Precision::Seconds => SECONDS,
    };
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000)
        .ok()
        .and_then(|at| at.checked_to_offset(zone))
        .filter(|at| millis >= 0 && at.year() < 10_000)
        .and_then(|at| at.format(format).ok())
        .ok_or(SignError::Timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_padded_and_the_zone_is_applied() {
        let write = |millis, hours, precision| {
            write(millis, UtcOffset::from_hms(hours, 0, 0).unwrap(), precision)
        };
        let (fine, coarse) = (Precision::Milliseconds, Precision::Seconds);
        assert_eq!(write(1_704_067_199_007, 0, fine).unwrap(), "2023-12-31T23:59:59.007Z");
        assert_eq!(write(1_724_036_645_678, 0, coarse).unwrap(), "2024-08-19T03:04:05Z");
        assert_eq!(write(1_724_036_645_678, 8, fine).unwrap(), "2024-08-19T11:04:05.678Z");
        assert!(write(-1, 0, fine).is_err() && write(i64::MAX, 0, fine).is_err());
        assert!(write(253_402_300_799_999, 8, fine).is_err());
    }
}
