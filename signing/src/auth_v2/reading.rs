//! What the guide leaves open about the signature, each an option (`docs/vendor/huawei.md` §1, "Open").
//!
//! [`Reading::default`] is the recommended reading. An integrator can try the others against a live tenant
//! with `calldock-admin doctor cec --readings`, `calldock-admin sign cec` or the `[signature]` section of
//! the configuration, and see which one is accepted.

use time::UtcOffset;

/// Defines an option with a closed list of values and their names.
macro_rules! choice {
    ($(#[$doc:meta])* $kind:ident: $expected:literal; $($(#[$variant_doc:meta])* $variant:ident = $name:literal $(| $alias:literal)*,)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $kind { $($(#[$variant_doc])* $variant,)* }

        impl $kind {
            /// Returns the name of the value.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Finds a value by its name.
            ///
            /// # Errors
            /// The expected names.
            pub fn parse(name: &str) -> Result<Self, &'static str> {
                match name { $($name $(| $alias)* => Ok(Self::$variant),)* _ => Err($expected) }
            }
        }
    };
}

choice! {
    /// The separator between the names of the signed headers.
    Separator: "expected \";\" or \":\"";
    /// As the text says.
    Semicolon = ";",
    /// As the guide's code is printed.
    Colon = ":",
}

choice! {
    /// The separator between the lines of the canonical request.
    LineSeparator: "expected lf (\"\\n\") or crlf (\"\\r\\n\")";
    /// As the text says.
    Lf = "\n" | "lf",
    /// `System.lineSeparator()` of a signer on Windows.
    Crlf = "\r\n" | "crlf",
}

choice! {
    /// How the payload is written into the canonical request.
    PayloadMode: "expected normalize, normalizePath, normalizeValues or raw";
    /// Percent-encoded as a whole, as the guide's code does.
    Normalize = "normalize",
    /// The same, but `/` stays; the guide's prose says `NormalizePath`.
    NormalizePath = "normalizePath",
    /// Only the values are percent-encoded.
    NormalizeValues = "normalizeValues",
    /// Unchanged.
    Raw = "raw",
}

choice! {
    /// The order of the payload's members.
    PayloadOrder: "expected documented, alphabetical, hashMap or given";
    /// The guide's.
    Documented = "documented",
    /// As serialisers that sort write them.
    Alphabetical = "alphabetical",
    /// As `java.util.HashMap` iterates.
    HashMap = "hashMap",
    /// As they were passed.
    Given = "given",
}

choice! {
    /// Which members the payload has.
    PayloadMembers: "expected four or all";
    /// The four signed fields.
    Four = "four",
    /// The whole body except the authorization.
    All = "all",
}

choice! {
    /// What the header Content-Length counts.
    ContentLength: "expected payload, characters or body";
    /// The payload's bytes in UTF-8.
    Payload = "payload",
    /// Its UTF-16 units, as Java's `String.length()`.
    Characters = "characters",
    /// The bytes of the body that is posted, the authorization included.
    Body = "body",
}

choice! {
    /// The precision of the signature's time.
    Precision: "expected milliseconds or seconds";
    /// As the guide says.
    Milliseconds = "milliseconds",
    /// As in an older demo of the vendor.
    Seconds = "seconds",
}

