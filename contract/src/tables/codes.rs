//! The closed list of failure codes, with a fix for each in English and Chinese.
//!
//! A new code is one entry here and a run of `cargo xtask generate`.

use std::fmt;

/// Declares the codes once: the variant, its name on the wire, when it happens, and how to fix it.
macro_rules! codes {
    ($(#[doc = $meaning:literal] $variant:ident = $name:literal, $en:literal, $zh:literal;)*) => {
        /// Why something failed. The list is closed: a new code is a new version of the contract.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $(#[doc = $meaning] $variant,)* }

        impl Code {
            /// Every code, in the order in which they are documented.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name on every wire and in every log, for example `LOGIN_FAILED`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// When it happens, in English.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }

            /// What to do about it, in English.
            pub const fn remedy_en(self) -> &'static str {
                match self { $(Self::$variant => $en,)* }
            }

            /// What to do about it, in Chinese.
            pub const fn remedy_zh(self) -> &'static str {
                match self { $(Self::$variant => $zh,)* }
            }
        }
    };
}

codes! {
    /// The login endpoint or function returned no usable login.
    LoginFailed = "LOGIN_FAILED",
        "Check that the login endpoint is reachable, that the visitor is signed in, and that the response has the members the documentation names.",
        "请检查登录接口是否可达、用户是否已登录，并确认其返回文档所列的各个字段。";
    /// A request did not arrive, or no response came back.
    Network = "NETWORK",
        "Check the connection, the proxy and the firewall, and that the address serves what it should with the right type; an endpoint at another origin must allow this page's origin (CORS). Then try again.",
        "请检查网络、代理与防火墙，并确认该地址能以正确的内容类型返回资源；接口在其他来源时，须允许本页面的来源（CORS）。然后重试。";
    /// Nothing failed, but the deadline passed.
    Timeout = "TIMEOUT",
        "Try again; if it keeps happening, look at the step the message names, or raise timeoutMs.",
        "请重试；若反复出现，请检查消息中指出的步骤，或调大 timeoutMs。";
    /// The page's Content Security Policy refused something Calldock needs.
    CspBlocked = "CSP_BLOCKED",
        "Add the source the message names to the page's Content-Security-Policy.",
        "请在页面的 Content-Security-Policy 中加入消息所指出的来源。";
    /// The page enforces Trusted Types and does not know Calldock's policy.
    TrustedTypesBlocked = "TRUSTED_TYPES_BLOCKED",
        "Add 'calldock' to the trusted-types directive of the page's Content-Security-Policy.",
        "请在页面 Content-Security-Policy 的 trusted-types 指令中加入 calldock。";
    /// The vendor's script ran and left no global of the expected shape, or the page has declared a global that the vendor's script reads.
    GlobalMissing = "GLOBAL_MISSING",
        "Check that sdkUrl is the address the vendor returned, and that no other script of the page declares or overwrites a global that the message names.",
        "请确认 sdkUrl 是厂商返回的地址，并检查页面上是否有其他脚本声明或覆盖了消息中提到的全局变量。";
    /// The vendor understood the request and refused it.
    VendorRejected = "VENDOR_REJECTED",
        "Read the vendor's text in the message. It may be temporary, such as a busy line or an agent who is not online; else check the account, its permissions and its licences in the vendor's console.",
        "请查看消息中厂商返回的内容。可能只是暂时情况，例如线路忙或坐席未上线；否则请在厂商控制台检查账号、权限与套餐。";
    /// The vendor no longer accepts the token.
    TokenExpired = "TOKEN_EXPIRED",
        "Ask the server for a new login and open again; a login works once and for ten minutes.",
        "请向服务端获取新的登录凭证后重新打开；登录凭证仅可使用一次，有效期十分钟。";
    /// What was to be opened is open already and cannot be shared.
    AlreadyOpen = "ALREADY_OPEN",
        "Use the one that is open, here or in the other tab; takeOver moves an agent from another tab to this one, a reload starts over.",
        "请使用已打开的实例（本页或另一标签页）；takeOver 可将另一标签页的坐席接管过来，刷新页面则重新开始。";
    /// The page was not delivered over HTTPS (or from localhost).
    InsecureContext = "INSECURE_CONTEXT",
        "Serve the page over HTTPS; localhost is allowed for development.",
        "请通过 HTTPS 提供页面；开发时可使用 localhost。";
    /// The browser lacks something that is required.
    UnsupportedBrowser = "UNSUPPORTED_BROWSER",
        "Use a current Chrome, Edge, Firefox or Safari; call Calldock only in a browser, not while rendering on a server.",
        "请使用新版 Chrome、Edge、Firefox 或 Safari；请仅在浏览器中调用 Calldock，不要在服务端渲染时调用。";
    /// A value handed to Calldock is not of the documented form.
    InvalidOption = "INVALID_OPTION",
        "Fix the value the message names.",
        "请修正消息中指出的值。";
    /// A page was given what only a server may hold.
    SecretInPage = "SECRET_IN_PAGE",
        "Remove the secret from the page, replace it at the vendor, and sign on the server.",
        "请从页面移除密钥，到厂商处更换密钥，并改为在服务端签名。";
    /// The frame around the page is not one that may receive the message.
    OriginRefused = "ORIGIN_REFUSED",
        "Open the page inside the vendor's workbench; if the origin the message names is to be trusted, add it to allowParents (in CEC's agent workbench: to allowOrigins).",
        "请在厂商工作台内打开该页面；如果消息中指出的来源可信，请将其加入 allowParents（CEC 坐席工作台中为 allowOrigins）。";
    /// What the call was made on has been closed: the workbench, the chat, the host page's service.
    Closed = "CLOSED",
        "Open it again before calling; `closed` and `session.state` say when it ended.",
        "请重新打开后再调用；closed 与 session.state 会说明何时结束。";
    /// The other page went away while it was to respond.
    PeerGone = "PEER_GONE",
        "Check that the host page is still open and serves callOuts, then try again.",
        "请确认宿主页面仍然打开并在处理外呼请求，然后重试。";
    /// More requests came from one caller within a minute than are allowed.
    TooMany = "TOO_MANY",
        "Send fewer requests, or raise the limit the message names.",
        "请降低请求频率，或调高消息中指出的上限。";
    /// The vendor's cloud takes only so many logins a second, and the queue for them stayed full.
    QueueFull = "QUEUE_FULL",
        "Wait and try again; raise timeoutMs so that the page keeps its place in the queue for longer.",
        "请稍候重试；可调大 timeoutMs，使页面在队列中保留更长时间。";
    /// The browser blocked a new window.
    PopupBlocked = "POPUP_BLOCKED",
        "Call it in the handler of a click, or allow pop-ups for this site.",
        "请在点击事件的处理函数中调用，或允许本站点弹出窗口。";
    /// The user or the page's policy refused a permission, such as the microphone.
    PermissionDenied = "PERMISSION_DENIED",
        "Allow what the message names in the browser's site settings and in the page's Permissions-Policy.",
        "请在浏览器的站点设置与页面的 Permissions-Policy 中允许消息所指出的权限。";
    /// The request left, and no result came back: the call may have been made.
    OutcomeUnknown = "OUTCOME_UNKNOWN",
        "The call may have been made: do not dial again before the agent's workbench shows that there is none.",
        "呼叫可能已经发出：请先在坐席工作台确认没有该通话，再决定是否重拨。";
    /// The caller's own signal stopped the work.
    Aborted = "ABORTED",
        "Nothing to fix: the caller stopped it.",
        "无需处理：调用方已主动取消。";
    /// Calldock itself failed.
    Internal = "INTERNAL",
        "Reload the page, and report the message.",
        "请刷新页面，并反馈该消息。";
}

impl Code {
    /// The code of that name, if it is one of the list.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_name_of_its_own_and_a_remedy_in_both_languages() {
        for (index, code) in Code::ALL.iter().enumerate() {
            assert_eq!(Code::from_name(code.as_str()), Some(*code));
            assert!(Code::ALL[index + 1..].iter().all(|other| other.as_str() != code.as_str()));
            assert!(code.remedy_en().is_ascii() && code.remedy_en().ends_with('.'), "{code}");
            assert!(code.remedy_zh().ends_with('。'), "{code}");
        }
        assert_eq!(Code::from_name("NO_SUCH_CODE"), None);
    }
}
