import { parseArgs } from 'node:util'
import { say } from './language.js'

/** A command that cannot be carried out as it was written; the message says what was expected and found. */
export class UsageError extends Error {}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

/** Reads the arguments of a command. */
export function readOptions(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(wrong(error))
  }
}

/** What Node.js says of arguments that it cannot read. */
function wrong(error: unknown): string {
  const { code, message } = Object(error) as { code?: string; message?: string }
  const english = message ?? String(error)
  const [, option = ''] = /'(-[^' ]*)/.exec(english) ?? []
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return say(english, `未知选项 ${option}。`)
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE')
    return say(english, `选项 ${option} 的值有误：可能缺少值，或不应带值。`)
  return say(english, `参数有误：${english}`)
}

/** One of a closed list of words. */
export function oneOf<T extends string>(name: string, words: readonly T[], value: unknown): T {
  const word = words.find((word) => word === value)
  if (word === undefined)
    throw new UsageError(
      say(
        `${name}: expected ${words.join(', ')}, found ${shown(value)}.`,
        `${name}：应为 ${words.join('、')}，实际为${shown(value)}。`,
      ),
    )
  return word
}

/** A text that should be an address, as it is printed: without what may be a password, a query or a fragment. */
export function shownText(text: string): string {
  if (/[@＠]|%40/.test(text))
    return say(
      'a text with "@", which may have a password in it',
      '含有“@”的文本（其中可能有密码）',
    )
  return shown(text.split(/[?#]/)[0])
}

function shown(value: unknown): string {
  return value === undefined ? say('nothing', '空') : say(`"${value}"`, `“${value}”`)
}
