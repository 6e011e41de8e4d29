// `npx calldock check URL`: reads a deployed page as a browser does and says which headers to change. The rules
// are those of `preflight`.

import * as checks from '../preflight/checks.js'
import { parseMeta, parsePolicies } from '../preflight/policy.js'
import { notReached, notServed, shownAddress, TIMEOUT_MS } from './failures.js'
import { foundText, statusText } from './findings.js'
import { readElements } from './html.js'
import { padEnd, say } from './language.js'
import { oneOf, readOptions, shownText, UsageError } from './options.js'
import { hasPage, listOf } from './permissions.js'

const PURPOSES = ['workbench', 'chat', 'frame'] as const

export const CHECK_HELP = say(
  `  check URL    read a deployed page's headers and say what to change
    --for PURPOSE       workbench (default), chat, or frame: a page inside the vendor's workbench
    --script ORIGIN     an origin of the vendor's script; repeatable
    --connect ORIGIN    an origin that the page sends requests to; repeatable
    --parent ORIGIN     an origin that shows the page in a frame; repeatable
    --frame ORIGIN      an origin that the page shows in a frame; repeatable
    --json              print the report as JSON`,
  `  check URL    读取已部署页面的响应头，并说明需要修改之处
    --for PURPOSE       workbench（默认：工作台）、chat（聊天）或 frame：厂商工作台内的页面
    --script ORIGIN     厂商脚本的来源；可重复
    --connect ORIGIN    页面要请求的来源；可重复
    --parent ORIGIN     以 iframe 嵌入本页的来源；可重复
    --frame ORIGIN      本页以 iframe 显示的来源；可重复
    --json              以 JSON 输出报告（英文）`,
)

/** The most that is read of a page, in characters: policies and scripts are at its beginning. */
const LIMIT = 1 << 20

/** Checks a page and prints the report. Returns whether nothing has failed. */
export async function check(args: readonly string[]): Promise<boolean> {
  const list = { type: 'string', multiple: true } as const
  const { values, positionals } = readOptions(args, {
    for: { type: 'string', default: 'workbench' },
    script: list,
    connect: list,
    parent: list,
    frame: list,
    json: { type: 'boolean', default: false },
  })
  const use = oneOf('--for', PURPOSES, values.for)
  const [address, more] = positionals
  if (!address || more)
    throw new UsageError(
      say(
        'Expected one URL: npx calldock check https://…',
        '应给出一个地址：npx calldock check https://…',
      ),
    )
  const url = webAddress(address)
  const given = {
    scripts: origins('--script', values.script),
    connect: origins('--connect', values.connect),
    parents: origins('--parent', values.parent),
    frames: origins('--frame', values.frame),
  }
  const response = await read(url)
  const page = readPage(response)
  const { origin } = page
  const scripts = given.scripts ?? (use === 'workbench' ? checks.TCCC : [origin])
  const required: checks.Requirements = {
    scripts,
    connect: given.connect ?? [origin, ...scripts],
    parents: given.parents ?? checks.WORKBENCHES,
    frames: given.frames ?? [],
  }
  const { ok, ...found } = checks.reportOf([
    secureContext(new URL(response.url)),
    ...checks.ofPage(use, page, required),
    ...(use === 'workbench' ? [microphone(response.headers, origin)] : []),
  ])
  const report = { ok, url: shownAddress(new URL(response.url)), ...found }
  console.log(values.json ? JSON.stringify(report, null, 2) : written(report))
  return ok
}

interface Response {
  readonly url: string
  readonly headers: Headers
  readonly text: string
}

async function read(url: URL): Promise<Response> {
  let response: Awaited<ReturnType<typeof fetch>>
  let text: string
  // `AbortSignal.timeout` would let the process end where `fetch` waits without a connection.
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(new Error('TIMEOUT')), TIMEOUT_MS)
  try {
    response = await fetch(url, {
      headers: { accept: 'text/html', 'user-agent': 'calldock-check' },
      signal: limit.signal,
    })
    text = (await response.text()).slice(0, LIMIT)
  } catch (error) {
    throw new UsageError(notReached(url, error))
  } finally {
    clearTimeout(timer)
  }
  if (!response.ok) throw new UsageError(notServed(new URL(response.url), response.status))
  return { url: response.url, headers: response.headers, text }
}

