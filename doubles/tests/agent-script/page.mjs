// A page as small as the agent script needs it: elements that hold children, and a classic script
// tag. It draws nothing; how the softphone looks and feels is for a browser to say.

import vm from 'node:vm'

/** An element, of which only what it holds is real. */
export class PageElement {
  constructor(tag) {
    Object.assign(this, { tag, children: [], parent: null, dataset: {}, hidden: false, value: '' })
  }

  get isConnected() {
    return this.tag === 'html' || (this.parent?.isConnected ?? false)
  }

  append(...children) {
    for (const child of children) {
      child.parent = this
      this.children.push(child)
    }
  }

  prepend(...children) {
    this.append(...children)
  }

  replaceChildren(...children) {
    this.children = []
    this.append(...children)
  }

  remove() {
    const siblings = this.parent?.children ?? []
    siblings.splice(siblings.indexOf(this), 1)
    this.parent = null
  }

  querySelector(tag) {
    for (const child of this.children) {
      const found = child.tag === tag ? child : child.querySelector?.(tag)
      if (found) {
        return found
      }
    }
    return null
  }

  attachShadow() {
    return new PageElement('#shadow')
  }

  getRootNode() {
    return this.parent?.getRootNode() ?? this
  }

  closest() {
    return null
  }

  addEventListener() {}
  setAttribute() {}
  removeAttribute() {}
  toggleAttribute() {}
  focus() {}
}

/** An EventSource over fetch, for the plain `data:` events the script listens to. */
class PageEventSource {
  #controller = new AbortController()

  constructor(url) {
    this.#read(url).catch(() => {})
  }

  async #read(url) {
    const { body } = await fetch(url, { signal: this.#controller.signal })
    const decoder = new TextDecoder()
    let text = ''
    for await (const bytes of body) {
      text += decoder.decode(bytes, { stream: true })
      const events = text.split('\n\n')
      text = events.pop()
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)
        if (data) {
          this.onmessage?.({ data: data[1] })
        }
      }
    }
  }

  close() {
    this.#controller.abort()
  }
}

/** A page: `run(login)` fetches and runs the agent script, `window` is its global object. */
export function openPage() {
  const html = new PageElement('html')
  const body = new PageElement('body')
  html.append(body)
  html.lang = 'en'
  const document = {
    documentElement: html,
    body,
    currentScript: null,
    createElement: (tag) => new PageElement(tag),
    createElementNS: (_, tag) => new PageElement(tag),
    querySelector: (tag) => html.querySelector(tag),
  }
  const sources = []
  const window = vm.createContext({
    document,
    fetch,
    URLSearchParams,
    setTimeout,
    // A clock that ticks must not keep the test's process.
    setInterval: (act, milliseconds) => setInterval(act, milliseconds).unref(),
    clearInterval,
    structuredClone,
    reportError: () => {},
    console: { warn() {}, error() {} },
    CSSStyleSheet: class {
      replaceSync() {}
    },
    MutationObserver: class {
      observe() {}
      disconnect() {}
    },
    EventSource: class extends PageEventSource {
      constructor(url) {
        super(url)
        sources.push(this)
      }
    },
  })
  window.window = window
  return {
    window,
    document,
    /** Without a token the login is the address's own. */
    async run({ token, sdkAppId, userid, url }) {
      const code = await (await fetch(url)).text()
      document.currentScript = { dataset: token ? { token, sdkAppId, userid } : {}, src: url }
      try {
        vm.runInContext(code, window)
      } finally {
        document.currentScript = null
      }
    },
    /** Removes what the script left: its element and its global (from inside, or the context keeps it). */
    cleanUp() {
      document.querySelector('t3c-sdk')?.remove()
      vm.runInContext('delete globalThis.tccc', window)
    },
    close() {
      for (const source of sources) {
        source.close()
      }
    },
  }
}
