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
    ("a workbench of allowOrigins", "allowOrigins 中的工作台"),
    ("the workbench that origin names", "origin 所指的工作台"),
    ("a workbench that the browser or origin names", "浏览器或 origin 指明的工作台"),
    ("none", "无"),
    ("neither", "两者皆无"),
    ("undefined", "undefined"),
    ("true, false or a text", "布尔值或文本"),
    ("true, false or a function", "布尔值或函数"),
    ("a positive number", "正数"),
    ("a number of ms above 0", "大于 0 的毫秒数"),
    ("a whole number above 0", "大于 0 的整数"),
    ("a list of origins", "来源列表"),
    ("origins such as https://tccc.qcloud.com", "形如 https://tccc.qcloud.com 的来源"),
    ("a name with a hyphen", "含连字符的名称"),
    ("a CSS selector", "CSS 选择器"),
    ("an element", "元素"),
    ("a document or an element", "文档或元素"),
    ("a window of the same origin", "同源的窗口"),
    ("a workbench", "工作台"),
    ("a workbench or a promise of one", "工作台或其 Promise"),
    ("a login", "登录凭证"),
    ("the address of an endpoint, a function or a login", "接口地址、函数或登录凭证"),
    ("the body of a form, or its members", "表单内容或其成员"),
    ("a token the vendor accepts", "厂商接受的令牌"),
    ("the vendor to accept", "厂商接受"),
    ("the vendor to accept a listener", "厂商接受监听函数"),
    ("the agent whose token expired", "令牌过期的那位坐席"),
    ("another agent", "另一位坐席"),
    ("the agent who is logged in", "已登录的坐席"),
    ("the visitor it was opened for", "打开时的那位访客"),
    ("an open one", "已打开"),
    ("a closed one", "已关闭"),
    ("one that was closed", "已关闭"),
    ("an open chat", "已打开的会话"),
    ("to open", "打开"),
    ("to be loaded", "加载完成"),
    ("to be sent", "发送完成"),
    ("to be finished", "完成"),
    ("to go on", "继续"),
    ("it to run", "脚本运行"),
    ("it to call thirdValidate", "其调用 thirdValidate"),
    ("it to register CoBrowse.initFromUrl", "其注册 CoBrowse.initFromUrl"),
    ("no response", "没有响应"),
    ("it blocked", "已被拦截"),
    ("it refused", "已被拒绝"),
    ("it closed", "已关闭"),
    ("that it trapped", "已异常终止"),
    ("that it is gone", "已不存在"),
    ("that it was stopped", "已停止"),
    ("that its signal aborted it", "已由 signal 中止"),
    ("that it serves no more", "已不再提供服务"),
    (
        "no connection, an HTTP error or another type than JavaScript",
        "无法连接、HTTP 错误或内容类型不是 JavaScript",
    ),
    ("a result", "结果"),
    ("a script", "脚本"),
    ("a new window", "新窗口"),
    ("HTTPS or localhost", "HTTPS 或 localhost"),
    ("an http address", "http 地址"),
    ("an insecure context", "非安全上下文"),
    ("all its APIs", "其全部接口"),
    ("fewer messages within a minute", "每分钟更少的消息"),
    ("its turn in the queue", "排队到号"),
    ("no other tab", "没有其他标签页"),
    ("one that has the agent", "另一标签页已占用该坐席"),
    ("the window to stay open", "窗口保持打开"),
    ("no workbench yet", "尚无工作台"),
    ("none (a server or a worker)", "无（服务端或 Worker）"),
    ("an origin that this browser can post to", "浏览器可以投递消息的来源"),
    ("200 with a script", "200 与脚本"),
    ("200 with resultCode 0", "200 且 resultCode 为 0"),
    (
        "a path or an https address with /service-cloud (http only for localhost)",
        "含 /service-cloud 的路径或 https 地址（http 仅限 localhost）",
    ),
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