/** Reads the policies of the headers and of the meta elements. */
function readPage({ url, headers, text }: Response): checks.Page {
  const { metas, scripts } = readElements(text)
  const ofMetas = metas
    .filter((meta) => meta.get('http-equiv')?.toLowerCase() === 'content-security-policy')
    .flatMap((meta) => parseMeta(meta.get('content') ?? ''))
  return {
    origin: new URL(url).origin,
    opaque: false,
    read: true,
    nonced: scripts.some((script) => !!script.get('nonce')),
    policies: [...parsePolicies(headers.get('content-security-policy') ?? ''), ...ofMetas],
    metas: ofMetas,
    frameOptions: headers.get('x-frame-options') ?? undefined,
    embedder: headers.get('cross-origin-embedder-policy') ?? undefined,
  }
}

function secureContext({ protocol, hostname }: URL): checks.PreflightCheck {
  const local = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
  if (protocol === 'https:' || local)
    return { name: 'secureContext', status: 'ok', found: 'HTTPS or localhost' }
  return { name: 'secureContext', status: 'failed', found: 'HTTP', code: 'INSECURE_CONTEXT' }
}

/** `Permissions-Policy: microphone=()` takes the microphone away from the page itself. */
function microphone(headers: Headers, origin: string): checks.PreflightCheck {
  const name = 'microphonePolicy'
  const list = listOf('microphone', headers.get('permissions-policy') ?? '')
  if (list === undefined || hasPage(list, origin)) return { name, status: 'ok', found: 'allowed' }
  return {
    ...{ name, status: 'failed', code: 'PERMISSION_DENIED' },
    found: `Permissions-Policy: microphone${list && `=${list}`}`,
    header: 'Permissions-Policy: microphone=(self)',
  }
}

function webAddress(text: string): URL {
  try {
    const url = new URL(text)
    if (url.username || url.password)
      throw new UsageError(
        say(
          `Expected an address without a user name and a password, found some in that of ${url.host}. Remove them; give an address that needs no sign-in.`,
          `地址中不应含有用户名与密码，实际在 ${url.host} 的地址中含有。请删除，并给出无需登录的地址。`,
        ),
      )
    if (/^https?:$/.test(url.protocol)) return url
  } catch (error) {
    if (error instanceof UsageError) throw error
  }
  throw new UsageError(
    say(
      `Expected an address such as https://crm.example.com/, found ${shownText(text)}.`,
      `应为形如 https://crm.example.com/ 的地址，实际为${shownText(text)}。`,
    ),
  )
}

function origins(name: string, list: unknown): string[] | undefined {
  if (!Array.isArray(list)) return undefined
  return list.map(String).map((text) => {
    try {
      const { origin } = new URL(text)
      if (origin !== 'null') return origin
    } catch {}
    throw new UsageError(
      say(
        `${name}: expected an origin such as https://tccc.qcloud.com, found ${shownText(text)}.`,
        `${name}：应为形如 https://tccc.qcloud.com 的来源，实际为${shownText(text)}。`,
      ),
    )
  })
}

/** The report for people. */
function written({ url, checks }: checks.PreflightReport & { readonly url: string }): string {
  const rows = checks.map(({ name, status, found, code }) =>
    [padEnd(statusText(status), 8), name.padEnd(17), foundText(found), code ? `(${code})` : '']
      .join(' ')
      .trimEnd(),
  )
  const change = [
    ...under(
      say(
        'Add to the response headers (to the sources that are there):',
        '请加入响应头（加在已有的来源之后）：',
      ),
      lines(checks, false),
    ),
    // As a header they would be a second policy, which refuses the page's own scripts.
    ...under(
      say(
        "Add to the policy in the page's <meta> element (to the sources that are there):",
        '请加入页面 <meta> 元素中的策略（加在已有的来源之后）：',
      ),
      lines(checks, true).map((line) => line.replace('Content-Security-Policy: ', '')),
    ),
  ]
  const nothing = say('Nothing to change.', '无需修改。')
  return [url, ...rows, '', ...(change.length > 0 ? change : [nothing])].join('\n')
}

/** What is to be added, each line once: in the page's meta elements, or in its headers. */
function lines(found: readonly checks.PreflightCheck[], ofMetas: boolean): string[] {
  const there = found.filter(({ inMeta = false }) => inMeta === ofMetas)
  return [...new Set(there.flatMap(({ header }) => header ?? []))]
}

/** Lines under a heading; nothing where there are none. */
function under(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length > 0 ? [heading, ...lines] : []
}
