// @ts-check
// A CalldockError made readable: what failed, why, and what to do about it.

import { causes } from './causes.js'
import { fill, h } from './dom.js'
import { lang, t, tOr } from './i18n.js'
import { icon } from './icons.js'

/** @typedef {{ code: string, message: string, remedy: string, attempts: string[], cause: string }} Failure */

/**
 * Takes anything that was thrown apart.
 * @param {unknown} thrown
 * @returns {Failure}
 */
export function failureOf(thrown) {
  const error = /** @type {Record<string, unknown>} */ (Object(thrown))
  const cause = error.cause
  const remedy = typeof error.remedy === 'string' ? error.remedy : ''
  return {
    code: typeof error.code === 'string' ? error.code : '',
    message: String(error.message ?? thrown),
    remedy,
    attempts: Array.isArray(error.attempts) ? error.attempts.map(({ code }) => String(code)) : [],
    cause: cause === undefined || cause === null ? '' : text(cause),
  }
}

/** @param {unknown} cause */
function text(cause) {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
}

/** The language of a text that may be English on a Chinese page. @param {string} text */
const langOf = (text) => (lang === 'zh' && !/\p{Script=Han}/u.test(text) ? 'en' : undefined)

/**
 * The card that shows a failure. It is an alert: screen readers speak it at once.
 * @param {unknown} thrown
 * @param {{ compact?: boolean, actions?: Node[] }} [options]
 */
export function errorCard(thrown, { compact = false, actions = [] } = {}) {
  const { code, message, remedy, attempts, cause } = failureOf(thrown)
  // In Chinese the code's cause comes first: what was found, for example a vendor's text, may be English.
  const inChinese = lang === 'zh' ? causes[code] : undefined
  const card = h('div', {
    class: compact ? 'error-card compact' : 'error-card',
    role: 'alert',
    'data-testid': 'error-card',
    'data-code': code,
  })
  fill(
    card,
    h(
      'div',
      { class: 'error-head' },
      icon('alert'),
      h('strong', {}, tOr(`error.${code}`, t('error.other'))),
      code && h('code', { class: 'error-code', 'data-testid': 'error-code' }, code),
    ),
    h('p', { class: 'error-message', 'data-testid': 'error-message' }, inChinese ?? message),
    inChinese &&
      h(
        'p',
        { class: 'error-original', 'data-testid': 'error-original' },
        `${t('error.original')} · `,
        h('code', { lang: langOf(message) }, message),
      ),
    remedy &&
      h(
        'p',
        { class: 'error-remedy', 'data-testid': 'error-remedy' },
        h('b', {}, t('error.remedy')),
        ' ',
        h('span', { lang: langOf(remedy) }, remedy),
      ),
    !compact &&
      (attempts.length > 0 || cause) &&
      h(
        'p',
        { class: 'error-more' },
        attempts.length > 0 && h('span', {}, t('error.attempts', { list: attempts.join(', ') })),
        cause &&
          h(
            'span',
            { class: 'error-cause' },
            `${t('error.cause')} · `,
            h('span', { lang: langOf(cause) }, cause),
          ),
      ),
    actions.length > 0 && h('div', { class: 'error-actions' }, ...actions),
  )
  return card
}
