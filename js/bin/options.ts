import { parseArgs } from 'node:util'

/** A command that cannot be carried out as it was written; the message says what was expected and found. */
export class UsageError extends Error {}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

/** Reads the arguments of a command. */
export function readOptions(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** One of a closed list of words. */
export function oneOf<T extends string>(name: string, words: readonly T[], value: unknown): T {
  const word = words.find((word) => word === value)
  if (word === undefined)
    throw new UsageError(`${name}: expected ${words.join(', ')}, found ${shown(value)}.`)
  return word
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : `"${value}"`
}
