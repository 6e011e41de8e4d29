// Fails unless the core starts in both its forms, and the JavaScript one grows memory as wasm does:
// by detaching the old buffer. Argument: the folder with calldock_bg.{wasm,wasm.js,js}.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const folder = process.argv[2]
const load = (file) => import(pathToFileURL(join(folder, file)).href)

const module = new WebAssembly.Module(readFileSync(join(folder, 'calldock_bg.wasm')))
const glue = await load('calldock_bg.js')
const modules = new Set(WebAssembly.Module.imports(module).map((entry) => entry.module))
assert.deepEqual([...modules], ['./calldock_bg.js'], 'the core imports only its glue')
const { exports } = new WebAssembly.Instance(module, { './calldock_bg.js': glue })

const { instantiate } = await load('calldock_bg.wasm.js')
const form = instantiate({ './calldock_bg.js': glue })
for (const name of Object.keys(exports)) assert(name in form, `the JavaScript form exports ${name}`)

for (const { memory } of [exports, form]) {
  const before = memory.buffer
  const pages = before.byteLength / 65536
  new Uint8Array(before)[before.byteLength - 1] = 42
  assert.equal(memory.grow(128), pages)
  assert.equal(before.byteLength, 0, 'growth detaches the old buffer')
  assert.equal(memory.buffer.byteLength, (pages + 128) * 65536)
  assert.equal(new Uint8Array(memory.buffer)[pages * 65536 - 1], 42, 'growth keeps the content')
}
