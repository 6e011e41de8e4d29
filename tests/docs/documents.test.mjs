// The documents: their links lead somewhere, both languages have the same pages, and their code compiles.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { compile } from './compile.mjs'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
  maxBuffer: 1 << 26,
})
  .split('\n')
  .filter((file) => file && existsSync(join(ROOT, file)))
/** The reports of the public types are written by `cargo xtask api`. */
const documents = files.filter((file) => file.endsWith('.md') && !file.startsWith('docs/api/'))
/** @type {Map<string, string>} */
const texts = new Map(documents.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]))

/** @param {string} file */
const text = (file) => texts.get(file) ?? ''

/**
 * The lines outside of code blocks, without inline code.
 * @param {string} file
 */
function prose(file) {
  let inside = false
  return text(file)
    .split('\n')
    .map((line) => {
      const fence = line.trimStart().startsWith('```')
      if (fence) inside = !inside
      return fence || inside ? '' : line
    })
}

/**
 * The anchors of a document's headings, as GitHub makes them.
 * @param {string} file
 */
function anchors(file) {
  /** @type {Map<string, number>} */
  const seen = new Map()
  return prose(file)
    .filter((line) => /^#{1,6} /.test(line))
    .map((line) => {
      const heading = line
        .replace(/^#+ /, '')
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_\- ]/gu, '')
        .replaceAll(' ', '-')
      const times = seen.get(heading) ?? 0
      seen.set(heading, times + 1)
      return times === 0 ? heading : `${heading}-${times}`
    })
}

/** @param {string} file */
function links(file) {
  return prose(file).flatMap((line, index) =>
    [...line.replace(/`[^`]*`/g, 'code').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({
      target,
      at: `${file}:${index + 1}`,
    })),
  )
}

test('every link between documents and to code leads somewhere', () => {
  const broken = []
  let checked = 0
  for (const file of documents) {
    for (const { target, at } of links(file)) {
      if (/^[a-z][a-z+.-]*:/i.test(target)) continue
      checked += 1
      const [path = '', anchor] = target.split('#')
      const found = path ? normalize(join(dirname(file), path)) : file
      if (found.startsWith('..') || !existsSync(join(ROOT, found)))
        broken.push(`${at}: there is no ${target}`)
      else if (anchor && texts.has(found) && !anchors(found).includes(decodeURIComponent(anchor)))
        broken.push(
          `${at}: ${found} has no heading #${anchor}; it has ${anchors(found).join(', ')}`,
        )
    }
  }
  assert.ok(checked > 200, `only ${checked} links were found`)
  assert.deepEqual(broken, [])
})

test('every document that a source names exists', () => {
  const broken = []
  let checked = 0
  const named = /(?<![\w./-])docs\/[\w./-]+\.(?:md|json)(?!\w)/g
  for (const file of files) {
    if (file === 'CHANGELOG.md' || file.startsWith('tests/docs/')) continue
    if (!/\.(rs|ts|tsx|mjs|js|java|toml|yml|json|md)$/.test(file)) continue
    if (statSync(join(ROOT, file)).size > 1 << 20) continue
    for (const [path] of readFileSync(join(ROOT, file), 'utf8').matchAll(named)) {
      checked += 1
      if (!existsSync(join(ROOT, path))) broken.push(`${file}: ${path}`)
    }
  }
  assert.ok(checked > 30, `only ${checked} names were found`)
  assert.deepEqual(broken, [])
})

/** @param {string} language */
const pages = (language) =>
  documents
    .filter((file) => file.startsWith(`docs/${language}/`))
    .map((file) => relative(`docs/${language}`, file))
    .sort()

