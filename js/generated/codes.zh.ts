// Written by `cargo xtask generate` from contract/src/tables/; do not edit.

import type { Code } from './codes.en.js'

/** How to fix each failure. */
export const REMEDIES: Readonly<Record<Code, string>> = {
  LOGIN_FAILED: '请检查登录接口是否可达、用户是否已登录，并确认其返回文档所列的各个字段。',
  NETWORK: '请检查网络、代理与防火墙，并确认该地址能以正确的内容类型返回资源；接口在其他来源时，须允许本页面的来源（CORS）。然后重试。',
  TIMEOUT: '请重试；若反复出现，请检查消息中指出的步骤，或调大 timeoutMs。',
  CSP_BLOCKED: '请在页面的 Content-Security-Policy 中加入消息所指出的来源。',
  TRUSTED_TYPES_BLOCKED: '请在页面 Content-Security-Policy 的 trusted-types 指令中加入 calldock。',
  GLOBAL_MISSING: '请确认 sdkUrl 是厂商返回的地址，并检查页面上是否有其他脚本覆盖了厂商的全局变量。',
  VENDOR_REJECTED: '请查看消息中厂商返回的内容。可能只是暂时情况，例如线路忙或坐席未上线；否则请在厂商控制台检查账号、权限与套餐。',
  TOKEN_EXPIRED: '请向服务端获取新的登录凭证后重新打开；登录凭证仅可使用一次，有效期十分钟。',
  ALREADY_OPEN: '请使用已打开的实例（本页或另一标签页）；takeOver 可将另一标签页的客服接管过来，刷新页面则重新开始。',
  INSECURE_CONTEXT: '请通过 HTTPS 提供页面；开发时可使用 localhost。',
  UNSUPPORTED_BROWSER: '请使用新版 Chrome、Edge、Firefox 或 Safari；请仅在浏览器中调用 Calldock，不要在服务端渲染时调用。',
  INVALID_OPTION: '请修正消息中指出的值。',
  SECRET_IN_PAGE: '请从页面移除密钥，到厂商处更换密钥，并改为在服务端签名。',
  ORIGIN_REFUSED: '请在厂商工作台内打开该页面；如果消息中指出的来源可信，请将其加入 allowParents。',
  CLOSED: '请重新打开后再调用；closed 与 session.state 会说明何时结束。',
  PEER_GONE: '请确认宿主页面仍然打开并在处理外呼请求，然后重试。',
  TOO_MANY: '请降低请求频率，或调高消息中指出的上限。',
  QUEUE_FULL: '请稍候重试；可调大 timeoutMs，使页面在队列中保留更长时间。',
  POPUP_BLOCKED: '请在点击事件的处理函数中调用，或允许本站点弹出窗口。',
  PERMISSION_DENIED: '请在浏览器的站点设置与页面的 Permissions-Policy 中允许消息所指出的权限。',
  OUTCOME_UNKNOWN: '呼叫可能已经发出：请先在坐席工作台确认没有该通话，再决定是否重拨。',
  ABORTED: '无需处理：调用方已主动取消。',
  INTERNAL: '请刷新页面，并反馈该消息。',
}

/** What was expected and what was found. */
export const PHRASES: Readonly<Record<string, string>> = {
  'nothing': '空',
  'null': 'null',
  'a text': '文本',
  'an empty text': '空文本',
  'a number': '数字',
  'a text or a number': '文本或数字',
  'true or false': '布尔值',
  'a list': '列表',
  'a list of texts': '文本列表',
  'an object': '对象',
  'a function': '函数',
  'JSON data': 'JSON 数据',
  'telephone keys: digits, * and #': '电话按键：数字、* 与 #',
  'no secret': '不含密钥',
  'an object that can be read': '可读取的对象',
  'an object whose member cannot be read': '某个成员无法读取的对象',
  'a member that is not listed': '文档未列出的成员',
  'an AbortSignal': 'AbortSignal',
  'an https address (http only for localhost)': 'https 地址（http 仅限 localhost）',
  'a response': '响应',
  'no connection': '无法连接',
  'a page': '页面环境',
  'none': '无',
}
