// `npx calldock init`: writes a working page for a role and a framework. Never overwrites a file.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { say } from './language.js'
import { oneOf, readOptions, UsageError } from './options.js'
import { FRAMEWORKS, type Framework, files, ROLES, type Role } from './templates.js'
import { VERSION } from './version.js'

export const INIT_HELP = say(
  `  init [FOLDER]    write a working page into FOLDER (default: calldock-ROLE)
    --role ROLE             host: the agent's workbench in your page
                            pop: a page inside the vendor's workbench: screen pop and callOut
                            cec-chat: Huawei CEC's online chat; tccc-chat: TCCC's online chat
    --framework FRAMEWORK   vite (default: TypeScript with Vite), react, vue,
                            html: one classic script, no bundler`,
  `  init [FOLDER]    在 FOLDER 中写入一个可运行的页面（默认：calldock-ROLE）
    --role ROLE             host：在您的页面中嵌入坐席工作台
                            pop：厂商工作台内的页面：来电弹屏与外呼
                            cec-chat：华为云客服的在线聊天；tccc-chat：腾讯云呼叫中心的在线聊天
    --framework FRAMEWORK   vite（默认：TypeScript 与 Vite）、react、vue、
                            html：一个普通脚本，无需打包工具`,
)

/** Writes the page and says what to do next. */
export function init(args: readonly string[]): void {
  const { values, positionals } = readOptions(args, {
    role: { type: 'string' },
    framework: { type: 'string', default: 'vite' },
  })
  const role: Role = oneOf('--role', ROLES, values.role)
  const framework: Framework = oneOf('--framework', FRAMEWORKS, values.framework)
  if (positionals.length > 1)
    throw new UsageError(
      say(
        `Expected one folder, found ${positionals.length}: ${positionals.join(' ')}.`,
        `应给出一个目录，实际为 ${positionals.length} 个：${positionals.join(' ')}。`,
      ),
    )
  const folder = resolve(positionals[0] ?? `calldock-${role}`)
  const made = files(role, framework, VERSION)
  const there = Object.keys(made).filter((name) => existsSync(join(folder, name)))
  if (there.length > 0)
    throw new UsageError(
      say(
        `Expected a folder without ${there.join(', ')}, found them in ${folder}. Give another folder: npx calldock init FOLDER`,
        `目录中不应有 ${there.join('、')}，实际在 ${folder} 中已存在。请换一个目录：npx calldock init FOLDER`,
      ),
    )
  for (const [name, text] of Object.entries(made)) {
    const file = join(folder, name)
    try {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    } catch (cause) {
      const { message } = cause as Error
      throw new UsageError(
        say(
          `Expected a folder that can be written to, found ${message}. Give another folder: npx calldock init FOLDER`,
          `应为可写入的目录，实际为：${message}。请换一个目录：npx calldock init FOLDER`,
        ),
      )
    }
    console.log(`${say('wrote', '已写入')} ${relative(process.cwd(), file)}`)
  }
  const start = framework === 'html' ? 'node serve.mjs' : 'npx vite'
  const port = framework === 'html' ? 8080 : 5173
  const next = [
    `cd ${quoted(relative(process.cwd(), folder) || '.')} && npm install && ${start}`,
    ...(framework === 'html' ? [] : [VITE_NEEDS]),
    NEXT[role],
    ...TRIAL[role](`http://localhost:${port}`),
    deployed(PURPOSE[role]),
  ]
  console.log(`\n${say('Next:', '接下来：')}\n  ${next.join('\n  ')}`)
}

/** A path as a shell takes it for one word, and not for an option. */
function quoted(path: string): string {
  const word = path.startsWith('-') ? `./${path}` : path
  if (process.platform === 'win32') return /[^\p{L}\p{N}_.:\\-]/u.test(word) ? `"${word}"` : word
  return /[^\p{L}\p{N}_@%+=:,./-]/u.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : word
}

