// The page of `cargo xtask bench page`: each operation beside the same by hand, in turn.

import { ready } from 'calldock'
import { frame } from 'calldock/frame'
import { onScreenPop, openWorkbench } from 'calldock/tccc'
import { reader } from './hand.js'

/** As long as the vendor's own: every documented parameter. */
const hashOf = (/** @type {number} */ number) =>
  `#?status=${number % 2 ? 100 : 200}&type=phone&mobile=138${String(number).padStart(8, '0')}` +
  '&userId=u-42&nickName=%E5%88%98%E5%85%88%E7%94%9F&avatar=https%3A%2F%2Fa.example%2Fp.png' +
  '&agentEmail=agent%40example.com&agentMobile=13800000000&agentNickName=Agent&agentRoleId=1' +
  '&sdkAppId=1400000000'

/** ms from the native event to the typed call, one figure a change. @param {number} times */
async function delivered(times) {
  await ready({ roles: ['frame'] })
  const figures = []
  let native = 0
  /** @type {(ms: number) => void} */
  let delivered = () => {}
  // Before Calldock's own.
  const first = () => {
    native = performance.now()
  }
  addEventListener('hashchange', first)
  const stop = onScreenPop(() => delivered(performance.now() - native))
  await new Promise((resolve) => setTimeout(resolve))
  for (let number = 0; number < times; number++) {
    const ms = new Promise((resolve) => {
      delivered = resolve
    })
    location.hash = hashOf(number)
    figures.push(await ms)
  }
  stop()
  removeEventListener('hashchange', first)
  return figures
}

/** µs for one hash: by the core and by hand, in batches. @param {number} batches @param {number} batch */
async function read(batches, batch) {
  const { ScreenPop } = /** @type {any} */ (await frame.start())
  const core = new ScreenPop(
    window,
    (/** @type {unknown} */ listener) => listener,
    () => {},
  )
  const hand = reader()
  const hashes = Array.from({ length: batch }, (_, number) => hashOf(number))
  const ways = {
    calldock: (/** @type {string} */ hash) => core.read(hash),
    hand,
  }
  const same = (/** @type {any} */ { unreadable: _, ...call }) =>
    JSON.stringify(Object.entries({ ...call, extra: [...call.extra] }).sort())
  for (const hash of hashes)
    if (same(ways.calldock(hash)) !== same(ways.hand(hash))) throw new Error('the two differ')
  const figures = { calldock: /** @type {number[]} */ ([]), hand: /** @type {number[]} */ ([]) }
  for (let turn = 0; turn < batches; turn++) {
    const names = /** @type {const} */ (turn % 2 ? ['hand', 'calldock'] : ['calldock', 'hand'])
    for (const name of names) {
      const begun = performance.now()
      for (const hash of hashes) ways[name](hash)
      figures[name].push((1000 * (performance.now() - begun)) / batch)
    }
  }
  core.free()
  return figures
}

/**
 * ms from openWorkbench() to the request of the vendor's script. @param {'calldock' | 'hand'} way
 * @param {string} login
 */
async function opened(way, login) {
  /** @type {Promise<PerformanceEntry>} */
  const requested = new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const entry = list.getEntries().find(({ name }) => name.includes('tcccSdk.js'))
      if (entry) resolve(entry)
    }).observe({ type: 'resource' })
  })
  const begun = performance.now()
  if (way === 'calldock') openWorkbench({ login }).catch(() => {})
  else {
    const { sdkUrl } = await (await fetch(login, { method: 'POST' })).json()
    const script = document.createElement('script')
    script.src = sdkUrl
    document.head.append(script)
  }
  return (await requested).startTime - begun
}

Object.assign(window, { page: { delivered, read, opened, ready } })
