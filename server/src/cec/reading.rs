//! What the guide leaves open about the signature, each an option (`vendor/huawei.md` §1, "Open").
//!
//! The defaults are the recommended reading. An integrator tries the others against a live tenant, by
//! `doctor cec --readings`, `sign cec` or the `[signature]` section of the configuration, and sees which
//! one is accepted. Those that have a name are in [`super::readings`].

use time::UtcOffset;

/// An option with a closed list of values, each with its name.
macro_rules! choice {
    ($(#[$doc:meta])* $kind:ident: $expected:literal; $($(#[$variant_doc:meta])* $variant:ident = $name:literal $(| $alias:literal)*,)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $kind { $($(#[$variant_doc])* $variant,)* }

        impl $kind {
            /// The name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The value of that name.
            ///
            /// # Errors
            /// The names there are.
            pub fn parse(name: &str) -> Result<Self, &'static str> {
                match name { $($name $(| $alias)* => Ok(Self::$variant),)* _ => Err($expected) }
            }
        }
    };
}

choice! {
    /// What stands between the names of the signed headers.
    Separator: "expected \";\" or \":\"";
    /// As the text says.
    Semicolon = ";",
    /// As the guide's code is printed.
    Colon = ":",
}

choice! {
    /// What ends a line of the canonical request.
    LineSeparator: "expected lf (\"\\n\") or crlf (\"\\r\\n\")";
    /// As the text says.
    Lf = "\n" | "lf",
    /// `System.lineSeparator()` of a signer on Windows.
    Crlf = "\r\n" | "crlf",
}

choice! {
    /// How the payload enters the canonical request.
    PayloadMode: "expected normalize, normalizePath, normalizeValues or raw";
    /// Percent-encoded as a whole, as the guide's code does.
    Normalize = "normalize",
    /// The same, but `/` stays; the guide's prose says `NormalizePath`.
    NormalizePath = "normalizePath",
    /// Only the values are percent-encoded.
    NormalizeValues = "normalizeValues",
    /// As it stands.
    Raw = "raw",
}

choice! {
    /// The order of the payload's members.
    PayloadOrder: "expected documented, alphabetical, hashMap or given";
    /// The guide's.
    Documented = "documented",
    /// As serialisers do that sort.
    Alphabetical = "alphabetical",
    /// As `java.util.HashMap` iterates.
    HashMap = "hashMap",
    /// As they were handed in.
    Given = "given",
}

choice! {
    /// Which members the payload has.
    PayloadMembers: "expected four or all";
    /// The four that are vouched for.
    Four = "four",
    /// All of the body but the authorization itself.
    All = "all",
}

choice! {
    /// What the header Content-Length counts.
    ContentLength: "expected payload, characters or body";
    /// The payload's bytes in UTF-8.
    Payload = "payload",
    /// Its UTF-16 units, as Java's `String.length()`.
    Characters = "characters",
    /// The bytes of the body that is really posted, the authorization included.
    Body = "body",
}

choice! {
    /// How fine the signature's time is.
    Precision: "expected milliseconds or seconds";
    /// As the guide says.
    Milliseconds = "milliseconds",
    /// As an older demo of the vendor's has it.
    Seconds = "seconds",
}

/// How the canonical request is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Between the names of the signed headers.
    pub separator: Separator,
    /// At the end of a line.
    pub line_separator: LineSeparator,
    /// Whether header names are percent-encoded.
    pub normalize_header_name: bool,
    /// Whether header values are.
    pub normalize_header_value: bool,
    /// Whether an empty line stands where other signatures of the family have the query.
    pub empty_query_line: bool,
    /// How the payload enters.
    pub payload_mode: PayloadMode,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            separator: Separator::Semicolon,
            line_separator: LineSeparator::Lf,
            normalize_header_name: true,
            normalize_header_value: true,
            empty_query_line: false,
            payload_mode: PayloadMode::Normalize,
        }
    }
}

/// A whole reading: how the canonical request is written, and what goes into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// How it is written.
    pub form: Form,
    /// The order of the payload's members.
    pub payload_order: PayloadOrder,
    /// Which members the payload has.
    pub payload_members: PayloadMembers,
    /// What Content-Length counts.
    pub content_length: ContentLength,
    /// The Content-Type that is signed.
    pub content_type: String,
    /// Whose clock the time is read from, though it always ends in Z: the guide's pattern prints local time.
    pub time_zone: UtcOffset,
    /// How fine the time is.
    pub timestamp_precision: Precision,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            form: Form::default(),
            payload_order: PayloadOrder::Documented,
            payload_members: PayloadMembers::Four,
            content_length: ContentLength::Payload,
            content_type: "application/json;charset=UTF-8".into(),
            time_zone: UtcOffset::UTC,
            timestamp_precision: Precision::Milliseconds,
        }
    }
}

impl Reading {
    /// Every option's name, as `sign cec` has it.
    pub const OPTIONS: [&str; 12] = [
        "separator",
        "lineSeparator",
        "normalizeHeaderName",
        "normalizeHeaderValue",
        "emptyQueryLine",
        "payloadMode",
        "payloadOrder",
        "payloadMembers",
        "contentLength",
        "contentType",
        "timeZone",
        "timestampPrecision",
    ];

    /// The name of an option in `[signature]`: `lineSeparator` → `line_separator`.
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

    /// Sets one option by its name.
    ///
    /// # Errors
    /// What was expected.
    pub fn set(&mut self, option: &str, value: &str) -> Result<(), &'static str> {
        let form = &mut self.form;
        match option {
            "separator" => form.separator = Separator::parse(value)?,
            "lineSeparator" => form.line_separator = LineSeparator::parse(value)?,
            "normalizeHeaderName" => form.normalize_header_name = truth(value)?,
            "normalizeHeaderValue" => form.normalize_header_value = truth(value)?,
            "emptyQueryLine" => form.empty_query_line = truth(value)?,
            "payloadMode" => form.payload_mode = PayloadMode::parse(value)?,
            "payloadOrder" => self.payload_order = PayloadOrder::parse(value)?,
            "payloadMembers" => self.payload_members = PayloadMembers::parse(value)?,
            "contentLength" => self.content_length = ContentLength::parse(value)?,
            "contentType" => self.content_type = media_type(value)?,
            "timeZone" => self.time_zone = offset(value)?,
            "timestampPrecision" => self.timestamp_precision = Precision::parse(value)?,
            _ => return Err("expected the name of an option"),
        }
        Ok(())
    }
}

fn truth(value: &str) -> Result<bool, &'static str> {
    value.parse().map_err(|_| "expected true or false")
}

fn media_type(value: &str) -> Result<String, &'static str> {
    let fits = value.contains('/') && value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if fits { Ok(value.to_owned()) } else { Err("expected a media type") }
}

/// `UTC` or an offset like `+08:00`: a zone's name would need a table of all zones.
fn offset(value: &str) -> Result<UtcOffset, &'static str> {
    const EXPECTED: &str = "expected UTC or an offset, like +08:00";
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
    fn every_option_is_set_by_its_name_and_says_what_it_expects() {
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
