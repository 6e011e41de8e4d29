// @ts-check
// Everything the stand-in vendor can be told to do wrong, and the address that asks for it:
// /?fault=<id>&envelope=nested&answers=resolved&open=1

/** @typedef {{ api?: string, sdk?: Record<string, string> }} Fault */

/** @type {Record<'login' | 'script' | 'global' | 'token', Record<string, Fault>>} */
export const groups = {
  login: {
    'login-500': { api: '500' },
    'login-html': { api: 'html' },
    'clock-skew': { api: 'AuthFailure.SignatureExpire' },
    'no-account': { api: 'InvalidParameterValue.AccountNotExist' },
  },
  script: {
    'script-500': { sdk: { script: '500' } },
    'script-html': { sdk: { script: 'html' } },
    'script-hang': { sdk: { script: 'hang' } },
    'script-throw': { sdk: { script: 'throw' } },
  },
  global: {
    'global-none': { sdk: { global: 'none' } },
    'global-foreign': { sdk: { global: 'foreign' } },
    'ready-never': { sdk: { readyDelay: 'never' } },
  },
  token: {
    expired: { sdk: { expired: '1' } },
  },
}

/** Ways the real vendor's answers differ from one another; Calldock hides the difference. */
export const variants = /** @type {const} */ ({
  envelope: ['flat', 'nested'],
  answers: ['rejected', 'resolved'],
})

/**
 * @typedef {{ id: string, envelope: 'flat' | 'nested', answers: 'rejected' | 'resolved' }} Choice
 */

/**
 * What this page's address asks for; null leaves the vendor as it is.
 * @param {string} search
 * @returns {Choice | null}
 */
export function askedFor(search) {
  const query = new URLSearchParams(search)
  if (!query.has('fault')) return null
  return {
    id: query.get('fault') ?? 'none',
    envelope: query.get('envelope') === 'nested' ? 'nested' : 'flat',
    answers: query.get('answers') === 'resolved' ? 'resolved' : 'rejected',
  }
}

/**
 * The address that asks for `choice` and opens the workbench at once. The vendor's script has no
 * destroy, so a fresh page is the only way to a fresh workbench.
 * @param {Choice} choice
 */
export function addressOf(choice) {
  const query = new URLSearchParams(location.search)
  query.set('fault', choice.id)
  query.set('envelope', choice.envelope)
  query.set('answers', choice.answers)
  query.set('open', '1')
  return `/?${query}`
}

/**
 * What to tell the vendor for `choice`.
 * @param {Choice} choice
 * @returns {Fault}
 */
export function faultOf({ id, envelope, answers }) {
  const known = Object.values(groups).find((group) => Object.hasOwn(group, id))?.[id] ?? {}
  return { ...known, sdk: { ...known.sdk, envelope, answers } }
}
