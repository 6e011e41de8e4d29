// Checks an object of the page against a generated table and copies it, before the first `await`.
//
// The page may hand in anything: a draft whose proxy is revoked, an object of another realm, a getter
// that throws, an `Object.prototype` that other code has extended. So only own members count, each is
// read once, and what is returned is a copy without a prototype. Errors name the member and never its
// value.

import { type Code, failure, isCalldockError, kind } from './core/errors.js'
import { SECRETS } from './generated/tables.js'

declare const TYPE: unique symbol

/**
 * What a member looks like: the number of one of {@link FORMS} or, from 100, the longest text; words
 * joined by `|`; or the shape of an object.
 */
export type Form = number | string | Shape

/**
 * What an object looks like. A key is `name`, then `?` for optional, `:vendor` for the vendor's name and
 * `=alias` for another spelling. Keys that are not names are rules about members: `+` at least one, `=` all
 * or none, `>` the first needs the others, `#` the value of this one names another that must be there,
 * `*` ignore what is not listed.
 */
export interface Shape<T = unknown> {
  readonly [member: string]: Form
  readonly [TYPE]?: T
}

/** How an object is read. */
export interface ReadTerms {
  /** The code of a failure. */
  readonly code?: Code
  /** Accepts members that are not listed, as JSON data, instead of refusing them. */
  readonly unlisted?: boolean | undefined
  /** Returns the members under the vendor's names. */
  readonly vendor?: boolean
}

/** The forms, by their number. */
const FORMS = [
  'a text',
  'a text',
  'a text or a number',
  'a list of texts',
  'true or false',
  'a number',
  'telephone keys: digits, * and #',
  'JSON data',
  'a function',
  'a value',
]
export const [ID, TEXTS, FLAG, NUMBER, KEYS, JSON_DATA, FUNCTION, ANY, LIMIT] = [
  2, 3, 4, 5, 6, 7, 8, 9, 100,
]
/** The shape of `WaitOptions` (core/wait.ts), which several functions take beside those of their tables. */
export const WAIT = { 'timeoutMs?': NUMBER, 'signal?': ANY }
/** The deepest and the longest JSON data that is copied. */
const DEEPEST = 32
const LONGEST = 10_000
const KEY = /^(\w+)(\?)?(?::(\w+))?(?:=(.+))?$/

const { hasOwnProperty: ownProperty, toString: tag } = Object.prototype
const { isArray } = Array
const { keys } = Object

type Members = Record<string, unknown>
/** Ends the reading; `found` is a harmless text, or the value whose kind is told. */
type Refuse = (where: string, expected: string, value: unknown, found?: string) => never

/**
 * Checks an object and returns a copy of it, without a prototype.
 *
 * @throws {CalldockError} `INVALID_OPTION` or the code of `terms`, `SECRET_IN_PAGE`
 */
export function read<T>(shape: Shape<T>, value: unknown, where: string, terms: ReadTerms = {}): T {
  const code = (own(terms, 'code') ?? 'INVALID_OPTION') as Code
  const refuse = refuseWith(code)
  try {
    const unlisted = own(terms, 'unlisted') === true
    return members(shape, value, where, refuse, unlisted, own(terms, 'vendor') === true) as T
  } catch (cause) {
    if (isCalldockError(cause)) throw cause
    const found = 'an object whose member cannot be read'
    throw failure(code, where, 'an object that can be read', found, { cause })
  }
}

/** Checks a text that stands alone and must not be empty; `limit` is in characters. */
export function text(value: unknown, where: string, limit = 0): string {
  return check(limit, value, where, true, refuseWith('INVALID_OPTION')) as string
}

function refuseWith(code: Code): Refuse {
  return (at, expected, given, found) => {
    // A number may be a customer's.
    throw failure(
      code,
      at,
      expected,
      found ?? (typeof given === 'number' ? 'a number' : kind(given)),
    )
  }
}

/**
 * Copies what a vendor sent, as far as it can be read; never throws. Members that cannot be read are left
 * out and named in `unreadable`. `renames` has our names by the vendor's.
 */
export function readLoosely(
  value: unknown,
  renames: Readonly<Record<string, string>> = {},
): Members {
  const copy: Members = Object.create(null)
  const unreadable: string[] = []
  const names = attempt(() =>
    typeof value === 'object' && value && !isArray(value) ? keys(value) : [],
  )
  for (const name of names ?? []) {
    const member = attempt(() => ({ value: (value as Members)[name] }))
    if (member) copy[has(renames, name) ? (renames[name] as string) : name] = member.value
    else unreadable.push(name)
  }
  if (unreadable.length) copy.unreadable = unreadable
  return copy
}

/** Tells whether a value is a list, of any realm; a revoked proxy is not one. */
export const isList = (value: unknown): value is readonly unknown[] =>
  attempt(() => isArray(value)) === true

/** Returns an own member of anything; `undefined` where there is none or it cannot be read. */
export function own(value: unknown, name: string): unknown {
  if ((typeof value !== 'object' || !value) && typeof value !== 'function') return undefined
  try {
    return has(value as object, name) ? (value as Members)[name] : undefined
  } catch {
    return undefined
  }
}

/** Replaces each lone surrogate, which no encoding can carry, by U+FFFD. */
export const wellFormed = (value: string): string => value.replace(/[\ud800-\udfff]/gu, '\ufffd')

/** A shape, taken apart: a callOut is read by the same one each time. */
interface Plan {
  readonly parts: readonly Part[]
  /** All spellings. */
  readonly spelt: readonly string[]
  readonly rules: readonly (readonly [rule: string, names: readonly string[]])[]
}
interface Part {
  readonly name: string
  readonly form: Form
  readonly optional: unknown
  readonly vendor: string
  readonly spellings: readonly string[]
}

