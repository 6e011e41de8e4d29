// Why a page could not be read: the address that was requested, what was expected, what was found, what to do.

import { say } from './language.js'

/** The longest wait for a page, in milliseconds. */
export const TIMEOUT_MS = 15_000

/** An address as it is printed: without what a query or a fragment may hold. */
export function shownAddress({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search && '?…'}`
}

interface Reason {
  /** Matches the error's code or its message. */
  readonly error: RegExp
  readonly english: readonly [found: string, fix: string]
  readonly chinese: readonly [found: string, fix: string]
}

const REASONS: readonly Reason[] = [
  {
    error: /ECONNREFUSED/,
    english: ['a refused connection', 'Start the server, or correct the port.'],
    chinese: ['连接被拒绝', '请启动服务，或更正端口。'],
  },
  {
    error: /ENOTFOUND|EAI_AGAIN/,
    english: ['a host name that cannot be resolved', 'Correct the host name, or check DNS.'],
    chinese: ['域名无法解析', '请更正域名，或检查 DNS。'],
  },
  {
    error: /redirect count exceeded/,
    english: [
      'more than 20 redirects, probably a loop',
      'Give the address at which the page is served in the end, and one that needs no sign-in; a page may redirect for ever where it does not get its cookie.',
    ],
    chinese: [
      '重定向超过 20 次，可能是循环重定向',
      '请给出最终页面的地址，且无需登录；页面得不到自己的 cookie 时可能一直重定向。',
    ],
  },
  {
    error: /bad port/,
    english: [
      'a port that browsers refuse',
      'Serve the page on another port, such as 443 or 8080: this one is reserved for another protocol.',
    ],
    chinese: ['浏览器禁用的端口', '请改用其他端口，例如 443 或 8080：该端口保留给其他协议。'],
  },
  {
    error: /TIMEOUT|ETIMEDOUT/,
    english: [
      `no response within ${TIMEOUT_MS / 1000} seconds`,
      'Check the address, the firewall and the server.',
    ],
    chinese: [`超过 ${TIMEOUT_MS / 1000} 秒没有响应`, '请检查地址、防火墙与服务。'],
  },
  {
    error: /WRONG_VERSION_NUMBER|EPROTO|PACKET_LENGTH_TOO_LONG/,
    english: ['a response without TLS', 'Write http:// for this port, or give the port of HTTPS.'],
    chinese: ['不是 TLS 的响应', '该端口请使用 http://，或给出 HTTPS 的端口。'],
  },
  {
    error: /CERT|SELF_SIGNED|UNABLE_TO_/,
    english: [
      'a certificate that is not trusted',
      'Renew or complete the certificate; a private authority is named by NODE_EXTRA_CA_CERTS=ca.pem.',
    ],
    chinese: ['不受信任的证书', '请更新或补全证书；私有 CA 可用 NODE_EXTRA_CA_CERTS=ca.pem 指定。'],
  },
  {
    error: /ECONNRESET|UND_ERR_SOCKET|terminated/,
    english: [
      'a connection that the server closed',
      'Check that this port speaks HTTP, and read the server’s log.',
    ],
    chinese: ['连接被服务端关闭', '请确认该端口使用 HTTP 协议，并查看服务端日志。'],
  },
  {
    error: /EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL/,
    english: ['no route to the host', 'Check the network, a VPN and the address.'],
    chinese: ['没有到该主机的路由', '请检查网络、VPN 与地址。'],
  },
  {
    error: /HTTP\(S\) scheme/,
    english: [
      'a redirect to an address that is neither http nor https',
      'Give the address at which the page is served in the end.',
    ],
    chinese: ['重定向到既非 http 也非 https 的地址', '请给出最终页面的地址。'],
  },
  {
    error: /HPE_|HTTPParserError/,
    english: ['a response that is not HTTP', 'Correct the port: another protocol is spoken there.'],
    chinese: ['不是 HTTP 的响应', '请更正端口：该端口使用其他协议。'],
  },
]

/** What to say where no response came. */
export function notReached(url: URL, error: unknown): string {
  const { cause, name, message } = Object(error) as Error & { cause?: unknown }
  const { code, message: detail } = Object(cause) as { code?: string; message?: string }
  const text = [name, message, code, detail].filter(Boolean).join(' ')
  const known = REASONS.find((reason) => reason.error.test(text))
  // What only Node.js can tell is in English in both languages.
  const original = code || detail || message
  const [found, fix] = known?.english ?? [original, 'Check the address and the network.']
  const [foundInChinese, fixInChinese] = known?.chinese ?? [original, '请检查地址与网络。']
  const more = known && original !== 'TIMEOUT' ? original : ''
  return say(
    `Expected a page at ${shownAddress(url)}, found ${found}${more && ` (${more})`}. ${fix}`,
    `应能访问 ${shownAddress(url)}，实际为${more ? `${foundInChinese}（${more}）` : foundInChinese}。${fixInChinese}`,
  )
}

/** What to say where the response has an error's status. */
export function notServed(url: URL, status: number): string {
  const [fix, fixInChinese] =
    status === 401 || status === 403
      ? ['Give an address that needs no sign-in.', '请给出无需登录的地址。']
      : status >= 500
        ? ['Check the server behind this address and its log.', '请检查该地址的服务及其日志。']
        : ['Check the address.', '请检查地址。']
  return say(
    `Expected a page at ${shownAddress(url)}, found HTTP ${status}. ${fix}`,
    `应能访问 ${shownAddress(url)}，实际为 HTTP ${status}。${fixInChinese}`,
  )
}
