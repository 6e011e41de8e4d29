// What a page without Calldock writes by hand: the same names, the same checks, the same result.

const STATUS = new Map([
  ['100', 'ringing'],
  ['200', 'connected'],
  ['400', 'ended'],
])
const TYPE = new Map([
  ['phone', 'phone'],
  ['im', 'im'],
  ['om', 'audio'],
  ['oim', 'audioAndIm'],
])
const TEXTS = ['mobile', 'userId', 'nickName', 'avatar', 'agentEmail', 'agentMobile']
const MORE = ['agentNickName', 'agentRoleId', 'sdkAppId']
const NAMES = ['status', 'type', ...TEXTS, ...MORE]

/** @param {Map<string, string>} known @param {string | null} value */
const word = (known, value) => (value ? (known.get(value) ?? `other:${value}`) : null)

/** A reader of one page's hashes, in their order. */
export function reader() {
  /** @type {Record<string, any> | undefined} */
  let before
  return (/** @type {string} */ hash) => {
    const text = hash.replace(/^#/, '')
    if (new TextEncoder().encode(text).length > 16 * 1024) throw new RangeError('over-long')
    const at = text.indexOf('?')
    if (at < 0) return undefined
    const query = text.slice(at + 1)
    const parameters = new URLSearchParams(query)
    for (const [name, value] of parameters)
      if (`${name}${value}`.includes('\ufffd') && !/%EF%BF%BD|\ufffd/i.test(query))
        throw new TypeError('no UTF-8')
    const common = at > 0 ? ['status', 'type'] : []
    if (!NAMES.some((name) => !common.includes(name) && parameters.get(name))) return undefined
    /** @type {Record<string, any>} */
    const call = {
      status: word(STATUS, parameters.get('status')),
      type: word(TYPE, parameters.get('type')),
    }
    for (const name of [...TEXTS, ...MORE]) call[name] = parameters.get(name) || null
    const extra = new Map()
    for (const [name, value] of parameters)
      if (!NAMES.includes(name) && !extra.has(name)) extra.set(name, value)
    const changed = NAMES.filter((name) => call[name] !== (before ? before[name] : null))
    for (const name of new Set([...extra.keys(), ...(before?.extra.keys() ?? [])]))
      if (extra.get(name) !== before?.extra.get(name)) changed.push(name)
    before = { ...call, extra }
    return { ...call, extra, changed }
  }
}
