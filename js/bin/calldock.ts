#!/usr/bin/env node
// `npx calldock`: the commands, by their name.

import { CHECK_HELP, check } from './check.js'
import { INIT_HELP, init } from './init.js'
import { say } from './language.js'
import { shownText, UsageError } from './options.js'

const HELP = `npx calldock ${say('<command>', '<命令>')}

${INIT_HELP}

${CHECK_HELP}

${say(
  'Exit status: 0 done or nothing failed, 1 a check failed, 2 wrong command or unreachable page.',
  '退出码：0 已完成或检查全部通过，1 有检查未通过，2 命令有误或页面无法访问。',
)}`

const [command, ...rest] = process.argv.slice(2)
try {
  if (rest.includes('--help') || command === '--help' || command === 'help' || !command) {
    console.log(HELP)
  } else if (command === 'init') {
    init(rest)
  } else if (command === 'check') {
    process.exitCode = (await check(rest)) ? 0 : 1
  } else
    throw new UsageError(
      say(
        `Expected the command init or check, found ${shownText(command)}.`,
        `应为命令 init 或 check，实际为${shownText(command)}。`,
      ),
    )
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(`${error.message}\n${say('See: ', '参见：')}npx calldock --help`)
  process.exitCode = 2
}
