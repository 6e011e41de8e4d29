// @ts-check
// What the stand-in CEC can be told to do wrong, and how the page asks for it: shop.html?fault=<id>

/** @typedef {{ cec?: Record<string, string>, rest?: string }} CecFault */

/** @type {Record<'script' | 'cookie' | 'rest', Record<string, CecFault>>} */
export const groups = {
  script: {
    'cec-refuse': { cec: { script: 'refuse' } },
    'cec-html': { cec: { script: 'html' } },
    'cec-500': { cec: { script: '500' } },
    'cec-hang': { cec: { script: 'hang' } },
    'cec-throw': { cec: { script: 'throw' } },
    'cec-expired': { cec: { expired: '1' } },
    'cec-wants': { cec: { wants: 'axios' } },
    'cec-untyped': { cec: { type: 'none' } },
  },
  cookie: {
    'cec-httponly': { cec: { cookie: 'httponly' } },
    'cec-nocookie': { cec: { cookie: 'none' } },
  },
  rest: {
    'rest-401': { rest: '401' },
    'rest-html': { rest: 'html' },
    'rest-failed': { rest: 'failed' },
  },
}

const known = Object.assign({}, ...Object.values(groups))

/** The fault of this page's address: `none` unless there is one. */
export function faultHere() {
  const asked = new URLSearchParams(location.search).get('fault') ?? 'none'
  return Object.hasOwn(known, asked) ? asked : 'none'
}

/** What to tell the vendor. @param {string} id @returns {CecFault} */
export const faultOf = (id) => known[id] ?? {}