/** `engines` of the Vite and the plugins that a page is written with: newer than what this command needs. */
const VITE_NEEDS = say(
  'Vite needs Node.js 20.19, or 22.12 and newer.',
  'Vite 需要 Node.js 20.19，或 22.12 及以上版本。',
)

const NEXT: Readonly<Record<Role, string>> = {
  host: say(
    'The page requests a login from /calldock/v1/tccc/login: run calldock-server on port 8700.',
    '页面会向 /calldock/v1/tccc/login 请求登录凭证：请在 8700 端口运行 calldock-server。',
  ),
  pop: say(
    'Open it with #?mobile=13800000000&type=phone&status=100, as the vendor does; enter its address in the vendor’s console.',
    '请像厂商那样带上 #?mobile=13800000000&type=phone&status=100 打开；页面地址填入厂商控制台。',
  ),
  'cec-chat': say(
    'The page requests /calldock/v1/cec/login and /service-cloud: run calldock-server on port 8700 and calldock-edge on 8704.',
    '页面会请求 /calldock/v1/cec/login 与 /service-cloud：请在 8700 端口运行 calldock-server，在 8704 端口运行 calldock-edge。',
  ),
  'tccc-chat': say(
    'The page requests /calldock/v1/tccc/chat: run calldock-server on port 8700.',
    '页面会请求 /calldock/v1/tccc/chat：请在 8700 端口运行 calldock-server。',
  ),
}

const WITHOUT_ACCOUNT = say(
  'Without an account of the vendor: in a clone of Calldock’s repository, each in a terminal of its own:',
  '没有厂商账号时：克隆 Calldock 源码仓库，在各自的终端中运行：',
)
const DOUBLES = 'cargo run --package calldock-doubles'
const SERVER = 'cargo run --package calldock-server -- --demo'
const EDGE = 'cargo run --package calldock-edge -- --demo --vendor http://127.0.0.1:8701'

/** How a page is tried without an account of the vendor. */
const TRIAL: Readonly<Record<Role, (site: string) => readonly string[]>> = {
  host: (site) => [
    WITHOUT_ACCOUNT,
    `  ${DOUBLES} -- --site-origin ${site}`,
    `  ${SERVER}`,
    say(
      '  curl http://127.0.0.1:8701/control/ring --data "{}"    lets a call ring',
      '  curl http://127.0.0.1:8701/control/ring --data "{}"    产生一个来电',
    ),
    say(
      'With npm alone: `await fakeWorkbench().open()` of calldock/testing in the place of openWorkbench.',
      '只有 npm 时：以 calldock/testing 的 `await fakeWorkbench().open()` 代替 openWorkbench。',
    ),
  ],
  pop: () => [
    say(
      'Outside of a workbench a call back fails with ORIGIN_REFUSED; a test has fakeParent of calldock/testing around the page.',
      '在工作台之外回拨会以 ORIGIN_REFUSED 失败；测试中可用 calldock/testing 的 fakeParent 代替外层工作台。',
    ),
  ],
  'cec-chat': () => [WITHOUT_ACCOUNT, `  ${DOUBLES}`, `  ${SERVER}`, `  ${EDGE}`],
  'tccc-chat': () => [
    WITHOUT_ACCOUNT,
    `  ${DOUBLES}`,
    `  ${SERVER}`,
    say(
      "with chatPage: 'http://127.0.0.1:8701/web/im/index.html' among the options of openChatWindow.",
      "并在 openChatWindow 的选项中加入 chatPage: 'http://127.0.0.1:8701/web/im/index.html'。",
    ),
  ],
}

/** What `check` has to say of the page; a link to a chat needs nothing of it. */
const PURPOSE: Readonly<Partial<Record<Role, string>>> = {
  host: 'workbench',
  pop: 'frame',
  'cec-chat': 'chat',
}

const deployed = (purpose: string | undefined) =>
  purpose
    ? `${say('When it is deployed: ', '部署之后：')}npx calldock check https://… --for ${purpose}`
    : ''
