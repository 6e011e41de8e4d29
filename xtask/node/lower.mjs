// Makes the forms of the package for older tools and browsers, from the compiled facade:
//   global.js        one classic script, whose syntax every browser with modules can parse
//   legacy/          ES2019 modules without `import()` and `import.meta`, for Chromium 78 and webpack 4
//   legacy.js        all of them in one entry
//   *.mjs            the entries once more: webpack 4 knows no `exports`, and prefers .wasm and .mjs to .js, where
//                    Parcel 2 prefers .js; the manifest's `module` therefore has no ending, and no wasm file lies
//                    beside the entries
//   cjs/             CommonJS, for Jest
// A warning of esbuild fails the build: it empties `import.meta` with no more than that.
// Arguments: the folder with the compiled facade, the roles.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { build, transform } from 'esbuild'

const [staging, ...roles] = process.argv.slice(2)
/** The oldest syntax of the modules; CommonJS is for test runners, which are newer. */
const TARGET = 'es2019'
/** Entries that only this step makes sense of, or that carry wasm for other bundlers. */
const OWN = /^(global|legacy|inline)(\.|\/)|^(legacy|cjs)\//
/** Entries without a form for bundlers that know no `exports`: test code is run by test runners. */
const NOT_BUNDLED = ['testing']

const read = (file) => readFileSync(join(staging, file), 'utf8')
const write = (file, text) => {
  mkdirSync(dirname(join(staging, file)), { recursive: true })
  writeFileSync(join(staging, file), text)
}

/** Fails on whatever esbuild has to say. */
function unwarned({ warnings, ...result }, file) {
  if (warnings.length > 0)
    throw new Error(`${file}: ${warnings.map(({ text }) => text).join('; ')}`)
  return result
}

const WASM = (role) => `new URL('./${role}.wasm', import.meta.url)`
const FORM = (role) => `import('./${role}.wasm.js')`

/** The file that names a role's own files, with other words for these two. */
function roleFile(role, wasm, form) {
  const text = read(`core/roles/${role}.js`)
  for (const part of [WASM(role), FORM(role)])
    if (text.split(part).length !== 2) throw new Error(`core/roles/${role}.js has no ${part}`)
  return text.replace(WASM(role), wasm).replace(FORM(role), form)
}

/** The role of a file of `core/roles/`. */
const roleOf = (file) => /core\/roles\/(\w+)\.js$/.exec(file)?.[1]

async function globalScript() {
  // It says itself where its files are (js/global.ts).
  const plugin = {
    name: 'roles',
    setup: ({ onLoad }) =>
      onLoad({ filter: /core\/roles\/\w+\.js$/ }, ({ path }) => {
        const role = roleOf(path)
        const wasm = `new URL('${role}.wasm', document.baseURI)`
        return { contents: roleFile(role, wasm, 'Promise.reject()'), loader: 'js' }
      }),
  }
  const result = await build({
    absWorkingDir: staging,
    entryPoints: ['./global.js'],
    outfile: 'global.js',
    allowOverwrite: true,
    bundle: true,
    minify: true,
    format: 'iife',
    charset: 'utf8',
    target: TARGET,
    supported: { 'dynamic-import': false },
    // Chromium has the name since 71; older ones are to read why they are refused.
    define: { globalThis: 'window' },
    logLevel: 'silent',
    plugins: [plugin],
  })
  unwarned(result, 'global.js')
}

/** Writes imports that wait for nothing in the place of `import()`. */
function withoutDynamicImports(code) {
  const lazy = []
  const rest = code.replace(/\bimport\("([^"]+)"\)/g, (_, module) => {
    if (!lazy.includes(module)) lazy.push(module)
    return `Promise.resolve(lazy${lazy.indexOf(module)})`
  })
  const imports = lazy.map((module, at) => `import * as lazy${at} from "${module}";\n`)
  return imports.join('') + rest
}

async function legacyModule(file) {
  const role = roleOf(file)
  const source = role ? legacyRole(role) : read(file)
  const result = await transform(source, { target: TARGET, charset: 'utf8', sourcefile: file })
  return withoutDynamicImports(unwarned(result, file).code)
}

/** A role that carries its wasm as text, and its JavaScript form as a module. */
function legacyRole(role) {
  const own = roleFile(role, `new URL('${role}.wasm', document.baseURI)`, 'Promise.resolve(form)')
  // The glue and the form are ES2015 as they are.
  const glue = own.replace("'../../glue/", "'../../../glue/")
  return `import * as form from '../../../core/roles/${role}.wasm.js'
import bytes from '../../bytes/${role}.js'
import { inline } from '../inlined.js'
import { settings } from '../load.js'
${glue}
if (!settings.sources.has('${role}')) inline('${role}', bytes)
`
}

async function commonModule(file) {
  const role = roleOf(file)
  // As from a disk, where only the JavaScript form can be loaded.
  const source = role ? roleFile(role, `new URL('file:///${role}.wasm')`, FORM(role)) : read(file)
  const result = await transform(source, {
    format: 'cjs',
    target: 'node18',
    charset: 'utf8',
    sourcefile: file,
    supported: { 'dynamic-import': false },
  })
  return unwarned(result, file).code
}

for (const folder of ['legacy', 'cjs'])
  rmSync(join(staging, folder), { recursive: true, force: true })
const files = readdirSync(staging, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(staging, join(entry.parentPath ?? entry.path, entry.name)))
  // `npx calldock` runs in Node.js only.
  .filter((file) => !OWN.test(file) && !file.startsWith('bin/'))
const scripts = files.filter((file) => file.endsWith('.js'))
const typed = files.filter((file) => file.endsWith('.d.ts'))

for (const file of scripts) {
  write(`cjs/${file}`, await commonModule(file))
  if (!file.startsWith('glue/') && !file.endsWith('.wasm.js'))
    write(`legacy/${file}`, await legacyModule(file))
}
for (const file of typed) write(`cjs/${file}`, read(file))
write('cjs/package.json', '{ "type": "commonjs" }\n')
for (const role of roles) {
  const base64 = readFileSync(join(staging, `core/roles/${role}.wasm`)).toString('base64')
  write(`legacy/bytes/${role}.js`, `export default "${base64}";\n`)
}
for (const file of scripts) {
  const [name] = file.split('.')
  if (file.includes('/')) continue
  // The types of both forms are the same.
  write(`legacy/${name}.d.ts`, `export * from '../${name}.js'\n`)
  if (!NOT_BUNDLED.includes(name)) write(`${name}.mjs`, `export * from './legacy/${name}.js'\n`)
}
write('legacy.js', read('legacy.js').replace(/ '\.\//g, " './legacy/"))
await globalScript()