/// Defines the options: each with its name, its field, its default, and how a value is read.
macro_rules! options {
    ($($(#[$doc:meta])* $option:literal $field:ident: $kind:ty = $default:expr, $parse:expr;)*) => {
        /// A reading of the guide: how the canonical request is written, and what goes into it.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Reading { $($(#[$doc])* pub $field: $kind,)* }

        impl Default for Reading {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl Reading {
            /// The names of all options, as in `sign cec`.
            pub const OPTIONS: [&str; [$($option),*].len()] = [$($option),*];

            /// Sets an option by its name.
            ///
            /// # Errors
            /// The expected value.
            pub fn set(&mut self, option: &str, value: &str) -> Result<(), &'static str> {
                match option {
                    $($option => self.$field = $parse(value)?,)*
                    _ => return Err("expected the name of an option"),
                }
                Ok(())
            }
        }
    };
}

options! {
    /// Between the names of the signed headers. Default: `;`.
    "separator" separator: Separator = Separator::Semicolon, Separator::parse;
    /// Between the lines of the canonical request. Default: `\n`.
    "lineSeparator" line_separator: LineSeparator = LineSeparator::Lf, LineSeparator::parse;
    /// Whether header names are percent-encoded. Default: true.
    "normalizeHeaderName" normalize_header_name: bool = true, boolean;
    /// Whether header values are percent-encoded. Default: true.
    "normalizeHeaderValue" normalize_header_value: bool = true, boolean;
    /// Whether there is an empty line where related signatures have the query. Default: false.
    "emptyQueryLine" empty_query_line: bool = false, boolean;
    /// How the payload is written. Default: percent-encoded as a whole.
    "payloadMode" payload_mode: PayloadMode = PayloadMode::Normalize, PayloadMode::parse;
    /// The order of the payload's members. Default: the guide's.
    "payloadOrder" payload_order: PayloadOrder = PayloadOrder::Documented, PayloadOrder::parse;
    /// Which members the payload has. Default: the four.
    "payloadMembers" payload_members: PayloadMembers = PayloadMembers::Four, PayloadMembers::parse;
    /// What Content-Length counts. Default: the payload's bytes.
    "contentLength" content_length: ContentLength = ContentLength::Payload, ContentLength::parse;
    /// The Content-Type that is signed. Default: `application/json;charset=UTF-8`.
    "contentType" content_type: String = "application/json;charset=UTF-8".into(), media_type;
    /// The zone of the time, although it always ends in Z: the guide's pattern prints local time.
    /// Default: UTC.
    "timeZone" time_zone: UtcOffset = UtcOffset::UTC, offset;
    /// The precision of the time. Default: milliseconds.
    "timestampPrecision" timestamp_precision: Precision = Precision::Milliseconds, Precision::parse;
}

impl Reading {
    /// Returns the key of an option in `[signature]`: `lineSeparator` → `line_separator`.
    pub fn key(option: &str) -> String {
        let mut name = String::new();
        for letter in option.chars() {
            if letter.is_ascii_uppercase() {
                name.push('_');
            }
            name.push(letter.to_ascii_lowercase());
        }
        name
    }
}

fn boolean(value: &str) -> Result<bool, &'static str> {
    value.parse().map_err(|_| "expected true or false")
}

fn media_type(value: &str) -> Result<String, &'static str> {
    let fits = value.contains('/') && value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if fits { Ok(value.to_owned()) } else { Err("expected a media type") }
}

/// Reads `UTC` or an offset such as `+08:00`; zone names would need a table of all zones.
fn offset(value: &str) -> Result<UtcOffset, &'static str> {
    const EXPECTED: &str = "expected UTC or an offset such as +08:00";
    if matches!(value, "UTC" | "Z") {
        return Ok(UtcOffset::UTC);
    }
    let (sign, rest) = match value.split_at_checked(1) {
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        _ => return Err(EXPECTED),
    };
    let (hours, minutes) = rest.split_once(':').ok_or(EXPECTED)?;
    let number = |digits: &str, limit: i8| {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<i8>().ok().filter(|number| plain && *number <= limit).ok_or(EXPECTED)
    };
    let (hours, minutes) = (number(hours, 14)?, number(minutes, 59)?);
    UtcOffset::from_hms(sign * hours, sign * minutes, 0).map_err(|_| EXPECTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_has_a_key_in_snake_case() {
        assert_eq!(Reading::key("lineSeparator"), "line_separator");
        assert_eq!(Reading::key("separator"), "separator");
    }

    #[test]
    fn a_content_type_is_a_media_type() {
        let mut reading = Reading::default();
        assert_eq!(reading.set("contentType", "application/json"), Ok(()));
        for wrong in ["json", "text/plain\n", ""] {
            assert!(reading.set("contentType", wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn every_option_can_be_set_and_an_error_says_what_is_expected() {
        for option in Reading::OPTIONS {
            let refused = Reading::default().set(option, "\u{1}").unwrap_err();
            assert!(refused.starts_with("expected ") && !refused.contains("the name"), "{option}");
        }
        assert!(Reading::default().set("nothing", "").is_err());
        let mut reading = Reading::default();
        for (option, value) in [
            ("separator", ":"),
            ("lineSeparator", "crlf"),
            ("normalizeHeaderName", "false"),
            ("normalizeHeaderValue", "false"),
            ("emptyQueryLine", "true"),
            ("payloadMode", "raw"),
            ("payloadOrder", "given"),
            ("payloadMembers", "all"),
            ("contentLength", "body"),
            ("contentType", "text/plain"),
            ("timeZone", "-03:30"),
            ("timestampPrecision", "seconds"),
        ] {
            let before = reading.clone();
            reading.set(option, value).unwrap();
            assert_ne!(reading, before, "{option}");
        }
    }

    #[test]
    fn an_offset_has_a_sign_and_four_digits() {
        assert_eq!(offset("+08:00").unwrap(), UtcOffset::from_hms(8, 0, 0).unwrap());
        assert_eq!(offset("-03:30").unwrap(), UtcOffset::from_hms(-3, -30, 0).unwrap());
        for text in
            ["", "8", "+8:00", "+08", "08:00", "+15:00", "+08:60", "+-8:00", "Asia/Shanghai"]
        {
            assert!(offset(text).is_err(), "{text}");
        }
    }
}