const plans = new WeakMap<Shape, Plan>()

function planOf(shape: Shape): Plan {
  let plan = plans.get(shape)
  if (!plan) {
    const parts: Part[] = []
    const rules: [string, string[]][] = []
    for (const key of keys(shape)) {
      const form = shape[key] as Form
      const [, name, optional, vendor = '', aliases] = KEY.exec(key) ?? []
      if (name) {
        const spellings = aliases ? [name, ...aliases.split('=')] : [name]
        parts.push({ name, form, optional, vendor, spellings })
      } else rules.push([key, String(form).split('|')])
    }
    plan = { parts, spelt: parts.flatMap(({ spellings }) => spellings), rules }
    plans.set(shape, plan)
  }
  return plan
}

const has = (object: object, name: PropertyKey) => ownProperty.call(object, name)

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

function members(
  shape: Shape,
  value: unknown,
  where: string,
  refuse: Refuse,
  unlisted: boolean,
  vendor: boolean,
): Members {
  if (typeof value !== 'object' || !value || isArray(value))
    return refuse(where, 'an object', value)
  const { parts, spelt, rules } = planOf(shape)
  const others = keys(value).filter((name) => !spelt.includes(name))
  const isSecret = (name: string) => SECRETS.some((end) => name.endsWith(end))
  const secret = others.find((name) => isSecret(name.replace(/[_-]/g, '').toLowerCase()))
  if (secret) throw failure('SECRET_IN_PAGE', where, 'no secret', `a member named ${secret}`)
  const copy: Members = Object.create(null)
  const there: string[] = []
  const isThere = (name: string) => there.includes(name)
  const need = (name: string, form: Form = 0) =>
    isThere(name) || refuse(`${where}.${name}`, expectation(form), undefined)
  for (const { name, form, optional, vendor: vendorName, spellings } of parts) {
    let member: unknown
    for (const one of spellings) if (has(value, one)) member ??= (value as Members)[one]
    if (member !== undefined && member !== null) {
      there.push(name)
      copy[(vendor && vendorName) || name] =
        typeof form === 'object'
          ? members(form, member, `${where}.${name}`, refuse, unlisted, vendor)
          : check(form, member, `${where}.${name}`, !optional, refuse)
    } else if (!optional) need(name, form)
  }
  if (!has(shape, '*'))
    for (const name of others) {
      const at = `${where}.${/^\w{1,40}$/.test(name) ? name : '…'}`
      const listed = () => parts.map(({ name }) => name).join(', ')
      if (!unlisted) refuse(at, listed(), 0, 'a member that is not listed')
      const member = (value as Members)[name]
      if (member !== undefined) copy[name] = data(member, at, refuse)
    }
  for (const [rule, names] of rules) {
    const [first = '', ...rest] = names
    if (rule === '+' && !names.some(isThere)) refuse(where, `one of ${names.join(', ')}`, 0, 'none')
    if (rule === '=' && names.some(isThere)) for (const name of names) need(name)
    if (rule === '>' && isThere(first)) for (const name of rest) need(name)
    if (rule === '#') need(String(copy[first]))
  }
  return copy
}

function check(
  form: number | string,
  value: unknown,
  where: string,
  needed: boolean,
  refuse: Refuse,
): unknown {
  const no = () => refuse(where, expectation(form), value)
  if (form === ANY) return value
  if (form === JSON_DATA) return data(value, where, refuse)
  if (form === FUNCTION) return typeof value === 'function' ? value : no()
  if (form === FLAG) return typeof value === 'boolean' ? value : no()
  if (form === TEXTS)
    return list(value, no, (item) => (typeof item === 'string' ? wellFormed(item) : no()))
  if (typeof value === 'number' && (form === ID || form === NUMBER))
    return Number.isFinite(value) ? value : refuse(where, expectation(form), 0, `${value}`)
  if (typeof value !== 'string' || form === NUMBER) return no()
  const long = () => `‹${[...value].length} characters›`
  if (typeof form === 'string')
    return form.split('|').includes(value) ? value : refuse(where, expectation(form), 0, long())
  if (needed && !value.trim()) return refuse(where, expectation(form), value, 'an empty text')
  if (form === KEYS && !/^[\d*#]+$/.test(value)) return no()
  // As many code units are at least as many characters.
  if (form >= (LIMIT as number) && value.length > form && [...value].length > form)
    return refuse(where, `at most ${form} characters`, 0, long())
  return wellFormed(value)
}

function expectation(form: Form): string {
  if (typeof form === 'string') return form.replace(/\|/g, ', ')
  return typeof form === 'number' ? (FORMS[form] ?? 'a text') : 'an object'
}

/** A list of own items: a hole is no item, whatever `Array.prototype` has under its number. */
function list(value: unknown, no: () => never, item: (item: unknown) => unknown): unknown[] {
  const length = isArray(value) ? value.length : Number.NaN
  if (!(isArray(value) && length <= LONGEST)) return no()
  const copy: unknown[] = []
  for (let at = 0; at < length; at++) copy.push(item(has(value, at) ? value[at] : undefined))
  return copy
}

/** A copy of JSON data. */
function data(value: unknown, where: string, refuse: Refuse, depth = 0): unknown {
  const no = () => refuse(where, 'JSON data', value)
  if (typeof value === 'string') return wellFormed(value)
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return value
  if (typeof value !== 'object' || depth > DEEPEST) return no()
  if (isArray(value)) return list(value, no, (item) => data(item, where, refuse, depth + 1))
  if (tag.call(value) !== '[object Object]') return no()
  const copy: Members = Object.create(null)
  for (const name of keys(value)) {
    const member = (value as Members)[name]
    if (member !== undefined) copy[wellFormed(name)] = data(member, where, refuse, depth + 1)
  }
  return copy
}