test('both languages have the same pages, sections and code blocks', () => {
  assert.ok(pages('en').length > 20)
  assert.deepEqual(pages('zh'), pages('en'))
  /** @param {string} file */
  const shape = (file) => ({
    headings: prose(file)
      .filter((line) => /^#{1,6} /.test(line))
      .map((line) => line.indexOf(' ')),
    blocks: blocks(file).map(({ language }) => language),
  })
  for (const page of pages('en'))
    assert.deepEqual(shape(`docs/zh/${page}`), shape(`docs/en/${page}`), page)
})

/**
 * The rows of a document's tables, by cells.
 * @param {string} file
 */
const rows = (file) =>
  prose(file)
    .filter((line) => line.startsWith('|'))
    .map((line) => line.slice(1, -1).split(/(?<!\\)\|/))

/** The codes of errors. */
const FACTS = /\b[A-Z]+(?:_[A-Z]+)+\b|\b(?:NETWORK|TIMEOUT|ABORTED|CLOSED|INTERNAL)\b/g

test('the tables of both languages have the same cells, with the same codes in each', () => {
  /** @param {string} cell @param {RegExp} pattern */
  const facts = (cell, pattern) => [...cell.matchAll(pattern)].map(([fact]) => fact).sort()
  const wrong = []
  let compared = 0
  for (const page of pages('en')) {
    const [en, zh] = ['en', 'zh'].map((language) => rows(`docs/${language}/${page}`))
    // A row that is missing, or has another number of cells.
    const shapes = [en, zh].map((table = []) => table.map(({ length }) => length))
    assert.deepEqual(shapes[1], shapes[0], page)
    for (const [at, row] of (en ?? []).entries())
      for (const [column, cell] of row.entries()) {
        const other = zh?.[at]?.[column] ?? ''
        const patterns = page === 'reference/faults.md' ? [FACTS, /×?\d+/g] : [FACTS]
        for (const pattern of patterns) {
          const [expected, found] = [facts(cell, pattern), facts(other, pattern)]
          compared += expected.length
          if (`${found}` !== `${expected}`)
            wrong.push(`${page}: ${cell.trim()} is ${other.trim()}: ${found} for ${expected}`)
        }
      }
  }
  assert.ok(compared > 200, `only ${compared} codes were found`)
  assert.deepEqual(wrong, [])
})

test('Chinese pages have no space beside a full-width sign, and one word for a frame', () => {
  const wrong = []
  const chinese = documents.filter((file) => /^docs\/zh\/|\.zh\.md$/.test(file))
  assert.ok(chinese.length > 30)
  for (const file of chinese)
    for (const [index, line] of prose(file).entries()) {
      const place = `${file}:${index + 1}`
      if (/[：，。；、！？（）“”] +(?![| ])\S|[^| ] +[：，。；、！？）”]/.test(line))
        wrong.push(`${place}: a space beside a full-width sign`)
      // 框架 is a framework: a frame is an iframe.
      if (line.includes('框架')) wrong.push(`${place}: 框架: write iframe`)
    }
  assert.deepEqual(wrong, [])
})

test('every page links to the other language and can be reached from the start page', () => {
  for (const language of ['en', 'zh']) {
    const other = language === 'en' ? 'zh' : 'en'
    const reached = new Set([`docs/${language}/index.md`])
    for (const file of reached) {
      const targets = links(file).map(({ target }) => {
        const [path = ''] = target.split('#')
        return normalize(join(dirname(file), path))
      })
      for (const target of targets)
        if (target.startsWith(`docs/${language}/`) && texts.has(target)) reached.add(target)
      const twin = file.replace(`docs/${language}/`, `docs/${other}/`)
      assert.ok(targets.includes(twin), `${file} has no link to ${twin}`)
    }
    const missed = pages(language).filter((page) => !reached.has(`docs/${language}/${page}`))
    assert.deepEqual(missed, [], `docs/${language}/index.md does not lead to these`)
  }
})

/**
 * The code blocks of a document.
 * @param {string} file
 */
function blocks(file) {
  const found = []
  let block
  for (const [index, line] of text(file).split('\n').entries()) {
    const fence = /^(\s*)```(\S*)/.exec(line)
    if (fence && !block)
      block = { language: fence[2] ?? '', line: index + 1, code: /** @type {string[]} */ ([]) }
    else if (fence && block) {
      found.push({ ...block, code: block.code.join('\n') })
      block = undefined
    } else block?.code.push(line)
  }
  assert.equal(block, undefined, `${file}: a code block does not end`)
  return found
}

test("no development proxy of Vite's replaces the Host of the page", () => {
  const configs = [
    ...documents.flatMap((file) =>
      blocks(file).map(({ line, code }) => ({ at: `${file}:${line}`, code })),
    ),
    ...files
      .filter((file) => file.endsWith('vite.config.js'))
      .map((file) => ({ at: file, code: readFileSync(join(ROOT, file), 'utf8') })),
  ].filter(({ code }) => /from 'vite'/.test(code) && /proxy:/.test(code))
  assert.ok(configs.length >= 6, `only ${configs.length} proxies were found`)
  // For a target that is a plain string Vite sets `changeOrigin`.
  const wrong = configs.filter(({ code }) => /'\/[^']*': *['"`]|changeOrigin: true/.test(code))
  assert.deepEqual(
    wrong.map(({ at }) => at),
    [],
  )
})

test('the files that an older Jest is led to are those that require finds', () => {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'pkg/package.json'), 'utf8'))
  const required = Object.entries(exports).flatMap(([name, { require: entry }]) =>
    entry && name !== '.' ? [[name.replace('.', 'calldock'), entry.default]] : [],
  )
  assert.ok(required.length > 8)
  for (const language of ['en', 'zh']) {
    const mapping = /moduleNameMapper: \{ '(.+?)': '<rootDir>\/node_modules\/calldock\/(.+?)' \}/
    const [, pattern = '', path = ''] = mapping.exec(text(`docs/${language}/browsers.md`)) ?? []
    for (const [name, file] of required)
      assert.equal(`./${name.replace(new RegExp(pattern), path)}`, file)
  }
})

const COMPILED = new Map([
  ['ts', 'ts'],
  ['tsx', 'tsx'],
  ['js', 'mjs'],
])

test('every TypeScript block compiles against the package, and every JavaScript block parses', () => {
  /** @type {Map<string, { origin: string, code: string }>} */
  const blocksByFile = new Map()
  for (const file of documents.filter((file) => !file.endsWith('CHANGELOG.md'))) {
    for (const { language, line, code } of blocks(file)) {
      const ending = COMPILED.get(language)
      const name = `${file.replace(/\W+/g, '-')}-${line}.${ending}`
      if (ending) blocksByFile.set(name, { origin: `${file}:${line} block`, code })
    }
  }
  assert.ok(blocksByFile.size > 50, `only ${blocksByFile.size} blocks were found`)
  const options = { allowJs: true, checkJs: false, noImplicitAny: false }
  assert.equal(compile('docs', blocksByFile, { declarations: ['ambient.d.ts'], options }), '')
})
