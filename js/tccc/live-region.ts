// A line that screen readers read and nobody sees.

import { language } from '../language.js'

/** What may be said, in English and in Chinese. */
const WORDS = {
  en: {
    called: 'The number was handed to the workbench.',
    failed: 'The number could not be called.',
  },
  zh: { called: '号码已交给工作台。', failed: '无法呼叫该号码。' },
} as const

/**
 * A polite live region at the end of the page, made when it is first needed.
 *
 * @internal
 */
export function announcer(wanted: boolean): {
  say(what: keyof typeof WORDS.en): void
  remove(): void
} {
  let region: HTMLElement | undefined
  return {
    say(what) {
      if (!wanted) return
      if (!region) {
        region = document.createElement('div')
        region.setAttribute('role', 'status')
        // Set one by one: a policy that refuses style attributes lets the object model do.
        Object.assign(region.style, {
          position: 'absolute',
          width: '1px',
          height: '1px',
          overflow: 'hidden',
          clipPath: 'inset(50%)',
          whiteSpace: 'nowrap',
        })
        document.body.append(region)
      }
      region.textContent = WORDS[language()][what]
    },
    remove() {
      region?.remove()
      region = undefined
    },
  }
}
