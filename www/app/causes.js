// @ts-check
// Written by `cargo xtask generate` from contract/src/tables/; do not edit.

/** What each code means. @type {Readonly<Record<string, string>>} */
export const causes = {
  LOGIN_FAILED:
    '登录接口或登录函数没有返回可用的登录凭证。',
  NETWORK:
    '请求没有到达，或没有收到响应。',
  TIMEOUT:
    '没有步骤失败，但已超过时限。',
  CSP_BLOCKED:
    '页面的内容安全策略拒绝了 Calldock 所需的内容。',
  TRUSTED_TYPES_BLOCKED:
    '页面启用了 Trusted Types，但未允许 Calldock 的策略。',
  GLOBAL_MISSING:
    '厂商脚本已执行，但没有留下预期的全局变量；或者页面已声明了厂商脚本要读取的全局变量。',
  VENDOR_REJECTED:
    '厂商收到请求后予以拒绝。',
  TOKEN_EXPIRED:
    '厂商不再接受该令牌。',
  ALREADY_OPEN:
    '要打开的对象已经打开，且无法共享。',
  INSECURE_CONTEXT:
    '页面不是通过 HTTPS（或 localhost）提供的。',
  UNSUPPORTED_BROWSER:
    '浏览器缺少必需的能力。',
  INVALID_OPTION:
    '传给 Calldock 的值不符合文档规定的格式。',
  SECRET_IN_PAGE:
    '页面得到了只应保存在服务端的密钥。',
  ORIGIN_REFUSED:
    '外层页面的来源不在允许接收消息之列。',
  CLOSED:
    '调用所针对的对象（工作台、聊天或宿主页面的服务）已关闭。',
  PEER_GONE:
    '对方页面在应当响应时已离开。',
  TOO_MANY:
    '同一调用方在一分钟内的请求超过上限。',
  QUEUE_FULL:
    '厂商云端每秒仅接受有限的登录，且排队持续已满。',
  POPUP_BLOCKED:
    '浏览器拦截了新窗口。',
  PERMISSION_DENIED:
    '用户或页面策略拒绝了权限，例如麦克风。',
  OUTCOME_UNKNOWN:
    '请求已发出但没有结果：呼叫可能已经发出。',
  ABORTED:
    '调用方自己的 signal 取消了操作。',
  INTERNAL:
    'Calldock 自身出错。',
}
