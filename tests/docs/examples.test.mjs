// Every function and value that an entry of the package exports has an example, and the examples compile.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript-5'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const PACKAGE = join(ROOT, 'pkg')

/** @type {{ exports: Record<string, { types?: string }> }} */
const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'))

/** The declarations of the entries, by what an application imports. */
const entries = Object.entries(manifest.exports).flatMap(([name, { types }]) =>
  types && !types.includes('*')
    ? [{ name: name.replace('.', 'calldock'), file: join(PACKAGE, types) }]
    : [],
)

/** The functions and values of each entry, with their examples as the packed declarations have them. */
function exported() {
  const program = ts.createProgram(
    entries.map(({ file }) => file),
    {
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      jsx: ts.JsxEmit.ReactJSX,
      strict: true,
      types: [],
    },
  )
  const checker = program.getTypeChecker()
  return entries.flatMap(({ name: entry, file }) => {
    const source = program.getSourceFile(file)
    const module = source && checker.getSymbolAtLocation(source)
    // The entries that inline a core, and the classic script, export nothing.
    if (!module) return []
    return checker.getExportsOfModule(module).flatMap((symbol) => {
      const { Alias, Value } = ts.SymbolFlags
      const target = symbol.flags & Alias ? checker.getAliasedSymbol(symbol) : symbol
      if (!(target.flags & Value)) return []
      const examples = target
        .getJsDocTags(checker)
        .filter(({ name }) => name === 'example')
        // A comment writes `*/` so.
        .map(({ text }) => ts.displayPartsToString(text).replaceAll('*\\/', '*/'))
      return [{ entry, name: symbol.name, examples }]
    })
  })
}

const all = exported()

test('every function and value of the public entries has an example that uses it', () => {
  assert.ok(all.length > 80, `only ${all.length} exports were found`)
  const missing = all.filter(({ name, examples }) => !examples.some((code) => code.includes(name)))
  assert.deepEqual(
    missing.map(({ entry, name }) => `${entry}: ${name}`),
    [],
  )
})

test('every example compiles against the package', () => {
  const folder = join(ROOT, 'target/examples')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  /** @type {Map<string, string>} */
  const origins = new Map()
  for (const { entry, name, examples } of all)
    for (const [index, code] of examples.entries()) {
      // A block of its own: a name that the example declares hides the import.
      // What an example uses comes from its own entry, or else from the first one that has it.
      const used = new Map()
      for (const other of [...all].reverse())
        if (new RegExp(`\\b${other.name}\\b(?!:)`).test(code)) used.set(other.name, other.entry)
      for (const own of all)
        if (own.entry === entry && used.has(own.name)) used.set(own.name, entry)
      const imports = [...used].map(([name, from]) => `import { ${name} } from '${from}'\n`)
      const file = `${entry.replaceAll(/\W/g, '-')}-${name}-${index}.tsx`
      origins.set(file, `the example of ${name} of ${entry}`)
      writeFileSync(join(folder, file), `${imports.join('')}{\n${code}\n}\nexport {}\n`)
    }
  const up = '../..'
  const settings = {
    extends: `${up}/tsconfig.base.json`,
    compilerOptions: {
      noEmit: true,
      module: 'esnext',
      moduleResolution: 'bundler',
      target: 'esnext',
      jsx: 'react-jsx',
      types: ['node', 'react'],
      lib: ['esnext', 'dom', 'dom.iterable', 'dom.asynciterable'],
      noUnusedLocals: false,
      noUnusedParameters: false,
      paths: { calldock: [`${up}/pkg/index.d.ts`], 'calldock/*': [`${up}/pkg/*.d.ts`] },
    },
    include: ['*', `${up}/tests/docs/ambient.d.ts`, `${up}/tests/docs/examples.d.ts`],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  const { status, stdout, stderr } = spawnSync(
    join(ROOT, 'node_modules/.bin/tsc'),
    ['--project', folder, '--pretty', 'false'],
    { cwd: folder, encoding: 'utf8' },
  )
  const output = `${stdout}${stderr}`.replace(
    /^[^\s(]+(?=\()/gm,
    (path) => origins.get(path.split('/').at(-1) ?? '') ?? path,
  )
  assert.equal(status, 0, output)
})
