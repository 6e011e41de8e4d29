// Every function and value that an entry of the package exports has an example, and the examples compile.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript-5'
import { compile } from './compile.mjs'

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
  /** @type {Map<string, { origin: string, code: string }>} */
  const texts = new Map()
  for (const { entry, name, examples } of all)
    for (const [index, example] of examples.entries()) {
      // What an example uses comes from its own entry, or else from the first one that has it.
      const used = new Map()
      for (const other of [...all].reverse())
        if (new RegExp(`\\b${other.name}\\b(?!:)`).test(example)) used.set(other.name, other.entry)
      for (const own of all)
        if (own.entry === entry && used.has(own.name)) used.set(own.name, entry)
      const imports = [...used].map(([name, from]) => `import { ${name} } from '${from}'\n`)
      texts.set(`${entry.replaceAll(/\W/g, '-')}-${name}-${index}.tsx`, {
        origin: `the example of ${name} of ${entry}`,
        // A block of its own: a name that the example declares hides the import.
        code: `${imports.join('')}{\n${example}\n}`,
      })
    }
  const declarations = ['ambient.d.ts', 'examples.d.ts']
  assert.equal(compile('examples', texts, { declarations }), '')
})
