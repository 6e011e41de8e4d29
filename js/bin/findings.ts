// What the checks find, in Chinese. The report as JSON stays in English: programs read it.

import type { PreflightCheck } from '../preflight/checks.js'
import { inChinese } from './language.js'

const STATUSES: Readonly<Record<PreflightCheck['status'], string>> = {
  ok: '通过',
  warning: '警告',
  failed: '未通过',
  unknown: '未知',
}

const FOUND: readonly (readonly [RegExp, string])[] = [
  [/^allowed$/, '允许'],
  [/^HTTPS or localhost$/, 'HTTPS 或 localhost'],
  [/^HTTP$/, 'HTTP'],
  [/^none: the larger JavaScript form is used$/, '不支持：将使用体积较大的 JavaScript 形式'],
  [
    /^refused by the policy: the larger JavaScript form is used$/,
    '被策略拒绝：将使用体积较大的 JavaScript 形式',
  ],
  [/^the policy refuses the text of the vendor's scripts$/, '策略不允许厂商脚本以内联文本运行'],
  [/^the policy refuses (.+)$/, '策略拒绝 $1'],
  [/^nothing in the way$/, '无阻碍'],
  [/^trusted-types without 'calldock'$/, "trusted-types 中没有 'calldock'"],
  [/^frame-ancestors without (.+)$/, 'frame-ancestors 中没有 $1'],
  [
    /^no rule: any page may show this one in a frame$/,
    '没有规则：任何页面都可以用 iframe 嵌入本页',
  ],
  [
    /^(X-Frame-Options: .+), which browsers ignore: any page may show this one in a frame$/,
    '$1，会被浏览器忽略：任何页面都可以用 iframe 嵌入本页',
  ],
  [/^none$/, '无'],
  [/^(require-corp|credentialless), without foreign frames$/, '$1，没有其他来源的 iframe'],
  [
    /^(require-corp|credentialless): frames of (.+) are empty unless they send (\S+) and (\S+) too$/,
    '$1：$2 的 iframe 须同样发送 $3 与 $4，否则显示为空',
  ],
  [/^an origin of its own$/, '有自己的来源'],
  [/^a (?:policy|frame) of sandbox without allow-same-origin$/, 'sandbox 中没有 allow-same-origin'],
  // Headers are the same in every language.
  [/^((?:X-Frame-Options|Permissions-Policy): .+)$/, '$1'],
]

/** A status in the terminal's language. */
export function statusText(status: PreflightCheck['status']): string {
  return inChinese ? STATUSES[status] : status
}

/** A finding in the terminal's language; in English where the list has none. */
export function foundText(found: string): string {
  if (!inChinese) return found
  const [pattern, chinese] = FOUND.find(([pattern]) => pattern.test(found)) ?? []
  return pattern && chinese ? found.replace(pattern, chinese) : found
}
