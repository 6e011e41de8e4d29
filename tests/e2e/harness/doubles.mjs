// The vendor's double, and its control routes.

import * as places from './places.mjs'
import { start } from './programs.mjs'

/** @typedef {Record<string, any>} Seen */

export class Doubles {
  origin = ''
  stop = async () => {}

  /**
   * @param {string} siteOrigin the site that may frame the workbench
   * @param {string} callbackOrigin what CEC asks about a visitor's token
   */
  async start(siteOrigin, callbackOrigin) {
    const callback = `${callbackOrigin}/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate`
    const args = [
      '--listen',
      '127.0.0.1:0',
      '--site-origin',
      siteOrigin,
      '--cec-callback',
      callback,
    ]
    const program = await start(places.doubles(), args, /^listening on (\S+)/)
    this.origin = program.matched[1] ?? ''
    this.stop = program.stop
  }

  /**
   * Starts the double with the playground's site, on ports of the system's choice. `site` and `origin` are known
   * afterwards; `/control/upstreams` tells it where the server and the edge are.
   * @param {string} folder
   * @returns {Promise<string>} the site's origin
   */
  async startWithSite(folder) {
    const args = ['--listen', '127.0.0.1:0', '--site', folder, '--site-listen', '127.0.0.1:0']
    const program = await start(places.doubles(), args, /^serving the site on (\S+)/)
    this.stop = program.stop
    const site = program.matched[1] ?? ''
    this.origin = (await (await fetch(`${site}/demo.json`)).json()).vendor
    return site
  }

  /**
   * @param {'reset' | 'upstreams' | 'faults' | 'login' | 'ring' | 'answer' | 'hangup' | 'expire' | 'status' | 'cec/expire'
   *   | `chat/${'mode' | 'say' | 'join' | 'leave' | 'end'}`} what
   * @param {Record<string, unknown>} [body]
   * @returns {Promise<Seen>}
   */
  async control(what, body = {}) {
    const answer = await fetch(`${this.origin}/control/${what}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`/control/${what}: ${answer.status} ${await answer.text()}`)
    return /** @type {Promise<Seen>} */ (answer.json())
  }

  /** What the double saw of one kind. @param {string} kind @returns {Promise<Seen[]>} */
  async log(kind) {
    const answer = await fetch(`${this.origin}/control/log`)
    const entries = /** @type {Seen[]} */ (await answer.json())
    return entries.filter((entry) => entry.kind === kind)
  }

  /** @returns {Promise<Seen>} */
  async state() {
    return /** @type {Promise<Seen>} */ ((await fetch(`${this.origin}/control/state`)).json())
  }
}
