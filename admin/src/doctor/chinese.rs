//! The sentences that the server says in English only, in Chinese: mistakes in its configuration, its warnings, and
//! what went wrong with a vendor or an authenticator.

/// A line for each: English, an arrow, Chinese, with `{}` for a part that changes. The first line that fits is taken.
const TABLE: &str = include_str!("chinese.txt");

/// Translates a sentence and the parts of it. What has no line stays as it is, and so do values, which are in
/// quotes or brackets.
pub fn chinese(sentence: &str) -> String {
    let is_value = sentence.starts_with(['"', '[']);
    let translated = TABLE.lines().filter(|_| !is_value).find_map(|line| {
        let (en, zh) = line.split_once(" → ")?;
        let parts = parts(en, sentence)?.into_iter().chain([""]);
        let said = |(text, part): (&str, &str)| text.to_owned() + &chinese(part);
        Some(zh.split("{}").zip(parts).map(said).collect())
    });
    translated.unwrap_or_else(|| sentence.to_owned())
}

/// Finds the part of a sentence for each `{}` of a pattern, if it fits.
fn parts<'a>(pattern: &str, sentence: &'a str) -> Option<Vec<&'a str>> {
    let Some((before, after)) = pattern.split_once("{}") else {
        return (pattern == sentence).then(Vec::new);
    };
    let rest = sentence.strip_prefix(before)?;
    (0..=rest.len()).find_map(|end| {
        let mut parts = parts(after, rest.get(end..)?)?;
        parts.insert(0, &rest[..end]);
        Some(parts)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;
    use calldock_server::config::Config;
    use calldock_server::problem::Refusal;
    use calldock_server::tccc::Failure;
    use calldock_server::tccc::failure::Rejection;

    /// Where settings are read: every literal that says what was expected.
    const SETTINGS: [&str; 3] = ["server/src", "service/src", "signing/src/auth_v2/reading.rs"];
    /// Those of responses to pages, which the doctor does not read.
    const OF_PAGES: [&str; 2] = ["http/fields.rs", "http/routes/"];
    /// Every literal that is more than a word.
    const WHOLE: [&str; 15] = [
        "contract/src/tables/cloud_errors.rs",
        "service/src/settings/reader.rs",
        "service/src/settings/shown.rs",
        "service/src/settings/source.rs",
        "server/src/config/mod.rs",
        "server/src/config/warnings.rs",
        "server/src/identity/fetch.rs",
        "server/src/identity/gateway/ask.rs",
        "server/src/identity/jwt/keys.rs",
        "server/src/tccc/api.rs",
        "server/src/tccc/credentials/cvm.rs",
        "server/src/tccc/credentials/mod.rs",
        "server/src/tccc/credentials/web_identity.rs",
        "server/src/tccc/failure.rs",
        "signing/src/auth_v2/mod.rs",
    ];

    /// Literals that are parts of a sentence.
    const PARTS: [&str; 13] = [
        " (RequestId ",
        " or ",
        ", or remove store.kind if this is the only instance",
        ", or start with --demo to try without a vendor",
        "SdkURL is at a host that is not listed: {}.",
        "The application",
        // A refusal is right, and not shown.
        "The application knows no session with this request's cookies.",
        "The identity provider",
        "The vendor responded {}",
        "an error without a code",
        "expected {} to {} {}",
        "set {} or {}{}",
        "{}. If the vendor's script is there, set tccc.sdk_hosts = {}",
    ];
    /// Lines for what no literal is as a whole.
    const COMPOSED: [&str; 24] = [
        "Is a directory (os error 21)",
        "No such file or directory (os error 2)",
        "Permission denied (os error 13)",
        "SdkURL is at a host that is not listed: {}. If the vendor's script is there, set tccc.sdk_hosts = {}.",
        "The application {}.",
        "The identity provider {}.",
        "The server could not handle the request.",
        "The vendor responded an error without a code (RequestId {}).",
        "The vendor responded an error without a code.",
        "The vendor responded {} (RequestId {}).",
        "The vendor responded {}.",
        "The vendor responded {}: {} (RequestId {}).",
        "The vendor responded {}: {}.",
        "expected {}, {} or {}",
        "expected {}, {}, {} or {}",
        "expected {}, {}, {}, {} or {}",
        "missing",
        "no TotalCount and StaffList of the right types in it",
        "remove it, or write {} or {} or {}; all keys: {}",
        "remove it, or write {} or {}; all keys: {}",
        "set {} or {}",
        "stream did not contain valid UTF-8",
        "{}, or remove store.kind if this is the only instance",
        "{}, or start with --demo to try without a vendor",
    ];

    /// Lists a source file, or those below a folder.
    fn sources(path: &Path) -> Vec<PathBuf> {
        match std::fs::read_dir(path) {
            Ok(entries) => entries.flat_map(|entry| sources(&entry.unwrap().path())).collect(),
            Err(_) => vec![path.to_owned()],
        }
    }

    /// Returns the string literals before a source's tests, each with the code in front of it; what a format
    /// string puts in is `{}`.
    fn literals(path: &Path) -> Vec<(String, String)> {
        let source = std::fs::read_to_string(path).unwrap().replace("'\"'", "");
        let source = source.split("#[cfg(test)]").next().unwrap();
        let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code = code.collect::<Vec<_>>().join("\n");
        let mut found = Vec::new();
        let mut rest = code.as_str();
        while let Some((before, after)) = rest.split_once('"') {
            let mut escaped = false;
            let end = after.find(|letter| match letter {
                '"' => !std::mem::take(&mut escaped),
                letter => {
                    escaped = letter == '\\' && !escaped;
                    false
                }
            });
            let (text, after) = after.split_at(end.unwrap());
            let mut pattern = String::new();
            for part in text.replace("\\\"", "\"").replace("\\\\", "\\").split_inclusive('}') {
                let kept = part.find('{').filter(|_| part.ends_with('}'));
                pattern += kept.map_or(part, |at| &part[..at]);
                pattern += if kept.is_some() { "{}" } else { "" };
            }
            found.push((before.trim_end().to_owned(), pattern));
            rest = &after[1..];
        }
        found
    }

    /// The literals that are shown to an operator, as patterns.
    fn said() -> BTreeSet<String> {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let mut said = BTreeSet::new();
        for path in SETTINGS.iter().chain(&WHOLE).flat_map(|path| sources(&root.join(path))) {
            let name = path.to_str().unwrap();
            let is_whole = WHOLE.iter().any(|whole| name.ends_with(whole));
            for (code, text) in literals(&path) {
                let is_unit = code.ends_with(',') && code.contains("..=")
                    || code.ends_with("limits,")
                    || code.ends_with("PER_SECOND: &str =");
                // Both languages, the log, and what cannot happen.
                let elsewhere = ["en:", "zh:", "expect("].iter().any(|end| code.ends_with(end))
                    || ["tracing::", "debug_assert"].iter().any(|call| code.contains(call));
                let is_expected = (text.starts_with("expected ") || text.contains("; expected "))
                    && !OF_PAGES.iter().any(|of| name.contains(of));
                let words = text.contains(' ') && text.contains(|c: char| c.is_ascii_lowercase());
                if is_unit && text.starts_with(char::is_alphabetic) && !text.contains('.') {
                    said.insert(format!("expected {{}} to {{}} {text}"));
                } else if !elsewhere && (is_expected || is_whole && words) {
                    said.insert(text);
                }
            }
        }
        said
    }

    #[test]
    fn every_sentence_of_the_server_has_its_chinese() {
        let lines: Vec<_> = TABLE.lines().map(|line| line.split_once(" → ").unwrap()).collect();
        for (en, zh) in &lines {
            assert_eq!(en.matches("{}").count(), zh.matches("{}").count(), "{en}");
        }
        let known: BTreeSet<_> = lines.iter().map(|(en, _)| (*en).to_owned()).collect();
        assert_eq!(known.len(), lines.len(), "a line is there twice");
        let said = said();
        let missing: Vec<_> = said.difference(&known).collect();
        assert_eq!(missing, PARTS, "add their Chinese to chinese.txt");
        let left: Vec<_> = known.difference(&said).collect();
        assert_eq!(left, COMPOSED, "no source says these any more");
    }

    #[test]
    fn mistakes_in_a_configuration_are_chinese_with_their_values() {
        let set = [
            ("CALLDOCK_TCCC_SDK_APP_ID", "no, found b"),
            ("CALLDOCK_TCCC_REQUESTS_PER_SECOND", "0"),
            ("CALLDOCK_TCCC_CREDENTIALS", "keys"),
            ("CALLDOCK_LISTEN_HEADER_BYTES", "1"),
            ("CALLDOCK_LISTEN_ADDRESSES", "127.0.0.1:1"),
            ("CALLDOCK_STORE_KIND", "redis"),
            ("CALLDOCK_IDENTITY_KIND", "fixed"),
            ("CALLDOCK_IDENTITY_USER_ID", "a b"),
            ("CALLDOCK_KEY_SECRET", "short"),
            ("CALLDOCK_KEY_PREVIOUS_SECRET_FILE", "/nonexistent/key"),
            ("CALLDOCK_LOG_FORMAT", "xml"),
        ];
        let set = set.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mistakes = Config::load(None, set).unwrap_err().0;
        let found: Vec<_> = mistakes
            .iter()
            .map(|it| format!("{}|{}|{}", it.key, chinese(&it.what), chinese(&it.fix)))
            .collect();
        for expected in [
            "tccc.sdk_app_id|应为应用的编号，例如 1400000000，实际为 \"no, found b\"|请在文件或环境变量 CALLDOCK_TCCC_SDK_APP_ID 中更正",
            "tccc.requests_per_second|应为每秒 1 至 10000 个请求，实际为 \"0\"|请在文件或环境变量 CALLDOCK_TCCC_REQUESTS_PER_SECOND 中更正",
            "tccc.credentials|应为 \"key\"、\"cvm\" 或 \"web-identity\"，实际为 \"keys\"|请在文件或环境变量 CALLDOCK_TCCC_CREDENTIALS 中更正",
            "listen.header_bytes|应为 8192 至 262144 字节，实际为 \"1\"|请在文件或环境变量 CALLDOCK_LISTEN_HEADER_BYTES 中更正",
            "store.url|未设置|请设置环境变量 CALLDOCK_STORE_URL，或配置项 store.url_file；若只有一个实例，也可删除 store.kind",
            "identity.user_id|应为添加该坐席时使用的邮箱，1 至 256 字节，不含空格，实际为 3 个字符，此处不显示|请在文件或环境变量 CALLDOCK_IDENTITY_USER_ID 中更正",
            "key.secret|应为 32 至 4096 个可见的 ASCII 字符，不含空格，可用 `openssl rand -base64 32` 生成，实际为 5 个字符，此处不显示|请在文件或环境变量 CALLDOCK_KEY_SECRET 中更正",
            "key.previous_secret_file|无法读取该文件（文件不存在）|请检查路径与权限",
            "log.format|应为 \"text\" 或 \"json\"，实际为 \"xml\"|请在文件或环境变量 CALLDOCK_LOG_FORMAT 中更正",
        ] {
            assert!(found.iter().any(|found| found == expected), "{expected}: {found:#?}");
        }
        let unknown = found.iter().find(|found| found.starts_with("listen.addresses|")).unwrap();
        assert!(
            unknown.contains("没有这个配置项|请删除，或改为 listen.address；全部配置项见文档"),
            "{unknown}"
        );
        let missing = Config::load(None, []).unwrap_err().0;
        let secret = missing.iter().find(|it| it.key == "tccc.secret_key").unwrap();
        assert!(chinese(&secret.fix).ends_with("；也可用 --demo 启动，无需厂商即可试用"));
    }

    #[test]
    fn what_went_wrong_with_the_vendor_is_chinese_with_its_code() {
        let rejected = |code: Option<&str>, id: Option<&str>| {
            let [code, request_id] = [code, id].map(|text| text.map(str::to_owned));
            Failure::Rejected(Rejection { code, request_id })
        };
        let host = "cdn.example. If the vendor's script is there, set tccc.sdk_hosts = [\"a\"]";
        for (failure, expected) in [
            (
                rejected(Some("AuthFailure.SignatureFailure"), Some("1-2")),
                "厂商返回 AuthFailure.SignatureFailure：签名与密钥不符（RequestId 1-2）。",
            ),
            (rejected(Some("Else.Where"), Some("1-2")), "厂商返回 Else.Where（RequestId 1-2）。"),
            (rejected(None, None), "厂商返回没有错误码的错误。"),
            (
                Failure::Malformed { status: 502, found: "an HTML page" },
                "厂商的云 API 应返回其约定的 JSON，实际为 HTML 页面（HTTP 502）。",
            ),
            (
                Failure::SdkHost(host.into()),
                "SdkURL 的主机不在允许列表中：cdn.example。若厂商脚本确实在该处，请设置 tccc.sdk_hosts = [\"a\"]。",
            ),
        ] {
            assert_eq!(chinese(Refusal::from(failure).detail()), expected);
        }
        let provider = chinese("The identity provider did not respond within 3 seconds.");
        assert_eq!(provider, "身份提供方在 3 秒内没有响应。");
        let application = chinese("The application: expected the user, found status 500.");
        assert_eq!(application, "应用应返回用户，实际状态码为 500。");
    }
}
