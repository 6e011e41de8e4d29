//! Phrases of errors in Chinese, for readers of Chinese pages: what was expected, what was found.
//!
//! A phrase that is not here stays in English. `cargo xtask generate` writes them into
//! `js/generated/codes.zh.ts`.

/// English and Chinese.
pub const PHRASES: &[(&str, &str)] = &[
    ("nothing", "空"),
    ("null", "null"),
    ("a text", "文本"),
    ("an empty text", "空文本"),
    ("a number", "数字"),
    ("a text or a number", "文本或数字"),
    ("true or false", "布尔值"),
    ("a list", "列表"),
    ("a list of texts", "文本列表"),
    ("an object", "对象"),
    ("a function", "函数"),
    ("JSON data", "JSON 数据"),
    ("telephone keys: digits, * and #", "电话按键：数字、* 与 #"),
    ("no secret", "不含密钥"),
    ("an object that can be read", "可读取的对象"),
    ("an object whose member cannot be read", "某个成员无法读取的对象"),
    ("a member that is not listed", "文档未列出的成员"),
    ("an AbortSignal", "AbortSignal"),
    ("an https address (http only for localhost)", "https 地址（http 仅限 localhost）"),
    ("a response", "响应"),
    ("no connection", "无法连接"),
    ("a page", "页面环境"),
    ("none", "无"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_is_there_once() {
        for (index, (english, chinese)) in PHRASES.iter().enumerate() {
            assert!(PHRASES[index + 1..].iter().all(|(other, _)| other != english), "{english}");
            assert!(!chinese.is_empty());
        }
    }
}
