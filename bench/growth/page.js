// The page of `cargo xtask bench growth`: prepares a size, starts it, and does one step after the other.

import { ready } from 'calldock'
import { serveCallOuts } from 'calldock/bridge'
import { dialTelLinks } from 'calldock/dom'
import { onScreenPop } from 'calldock/tccc'
import { fakeWorkbench } from 'calldock/testing'
import { Frame } from '../bridge/framed.js'
import { CALL } from '../bridge/terms.js'

/** @typedef {{ start: () => Promise<unknown> | void, step: (number: number) => Promise<number> | number }} Prepared */

const FRAMES = new URLSearchParams(location.search).get('frames') ?? ''
/** Commands and hashes that are timed together, as the clock is too coarse for one. */
const BATCH = 20

const hashOf = (/** @type {number} */ number, more = '') =>
  `#?status=${number % 2 ? 100 : 200}&type=phone&mobile=138${String(number).padStart(8, '0')}${more}`

/** Tells the page of a changed hash by an event of its own: Chromium takes 200 changes in ten seconds only. @param {string} hash */
const change = (hash) =>
  dispatchEvent(new HashChangeEvent('hashchange', { newURL: location.pathname + hash }))

/** The page has a call in its hash before anything listens. */
const show = () => history.replaceState(null, '', hashOf(0))

/** Counts, and gives the time at which a number was reached. */
function counter() {
  let left = 0
  let reached = (/** @type {number} */ _at) => {}
  return {
    count() {
      left -= 1
      if (left === 0) reached(performance.now())
    },
    /** @param {number} number @returns {Promise<number>} */
    until(number) {
      left = number
      return new Promise((resolve) => {
        reached = resolve
      })
    },
  }
}

/** @param {() => unknown} work @param {Promise<number>} end */
async function timed(work, end) {
  const begun = performance.now()
  work()
  return (await end) - begun
}

/** @type {Record<import('./terms.js').Name, (size: number) => Promise<Prepared>>} */
const dimensions = {
  async pops(size) {
    await ready({ roles: ['frame'] })
    show()
    const calls = counter()
    return {
      async start() {
        const first = calls.until(size)
        for (let left = size; left > 0; left--) onScreenPop(() => calls.count())
        await first
      },
      step: (number) => timed(() => change(hashOf(number)), calls.until(size)),
    }
  },

  async events(size) {
    const fake = fakeWorkbench()
    const workbench = await fake.open()
    const calls = counter()
    return {
      start() {
        for (let left = size; left > 0; left--) workbench.on('incoming', () => calls.count())
      },
      async step() {
        const ms = await timed(() => fake.ring(), calls.until(size))
        fake.hangUp()
        return ms
      },
    }
  },

  async frames(size) {
    const workbench = await served()
    serveCallOuts(workbench, { allow: [FRAMES], callsPerMinute: 1_000_000, onRefused: refused })
    const frames = Array.from({ length: size }, () => new Frame(FRAMES, 'calldock'))
    return {
      async start() {
        await Promise.all(frames.map((frame) => frame.load()))
        await Promise.all(frames.map((frame) => frame.ask({ work: 'open' })))
      },
      async step(number) {
        const frame = frames[number % size]
        return (await frame?.ask({ work: 'sequence', times: BATCH })) / BATCH
      },
    }
  },

  async links(size) {
    const workbench = await served()
    const links = Array.from({ length: size }, (_, number) => {
      const link = document.createElement('a')
      link.href = `tel:138${String(number).padStart(8, '0')}`
      link.textContent = String(number)
      return link
    })
    document.body.append(...links)
    const calls = counter()
    return {
      start() {
        dialTelLinks(document, { workbench, onResult: () => calls.count() })
      },
      step: (number) => timed(() => links[(number * 7) % size]?.click(), calls.until(1)),
    }
  },

  async parameters(size) {
    await ready({ roles: ['frame'] })
    show()
    const calls = counter()
    /** @param {number} number */
    const more = (number) =>
      Array.from({ length: size }, (_, at) => `&field${at}=value-${number}-${at}`).join('')
    return {
      async start() {
        const first = calls.until(1)
        onScreenPop(() => calls.count())
        await first
      },
      async step(number) {
        const hashes = Array.from({ length: BATCH }, (_, at) => {
          const own = number * BATCH + at
          return hashOf(own, more(own))
        })
        const ms = await timed(() => hashes.forEach(change), calls.until(BATCH))
        return ms / BATCH
      },
    }
  },
}

/** A workbench without a vendor, whose every call out works at once. */
async function served() {
  const fake = fakeWorkbench()
  const data = { sessionId: 'session-1', calleePhoneNumber: CALL.phoneNumber }
  fake.reply('call.startOutbound', { status: 'success', data })
  return fake.open()
}

const refused = (/** @type {{ reason: string }} */ { reason }) =>
  reportError(new Error(`refused: ${reason}`))

/** @type {Prepared} */
let prepared
Object.assign(window, {
  growth: {
    /** @param {import('./terms.js').Name} name @param {number} size */
    async prepare(name, size) {
      prepared = await dimensions[name](size)
    },
    async start() {
      const begun = performance.now()
      await prepared.start()
      return performance.now() - begun
    },
    /** A first step is not counted: it compiles. @param {number} times */
    async steps(times) {
      await prepared.step(0)
      const steps = []
      for (let number = 1; number <= times; number++) steps.push(await prepared.step(number))
      return steps
    },
  },
})
