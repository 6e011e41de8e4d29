#!/usr/bin/env node
// `npx calldock`: the commands, by their name.

import { CHECK_HELP, check } from './check.js'
import { INIT_HELP, init } from './init.js'
import { UsageError } from './options.js'

const HELP = `npx calldock <command>

${INIT_HELP}

${CHECK_HELP}

Exit status: 0 done or nothing failed, 1 a check failed, 2 wrong command or unreachable page.`

const [command, ...rest] = process.argv.slice(2)
try {
  if (rest.includes('--help') || command === '--help' || command === 'help' || !command) {
    console.log(HELP)
  } else if (command === 'init') {
    init(rest)
  } else if (command === 'check') {
    process.exitCode = (await check(rest)) ? 0 : 1
  } else throw new UsageError(`Expected the command init or check, found "${command}".`)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(`${error.message}\nSee: npx calldock --help`)
  process.exitCode = 2
}
