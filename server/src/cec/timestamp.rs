//! The signature's time: `yyyy-MM-dd'T'HH:mm:ss.SSS'Z'` (seed 001, chapter 2.5.1, step 2).

use time::UtcOffset;

use super::reading::Precision;
use crate::calendar;

/// Writes a time, of milliseconds since 1970. The Z at the end is a letter of the pattern: with another
/// zone the time is that zone's.
///
/// # Errors
/// What was expected.
pub fn write(millis: i64, zone: UtcOffset, precision: Precision) -> Result<String, &'static str> {
    const EXPECTED: &str = "expected milliseconds since 1970, before the year 10000";
    let seconds = millis.div_euclid(1000) + i64::from(zone.whole_seconds());
    let second = calendar::second(seconds).filter(|_| millis >= 0).ok_or(EXPECTED)?;
    let text = match precision {
        Precision::Milliseconds => [&second[..], &calendar::milliseconds(millis), b"Z"].concat(),
        Precision::Seconds => [&second[..], b"Z"].concat(),
    };
    String::from_utf8(text).map_err(|_| EXPECTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_its_zeros_and_its_zone() {
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
