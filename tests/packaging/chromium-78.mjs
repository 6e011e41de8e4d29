// A real Chromium 78, the oldest browser that the package supports: from the npm package
// chrome-aws-lambda, which carries it compressed.

import { spawn } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
  ...['--no-proxy-server', '--disable-background-networking', '--disable-extensions'],
  '--mute-audio',
]

/** Ends a process and waits for it. @param {import('node:child_process').ChildProcess} child */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const over = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await over
}

/**
 * Unpacks the browser.
 * @param {string} modules the `node_modules` that chrome-aws-lambda is in
 */
export async function unpack(modules) {
  const bin = join(modules, 'chrome-aws-lambda/bin')
  const folder = await mkdtemp(join(tmpdir(), 'chromium-78-'))
  const program = join(folder, 'chromium')
  /** @param {string} from @param {string} to @param {number} mode */
  const inflate = (from, to, mode) =>
    pipeline(
      createReadStream(join(bin, from)),
      createBrotliDecompress(),
      createWriteStream(join(folder, to), { mode }),
    )
  await inflate('chromium.br', 'chromium', 0o755)
  for (const name of ['aws', 'swiftshader']) {
    await inflate(`${name}.tar.br`, `${name}.tar`, 0o644)
    const tar = spawn('tar', ['-xf', `${name}.tar`], { cwd: folder, stdio: 'ignore' })
    await new Promise((resolve, reject) => tar.once('exit', resolve).once('error', reject))
  }
  return {
    /** Opens an address; returns a function that ends the browser. @param {string} address */
    open(address) {
      const profile = join(folder, `profile-${Date.now()}`)
      const child = spawn(
        program,
        [...FLAGS, `--user-data-dir=${profile}`, '--remote-debugging-port=0', address],
        {
          stdio: ['ignore', 'ignore', 'pipe'],
          env: { ...process.env, LD_LIBRARY_PATH: join(folder, 'lib'), HOME: folder },
        },
      )
      let output = ''
      child.stderr.on('data', (bytes) => {
        output += bytes
      })
      return { end: () => end(child), output: () => output }
    },
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}
