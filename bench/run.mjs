// `cargo xtask bench`: weighs pages, measures in browsers, and prints one Markdown document, or JSON.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bridge } from './bridge/run.mjs'
import { bytes } from './bytes/run.mjs'
import { chat } from './chat/run.mjs'
import { growth } from './growth/run.mjs'
import { page } from './page/run.mjs'

/** @type {Record<string, { title: string, run: import('./report.mjs').Benchmark }>} */
const BENCHMARKS = {
  bytes: { title: 'Bytes by page', run: () => bytes(values.bytes) },
  bridge: { title: 'Bridge', run: bridge },
  page: { title: 'Page', run: page },
  chat: { title: 'Chat', run: chat },
  growth: { title: 'Growth', run: growth },
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
    plot: { type: 'string' },
    out: { type: 'string' },
    bytes: { type: 'string' },
  },
})

const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS)
/** @type {Record<string, object>} */
const all = {}
const texts = []
if (values.out) await mkdir(values.out, { recursive: true })
for (const name of names) {
  const benchmark = BENCHMARKS[name]
  if (!benchmark) throw new Error(`expected ${Object.keys(BENCHMARKS)}, found ${name}`)
  const progress = (/** @type {string} */ what) => console.error(`${name}: ${what}`)
  const { found, text, picture } = await benchmark.run(Number(values.rounds), progress)
  all[name] = found
  const shown = values.out ? `\n\n![${benchmark.title}](${name}.svg)` : ''
  texts.push(`## ${benchmark.title}${shown}\n\n${text}\n`)
  const files = [values.plot, values.out && join(values.out, `${name}.svg`)]
  for (const file of files) if (file) await writeFile(file, picture)
}
const document = texts.join('\n')
if (values.out) await writeFile(join(values.out, 'performance.md'), document)
if (values.json) console.log(JSON.stringify(names.length > 1 ? all : all[names[0] ?? ''], null, 2))
else process.stdout.write(document)
