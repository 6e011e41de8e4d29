// Fails unless the forms of the package for old browsers are ES2019 and use only what Chromium 78 has, and the others
// leave out what Safari 15.4 cannot parse. Prints how many files were read. Argument: the folder with the package.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parse } from 'acorn'

const pkg = process.argv[2]

/** Members that came after Chromium 78, by the object they are called on; `*` is any. */
const NEWER = {
  '*': [
    ...['at', 'replaceAll', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced'],
    ...['replaceChildren', 'throwIfAborted', 'checkVisibility', 'togglePopover', 'isWellFormed'],
    ...['toWellFormed', 'getHTML', 'setHTMLUnsafe', 'randomUUID'],
  ],
  Object: ['hasOwn', 'groupBy'],
  Promise: ['any', 'withResolvers', 'try'],
  AbortSignal: ['timeout', 'any', 'abort'],
  URL: ['canParse', 'parse'],
  Array: ['fromAsync'],
  // Over 4 KB it is refused in the page's thread.
  WebAssembly: ['Instance'],
}
/** Globals that Chromium 78 lacks: only where `typeof` has asked for them in the same file. */
const ASKED_FOR = [
  ...['structuredClone', 'FinalizationRegistry', 'WeakRef', 'reportError', 'DecompressionStream'],
  ...['AggregateError', 'scheduler', 'navigation', 'CSSContainerRule', 'URLPattern'],
]

const isLegacy = (file) =>
  /^(legacy\/.*|legacy|global|glue\/\w+|(?!cjs\/)[\w/]+\.wasm)\.js$|^[\w-]+\.mjs$/.test(file)
const scripts = readdirSync(pkg, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(pkg, join(entry.parentPath ?? entry.path, entry.name)))
  .filter((file) => /\.m?js$/.test(file))
const files = scripts.filter(isLegacy)
const wrong = []

/** Calls `visit` for a node and all below it. */
function walk(node, visit) {
  if (Array.isArray(node)) for (const each of node) walk(each, visit)
  if (typeof node?.type !== 'string') return
  visit(node)
  for (const child of Object.values(node)) if (typeof child === 'object') walk(child, visit)
}

/** What a tree uses that is too new. */
function tooNew(tree) {
  const found = new Set()
  const requested = new Set()
  const used = new Set()
  walk(tree, (node) => {
    const name = (part) => (part?.type === 'Identifier' ? part.name : undefined)
    if (node.type === 'UnaryExpression' && node.operator === 'typeof') {
      requested.add(name(node.argument) ?? name(node.argument.property))
    }
    if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return
    const { callee } = node
    if (name(callee)) used.add(name(callee))
    if (callee.type !== 'MemberExpression' || callee.computed) return
    const [object, member] = [name(callee.object), name(callee.property)]
    // A few bytes that stand there, to see whether it is allowed.
    if (object === 'WebAssembly' && node.arguments[0]?.arguments?.[0]?.arguments?.[0]?.elements)
      return
    if (NEWER['*'].includes(member) || NEWER[object]?.includes(member))
      found.add(`${object ?? '…'}.${member}`)
  })
  for (const api of ASKED_FOR) if (used.has(api) && !requested.has(api)) found.add(api)
  return [...found]
}

/** What a tree has that came with Safari 16.4: one of these makes the whole file a syntax error. */
function unparsable(tree) {
  const found = new Set()
  const hasLookbehind = (text) => /\(\?<[=!]/.test(text)
  walk(tree, (node) => {
    const text = node.regex?.pattern ?? node.value?.raw ?? node.value
    if (typeof text === 'string' && hasLookbehind(text)) found.add('a lookbehind')
    if (node.type === 'StaticBlock') found.add('a static block')
  })
  return [...found]
}

// The JavaScript forms of the core and the glue are among the old ones; the command runs in Node.js.
const modern = scripts.filter((file) => !/^(bin|cjs)\//.test(file) && !files.includes(file))
for (const file of modern) {
  const text = readFileSync(join(pkg, file), 'utf8')
  const found = unparsable(parse(text, { ecmaVersion: 2022, sourceType: 'module' }))
  if (found.length > 0) wrong.push(`${file}: ${found.join(', ')}`)
}
for (const file of files) {
  const sourceType = file === 'global.js' ? 'script' : 'module'
  try {
    const text = readFileSync(join(pkg, file), 'utf8')
    const tree = parse(text, { ecmaVersion: 2019, sourceType })
    const found = [...tooNew(tree), ...unparsable(tree)]
    for (const { source } of tree.body)
      if (source?.value.startsWith('.') && !files.includes(join(dirname(file), source.value)))
        found.push(`an import of ${source.value}, which is not for old browsers`)
    if (found.length > 0) wrong.push(`${file}: ${found.join(', ')}`)
  } catch (error) {
    wrong.push(`${file}: not ES2019: ${error.message}`)
  }
}
if (files.length < 40) wrong.push(`only ${files.length} files were found`)
if (wrong.length > 0) {
  console.error(wrong.join('\n'))
  process.exit(1)
}
console.log(files.length + modern.length)
