// `npx calldock init`: writes a working page for a role and a framework. Never overwrites a file.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { oneOf, readOptions, UsageError } from './options.js'
import { FRAMEWORKS, type Framework, files, ROLES, type Role } from './templates.js'
import { VERSION } from './version.js'

export const INIT_HELP = `  init [FOLDER]    write a working page into FOLDER (default: calldock-ROLE)
    --role ROLE             host: the agent's workbench in your page
                            pop: a page inside the vendor's workbench: screen pop and callOut
                            cec-chat: Huawei CEC's online chat; tccc-chat: TCCC's online chat
    --framework FRAMEWORK   vite (default: TypeScript with Vite), react, vue,
                            html: one classic script, no bundler`

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
      `Expected one folder, found ${positionals.length}: ${positionals.join(' ')}.`,
    )
  const folder = resolve(positionals[0] ?? `calldock-${role}`)
  const made = files(role, framework, VERSION)
  const there = Object.keys(made).filter((name) => existsSync(join(folder, name)))
  if (there.length > 0)
    throw new UsageError(
      `Expected a folder without ${there.join(', ')}, found them in ${folder}. Give another folder: npx calldock init FOLDER`,
    )
  for (const [name, text] of Object.entries(made)) {
    const file = join(folder, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    console.log(`wrote ${relative(process.cwd(), file)}`)
  }
  const start = framework === 'html' ? 'node serve.mjs' : 'npx vite'
  console.log(`
Next:
  cd ${relative(process.cwd(), folder) || '.'} && npm install && ${start}
  ${NEXT[role]}
  When it is deployed: npx calldock check https://… --for ${PURPOSE[role]}`)
}

const NEXT: Readonly<Record<Role, string>> = {
  host: 'The page asks /calldock/v1/tccc/login for a login: run calldock-server on port 8700.',
  pop: 'Open it with #?mobile=13800000000&type=phone&status=100, as the vendor does; enter its address in the vendor’s console.',
  'cec-chat':
    'The page asks /calldock/v1/cec/login and /service-cloud: run calldock-server on port 8700 and calldock-edge on 8704.',
  'tccc-chat': 'The page asks /calldock/v1/tccc/chat: run calldock-server on port 8700.',
}

const PURPOSE: Readonly<Record<Role, string>> = {
  host: 'workbench',
  pop: 'frame',
  'cec-chat': 'chat',
  'tccc-chat': 'chat',
}
