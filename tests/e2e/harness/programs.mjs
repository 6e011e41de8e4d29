// Starts what the tests need beside the browser, and ends it again by its process id.

import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

/** How long anything may take on a busy machine, in ms: what takes longer will never come. */
export const PATIENCE_MS = 60_000
const GRACE_MS = 4000

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()
// A test run that dies leaves nothing behind: 'exit' is the last word, so no time for politeness.
process.on('exit', () => {
  for (const child of running) killGroup(child)
})
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.once(signal, () => process.exit(1))

/** @typedef {{ matched: RegExpMatchArray, stop: () => Promise<void> }} Program */

/** Says where a program that prints nothing is up, once it is. @typedef {(pid: number) => RegExpMatchArray | null} Probe */

/** How often a probe looks, in ms: nothing tells when a port is bound. */
const PROBE_MS = 20

/**
 * Starts a program and waits until it is up: for the line of its stdout that says so, or for a probe.
 * @param {string} file
 * @param {string[]} args
 * @param {RegExp | Probe} up
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Program>}
 */
export async function start(file, args, up, env = process.env) {
  // A group of its own, so that whatever it starts can be ended with it.
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env })
  running.add(child)
  /** @type {string[]} */
  const last = []
  /** @param {string} line */
  const remember = (line) => {
    last.push(line)
    if (last.length > 20) last.shift()
  }
  createInterface({ input: child.stderr }).on('line', remember)
  const ended = new Promise((resolve) => {
    child.once('error', resolve)
    child.once('exit', (code, signal) => resolve(code ?? signal))
  })
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let probing
  const matched = new Promise((resolve) => {
    const lines = createInterface({ input: child.stdout }).on('line', remember)
    if (typeof up === 'function')
      probing = setInterval(() => {
        const found = child.pid && up(child.pid)
        if (found) resolve(found)
      }, PROBE_MS)
    else
      lines.on('line', (line) => {
        const match = line.match(up)
        if (match) resolve(match)
      })
  })
  const stop = async () => {
    child.kill('SIGTERM')
    await Promise.race([ended, after(GRACE_MS)])
    killGroup(child)
    running.delete(child)
  }
  // With the last that it has said, unless what it has started holds its output.
  const closed = new Promise((resolve) => child.once('close', resolve))
  const failed = ended.then(async (how) => {
    await Promise.race([closed, after(GRACE_MS)])
    return { why: `ended (${how})` }
  })
  const late = after(PATIENCE_MS).then(() => ({ why: `said nothing for ${PATIENCE_MS} ms` }))
  const first = await Promise.race([matched, failed, late])
  clearInterval(probing)
  if ('why' in first) {
    await stop()
    throw new Error(`${file} ${first.why}\n${last.join('\n')}`)
  }
  return { matched: first, stop }
}

/** The port of 127.0.0.1 that a program listens on, from what Linux tells of its sockets. @type {Probe} */
export function listeningPort(pid) {
  try {
    const own = new Set(
      readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`)),
    )
    for (const line of readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
      const port = String(Number.parseInt(local.split(':')[1] ?? '', 16))
      if (state === '0A' && own.has(`socket:[${inode}]`)) return [port, port]
    }
  } catch {
    // The program is starting, or has ended.
  }
  return null
}

/** @param {import('node:child_process').ChildProcess} child */
function killGroup(child) {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nobody of the group is left.
  }
}

/**
 * Waits for something, but not for ever: a page that hangs takes its driver with it.
 * @template T
 * @param {number} ms
 * @param {string} what
 * @param {PromiseLike<T>} work
 * @returns {Promise<T>}
 */
export function within(ms, what, work) {
  const late = after(ms).then(() => {
    throw new Error(`${what}: no answer for ${ms} ms`)
  })
  return Promise.race([work, late])
}

/**
 * Waits until something that this process or a double notes is there, and gives it.
 * @template T
 * @param {string} what
 * @param {() => T} find
 * @returns {Promise<NonNullable<Awaited<T>>>}
 */
export async function eventually(what, find) {
  for (const deadline = Date.now() + PATIENCE_MS; ; ) {
    const found = await find()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/** @param {number} ms @returns {Promise<void>} */
const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref())

/** A port that is free at this moment, for programs that must know each other's beforehand. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
