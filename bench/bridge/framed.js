// A frame of another site, as its host page controls it: `frame.js` is the other end.

/** @typedef {import('./terms.js').Wish} Wish */

export class Frame {
  #element = document.createElement('iframe')
  #address
  /** @type {MessagePort | undefined} */
  #port

  /** @param {string} site the frame's origin @param {import('./terms.js').Way} way */
  constructor(site, way) {
    this.#address = `${site}/${way}.html?host=${encodeURIComponent(location.origin)}`
  }

  get window() {
    return /** @type {Window} */ (this.#element.contentWindow)
  }

  /** Puts it into the page and waits until it runs. */
  load() {
    const loaded = new Promise((resolve) => {
      /** @param {MessageEvent} event */
      const hear = ({ source, data, ports: [port] }) => {
        if (source !== this.window || data?.benchmark !== 'loaded') return
        removeEventListener('message', hear)
        this.#port = port
        resolve(undefined)
      }
      addEventListener('message', hear)
    })
    this.#element.src = this.#address
    document.body.append(this.#element)
    return loaded
  }

  /** @param {Wish} wish @returns {Promise<any>} */
  ask(wish) {
    return new Promise((resolve, reject) => {
      if (!this.#port) return reject(new Error('the frame has not loaded'))
      this.#port.onmessage = ({ data }) =>
        'failed' in data ? reject(new Error(data.failed)) : resolve(data.done)
      this.#port.postMessage(wish)
    })
  }

  remove() {
    this.#port?.close()
    this.#element.remove()
  }
}
