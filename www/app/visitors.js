// @ts-check
// Who visits the shop. The server issues a visitor's name, so the page can only ask for those
// that the server knows; one is made up by the page, to see it refused.

import { t } from './i18n.js'

/** @typedef {import('/node_modules/calldock/cec.js').CecLogin} CecLogin */
/** @typedef {'token' | 'authorization'} Mode */
/** @typedef {{ id: string, text: string }} Visitor */

export const modes = /** @type {const} */ (['token', 'authorization'])

/** The visitor whom the page renames after the server has issued the login. */
export const FORGED = 'forged'

const FORGED_NAME = 'Administrator'

/** Names that a careless page would trip over, as people read them. @type {Record<string, string>} */
const written = {
  liu: '刘先生',
  nasty: 'O’Brien "x" </script> U+2028 😀',
}

/**
 * @param {readonly string[]} offered further visitors that the demo server knows
 * @returns {[Visitor, ...Visitor[]]}
 */
export function visitors(offered) {
  return [
    { id: 'known', text: t('visitor.known') },
    ...offered.map((id) => ({ id, text: written[id] ?? id })),
    { id: FORGED, text: t('visitor.forged') },
  ]
}

/** Where the server issues this visitor's login. @param {Mode} mode @param {string} visitor */
export function loginPath(mode, visitor) {
  const further = visitor === 'known' || visitor === FORGED ? '' : `/${visitor}`
  return `/calldock/v1/cec/login/${mode}${further}`
}

/**
 * The login of the demo: what the endpoint answers, shown to `saw` on the way.
 * @param {Mode} mode
 * @param {string} visitor
 * @param {(login: CecLogin) => void} saw
 */
export function loginOf(mode, visitor, saw) {
  return async (/** @type {{ signal: AbortSignal }} */ { signal }) => {
    const answer = await fetch(loginPath(mode, visitor), {
      method: 'POST',
      headers: { 'accept-language': document.documentElement.lang },
      cache: 'no-store',
      signal,
    })
    if (!answer.ok) return answer
    const login = /** @type {CecLogin} */ (await answer.json())
    const sent = visitor === FORGED ? { ...login, thirdUserName: FORGED_NAME } : login
    saw(sent)
    return sent
  }
}
