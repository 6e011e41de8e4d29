// Fails unless a role's module starts in both its forms under one build's hash, and the JavaScript one
// grows memory as wasm does, by detaching the old buffer, and traps by the exception it is given.
// Arguments: the folder with core/roles/{role}.wasm and its .js and glue/{role}.js; the role.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [folder, role] = process.argv.slice(2)
const load = (file) => import(`${pathToFileURL(join(folder, file)).href}?${Date.now()}`)

const module = new WebAssembly.Module(readFileSync(join(folder, `core/roles/${role}.wasm`)))
const glue = await load(`glue/${role}.js`)
for (const { module: name } of WebAssembly.Module.imports(module))
  assert.equal(name, glue.build, 'the module imports only the glue of its build')
const { exports } = new WebAssembly.Instance(module, { [glue.build]: glue })

const { build, instantiate } = await load(`core/roles/${role}.wasm.js`)
assert.equal(build, glue.build, 'the JavaScript form is of the same build')
const trapped = new Error('trapped')
const form = instantiate({ [glue.build]: glue }, () => {
  throw trapped
})
for (const name of Object.keys(exports)) assert(name in form, `the JavaScript form exports ${name}`)
if (form.malloc) assert.throws(() => form.malloc(0xfffffff0, 1), trapped)

for (const { memory } of [exports, form]) {
  const before = memory.buffer
  const pages = before.byteLength / 65536
  new Uint8Array(before)[before.byteLength - 1] = 42
  assert.equal(memory.grow(128), pages)
  assert.equal(before.byteLength, 0, 'growth detaches the old buffer')
  assert.equal(memory.buffer.byteLength, (pages + 128) * 65536)
  assert.equal(new Uint8Array(memory.buffer)[pages * 65536 - 1], 42, 'growth keeps the content')
}
