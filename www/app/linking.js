// @ts-check
// A chat's login and the link it becomes, as something the cards can watch.

import { chatLink, embedChat, openChatWindow } from '/node_modules/calldock/tccc.js'
import { t } from './i18n.js'

/**
 * @typedef {import('/node_modules/calldock/tccc.js').ChatLogin} ChatLogin
 * @typedef {import('/node_modules/calldock/tccc.js').EmbeddedChat} EmbeddedChat
 * @typedef {{ login?: ChatLogin, link?: string, error?: unknown }} State
 */

const LOGIN = '/calldock/v1/tccc/chat'

export class Linking {
  /** @type {State} */
  state = {}
  /** @type {{ chatPage: string, title: string }} */
  #page
  /** @type {Set<(state: State) => void>} */
  #watchers = new Set()

  /** @param {string} chatPage the vendor's, here its stand-in's */
  constructor(chatPage) {
    this.#page = { chatPage, title: t('link.frame') }
  }

  /** @param {(state: State) => void} watcher */
  watch(watcher) {
    this.#watchers.add(watcher)
    watcher(this.state)
  }

  /** @param {State} state */
  #set(state) {
    this.state = state
    for (const watcher of this.#watchers) watcher(state)
  }

  /** Makes a link by hand, to show what is in it; the two below do all of this in one call. */
  async make() {
    try {
      const answer = await fetch(LOGIN, { method: 'POST', cache: 'no-store' })
      const login = /** @type {ChatLogin} */ (await answer.json())
      this.#set({ login, link: await chatLink(login, this.#page) })
    } catch (error) {
      this.#set({ error })
    }
  }

  openWindow() {
    return openChatWindow({ login: LOGIN, ...this.#page })
  }

  /** @param {Element} element */
  embed(element) {
    return embedChat(element, { login: LOGIN, ...this.#page })
  }
}

/**
 * A link's parts, each decoded once: the query is inside the hash.
 * @param {string} link
 */
export function partsOf(link) {
  const hash = link.slice(link.indexOf('#') + 1)
  const [route = '', query = ''] = hash.split(/\?(.*)/s)
  const members = query.split('&').map((pair) => {
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    return /** @type {const} */ ([name, decodeURIComponent(value)])
  })
  return { route, members: new Map(members) }
}
