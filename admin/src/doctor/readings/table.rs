//! The readings of the guide that a tenant may accept, by name. Each differs from the recommended one in
//! its options (`signing/tests/fixtures/huawei-auth-v2.json`, `variant`; `docs/vendor/huawei.md`
//! §1, "Open"). `normalizeHeaderName` is not among them: the two names have nothing to encode.

use calldock_server::problem::Remedy;
use calldock_signing::auth_v2::Reading;

/// A reading with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name, as in the golden vectors where they have it.
    pub name: &'static str,
    /// What differs from the recommended reading, as [`Reading::set`] takes it.
    pub options: &'static [(&'static str, &'static str)],
    /// What the options mean.
    pub meaning: Remedy,
}

const fn named(
    name: &'static str,
    options: &'static [(&'static str, &'static str)],
    en: &'static str,
    zh: &'static str,
) -> Named {
    Named { name, options, meaning: Remedy { en, zh } }
}

/// All named readings, the more likely ones first.
pub const READINGS: [Named; 17] = [
    named("recommended", &[], "as the guide's text says", "按指南文字"),
    named(
        "separator-colon",
        &[("separator", ":")],
        "signed headers joined by a colon, as the code is printed",
        "签名头以冒号连接（指南中的代码如此）",
    ),
    named(
        "header-value-raw",
        &[("normalizeHeaderValue", "false")],
        "header values as they are",
        "请求头的值不编码",
    ),
    named(
        "content-type-actual-jquery",
        &[("contentType", "application/x-www-form-urlencoded; charset=UTF-8")],
        "the Content-Type that is really sent",
        "使用实际发送的 Content-Type",
    ),
    named(
        "content-type-json",
        &[("contentType", "application/json")],
        "application/json without a charset",
        "application/json，不带字符集",
    ),
    named(
        "timestamp-local-time",
        &[("timeZone", "+08:00")],
        "China's local time with a Z behind it",
        "末尾带 Z 的北京时间",
    ),
    named(
        "timestamp-seconds",
        &[("timestampPrecision", "seconds")],
        "the time without milliseconds",
        "时间不含毫秒",
    ),
    named(
        "payload-order-java-hashmap",
        &[("payloadOrder", "hashMap")],
        "members in the order of java.util.HashMap",
        "成员按 java.util.HashMap 的次序",
    ),
    named(
        "payload-order-alphabetical",
        &[("payloadOrder", "alphabetical")],
        "members in alphabetical order",
        "成员按字母次序",
    ),
    named(
        "content-length-chars",
        &[("contentLength", "characters")],
        "Content-Length counts characters",
        "Content-Length 按字符数",
    ),
    named(
        "content-length-of-actual-body",
        &[("contentLength", "body")],
        "Content-Length of the body really posted",
        "Content-Length 为实际请求体的长度",
    ),
    named("crlf", &[("lineSeparator", "crlf")], "lines end as on Windows", "换行同 Windows"),
    named(
        "empty-query-line",
        &[("emptyQueryLine", "true")],
        "an empty line where a query would stand",
        "查询参数处有一空行",
    ),
    named(
        "payload-normalizePath",
        &[("payloadMode", "normalizePath")],
        "a slash in the payload is not encoded",
        "载荷中的斜杠不编码",
    ),
    named(
        "payload-values-only-encoded",
        &[("payloadMode", "normalizeValues")],
        "only the payload's values are encoded",
        "仅编码载荷中的值",
    ),
    named("payload-raw", &[("payloadMode", "raw")], "the payload as it is", "载荷不编码"),
    named(
        "payload-all-fields",
        &[("payloadMembers", "all")],
        "the payload is the whole body without the authorization",
        "载荷为去掉 authorization 的整个请求体",
    ),
];

impl Named {
    /// Returns the reading.
    pub fn reading(&self) -> Reading {
        let mut reading = Reading::default();
        for (option, value) in self.options {
            // A test checks that every option of the table can be set.
            let _ = reading.set(option, value);
        }
        reading
    }

    /// Returns the lines of `[signature]` for this reading, or `None` if the server cannot use it, because
    /// it does not know the whole body that a page posts. `body_sample` is the rest of that body.
    pub fn lines(&self, body_sample: &str) -> Option<Vec<String>> {
        let mut lines = Vec::new();
        for &(option, value) in self.options {
            if option == "payloadMembers" {
                return None;
            }
            let value = match value {
                "true" | "false" => value.to_owned(),
                text => format!("\"{text}\""),
            };
            lines.push(format!("{} = {value}", Reading::key(option)));
            if (option, value.as_str()) == ("contentLength", "\"body\"") {
                lines.push(format!("body_sample = '{body_sample}'"));
            }
        }
        Some(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_variant_of_the_vectors_has_a_name() {
        let vectors: Vec<serde_json::Value> = serde_json::from_str(include_str!(
            "../../../../signing/tests/fixtures/huawei-auth-v2.json"
        ))
        .unwrap();
        let names: BTreeSet<_> = READINGS.iter().map(|named| named.name).collect();
        assert_eq!(names.len(), READINGS.len());
        for vector in vectors {
            let variant = vector["variant"].as_str().unwrap();
            assert!(names.contains(variant), "{variant}");
        }
    }

    #[test]
    fn no_two_names_have_the_same_reading() {
        for named in &READINGS {
            for (option, value) in named.options {
                assert!(Reading::default().set(option, value).is_ok(), "{option}");
            }
            let same = READINGS.iter().filter(|other| other.reading() == named.reading());
            assert_eq!(same.count(), 1, "{}", named.name);
        }
    }

    #[test]
    fn the_lines_are_valid_configuration() {
        let lines = |name: &str| {
            READINGS.iter().find(|named| named.name == name).unwrap().lines("{\"locale\":\"zh\"}")
        };
        assert_eq!(lines("recommended").unwrap(), [""; 0]);
        assert_eq!(lines("separator-colon").unwrap(), ["separator = \":\""]);
        assert_eq!(lines("header-value-raw").unwrap(), ["normalize_header_value = false"]);
        assert_eq!(
            lines("content-length-of-actual-body").unwrap(),
            ["content_length = \"body\"", "body_sample = '{\"locale\":\"zh\"}'"]
        );
        assert_eq!(lines("payload-all-fields"), None);
    }
}
