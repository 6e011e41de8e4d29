// A line that screen readers read, and that is not visible: one for each document, shared by all callers.

import { language } from '../core/language.js'

/** The announcements, in English and in Chinese. */
const WORDS = {
  en: {
    called: 'The number was handed to the workbench.',
    failed: 'The number could not be called.',
  },
  zh: { called: '号码已交给工作台。', failed: '无法呼叫该号码。' },
} as const

/** The region of a document, and how many use it. */
interface Region {
  users: number
  element?: HTMLElement
}

const regions = new WeakMap<Document, Region>()

/** Announces texts to screen readers. */
export interface Announcer {
  say(what: keyof typeof WORDS.en): void
  /** The last user's removes the region. */
  release(): void
}

/**
 * Uses a document's live region, which is made when something is said for the first time.
 *
 * @internal
 */
export function announcer(document: Document): Announcer {
  const region = regions.get(document) ?? { users: 0 }
  regions.set(document, region)
  region.users += 1
  let released = false
  return {
    say(what) {
      if (released || !document.body) return
      region.element ??= make(document)
      // The page may have replaced its body.
      if (!region.element.isConnected) document.body.append(region.element)
      region.element.textContent = WORDS[language()][what]
    },
    release() {
      if (released) return
      released = true
      region.users -= 1
      if (region.users > 0) return
      region.element?.remove()
      regions.delete(document)
    },
  }
}

function make(document: Document): HTMLElement {
  const element = document.createElement('div')
  element.setAttribute('role', 'status')
  // Set one by one: a policy that refuses style attributes allows the object model.
  Object.assign(element.style, {
    position: 'absolute',
    width: '1px',
    height: '1px',
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    whiteSpace: 'nowrap',
  })
  return element
}
