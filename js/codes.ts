// Written by contract/tests/generated.rs from contract/src/error.rs; do not edit.

/** What to do about each failure, in English and in Chinese. */
export const REMEDIES = {
  LOGIN_FAILED: {
    en: 'Check that the login endpoint is reachable, that the visitor is signed in, and that it answers the members the documentation names.',
    zh: '请检查登录接口是否可达、用户是否已登录，并确认其返回文档所列的各个字段。',
  },
  NETWORK: {
    en: 'Check the connection, the proxy and the firewall, and that the address serves what it should with the right type; then try again.',
    zh: '请检查网络、代理与防火墙，并确认该地址能以正确的内容类型返回资源，然后重试。',
  },
  TIMEOUT: {
    en: 'Try again; if it keeps happening, look at the step the message names, or raise timeoutMs.',
    zh: '请重试；若反复出现，请检查消息中指出的步骤，或调大 timeoutMs。',
  },
  CSP_BLOCKED: {
    en: "Add the source the message names to the page's Content-Security-Policy.",
    zh: '请在页面的 Content-Security-Policy 中加入消息所指出的来源。',
  },
  TRUSTED_TYPES_BLOCKED: {
    en: "Add 'calldock' to the trusted-types directive of the page's Content-Security-Policy.",
    zh: '请在页面 Content-Security-Policy 的 trusted-types 指令中加入 calldock。',
  },
  GLOBAL_MISSING: {
    en: "Check that sdkUrl is the address the vendor returned, and that no other script of the page overwrites the vendor's global.",
    zh: '请确认 sdkUrl 是厂商返回的地址，并检查页面上是否有其他脚本覆盖了厂商的全局变量。',
  },
  VENDOR_REJECTED: {
    en: "Read the vendor's text in the message; check the account, its permissions and its licences in the vendor's console.",
    zh: '请查看消息中厂商返回的内容，并在厂商控制台检查账号、权限与套餐。',
  },
  TOKEN_EXPIRED: {
    en: 'Ask the server for a new login and open again; a login works once and for ten minutes.',
    zh: '请向服务端获取新的登录凭证后重新打开；登录凭证仅可使用一次，有效期十分钟。',
  },
  ALREADY_OPEN: {
    en: 'Use the one that is open, here or in the other tab; takeOver brings an agent over from another tab, a reload starts afresh.',
    zh: '请使用已打开的实例（本页或另一标签页）；takeOver 可将另一标签页的客服接管过来，刷新页面则重新开始。',
  },
  INSECURE_CONTEXT: {
    en: 'Serve the page over HTTPS; localhost is allowed for development.',
    zh: '请通过 HTTPS 提供页面；开发时可使用 localhost。',
  },
  UNSUPPORTED_BROWSER: {
    en: 'Use a current Chrome, Edge, Firefox or Safari; call Calldock only in a browser, not while rendering on a server.',
    zh: '请使用新版 Chrome、Edge、Firefox 或 Safari；请仅在浏览器中调用 Calldock，不要在服务端渲染时调用。',
  },
  INVALID_OPTION: {
    en: 'Mend the value the message names.',
    zh: '请修正消息中指出的值。',
  },
  SECRET_IN_PAGE: {
    en: 'Remove the secret from the page, replace it at the vendor, and sign on the server.',
    zh: '请从页面移除密钥，到厂商处更换密钥，并改为在服务端签名。',
  },
  ORIGIN_REFUSED: {
    en: "Open the page inside the vendor's workbench; if the origin the message names is to be trusted, add it to allowParents.",
    zh: '请在厂商工作台内打开该页面；如果消息中指出的来源可信，请将其加入 allowParents。',
  },
  CLOSED: {
    en: 'Open it again before calling; `closed` and `session.state` say when it ended.',
    zh: '请重新打开后再调用；closed 与 session.state 会说明何时结束。',
  },
  PEER_GONE: {
    en: 'Check that the host page is still open and serves callOuts, then try again.',
    zh: '请确认宿主页面仍然打开并在处理外呼请求，然后重试。',
  },
  TOO_MANY: {
    en: 'Send fewer requests, or raise the limit the message names.',
    zh: '请降低请求频率，或调高消息中指出的上限。',
  },
  QUEUE_FULL: {
    en: 'Wait and try again; raise timeoutMs so that the page keeps its place in the queue for longer.',
    zh: '请稍候重试；可调大 timeoutMs，使页面在队列中保留更长时间。',
  },
  POPUP_BLOCKED: {
    en: 'Call it in the handler of a click, or allow pop-ups for this site.',
    zh: '请在点击事件的处理函数中调用，或允许本站点弹出窗口。',
  },
  PERMISSION_DENIED: {
    en: "Allow what the message names in the browser's site settings and in the page's Permissions-Policy.",
    zh: '请在浏览器的站点设置与页面的 Permissions-Policy 中允许消息所指出的权限。',
  },
  OUTCOME_UNKNOWN: {
    en: "The call may have been made: do not dial again before the agent's workbench shows that there is none.",
    zh: '呼叫可能已经发出：请先在坐席工作台确认没有该通话，再决定是否重拨。',
  },
  ABORTED: {
    en: 'Nothing to mend: the caller stopped it.',
    zh: '无需处理：调用方已主动取消。',
  },
  INTERNAL: {
    en: 'Reload the page, and report the message.',
    zh: '请刷新页面，并反馈该消息。',
  },
} as const
