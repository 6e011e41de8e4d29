// The phrases of errors, as the sources have them: what was expected and what was found.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript-5'

/** @param {string} folder @param {(path: string) => boolean} wanted @returns {string[]} */
const files = (folder, wanted) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter(wanted)

/**
 * Texts that an expression may be; `{}` stands for what is known only then.
 * @param {ts.Node} node
 * @returns {string[]}
 */
function texts(node) {
  if (ts.isStringLiteralLike(node)) return [node.text]
  if (ts.isTemplateExpression(node))
    return node.templateSpans.reduce(
      (before, { expression, literal }) =>
        joined(joined(before, parts(expression)), [literal.text]),
      [node.head.text],
    )
  if (ts.isConditionalExpression(node)) return [...texts(node.whenTrue), ...texts(node.whenFalse)]
  if (ts.isBinaryExpression(node)) {
    const { left, operatorToken, right } = node
    if (operatorToken.kind === ts.SyntaxKind.PlusToken) return joined(parts(left), parts(right))
    return [...texts(left), ...texts(right)]
  }
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(texts)
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return texts(node.expression)
  return []
}

/** @param {ts.Node} node */
const parts = (node) => {
  const known = texts(node)
  return known.length > 0 ? known : ['{}']
}

/** @param {string[]} heads @param {string[]} tails */
const joined = (heads, tails) => heads.flatMap((head) => tails.map((tail) => head + tail))

const NAMES = /^(expected|found|forms)$/i

/** Functions that make such a text. */
const MAKERS = /^(kind|expectation|hidden)$/

/** @param {ts.Node} node @param {(value: ts.Node | undefined) => void} add */
function eachReturn(node, add) {
  if (ts.isReturnStatement(node)) add(node.expression)
  else ts.forEachChild(node, (child) => eachReturn(child, add))
}

/**
 * The phrases of TypeScript sources: the arguments of parameters that are called `expected` or `found`, and the
 * values of constants, members and parameters with these names.
 * @param {string} folder
 */
export function ofScripts(folder) {
  const sources = files(folder, (path) => path.endsWith('.ts'))
  const program = ts.createProgram(sources, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    noLib: true,
    types: [],
  })
  const checker = program.getTypeChecker()
  /** @type {Map<string, string>} */
  const found = new Map()
  for (const source of program.getSourceFiles()) {
    if (!source.fileName.startsWith(folder)) continue
    /** @param {ts.Node | undefined} value */
    const add = (value) => {
      for (const text of value ? texts(value) : [])
        if (!found.has(text)) found.set(text, source.fileName.slice(folder.length))
    }
    /** @param {ts.Node} node */
    const visit = (node) => {
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const parameters = checker.getResolvedSignature(node)?.parameters ?? []
        for (const [index, { name }] of parameters.entries())
          if (NAMES.test(name)) add(node.arguments?.[index])
      }
      if (
        (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node) || ts.isParameter(node)) &&
        NAMES.test(node.name.getText())
      )
        add(node.initializer)
      if (ts.isFunctionDeclaration(node) && MAKERS.test(node.name?.text ?? ''))
        eachReturn(node, add)
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  return found
}

/** A text of Rust. */
const LITERAL = /"((?:[^"\\]|\\.)*)"/gs

/** Where a core's errors have what was expected and what was found, counted from 0. */
const ARGUMENTS = new Map([
  ['Error::new', [2, 3]],
  ['Error::invalid', [1, 2]],
  ['err', [2, 3]],
  ['refuse', [0, 1]],
  ['refused', [0]],
  ['Err', [0]],
  ['then_some', [0]],
  ['Some', [0]],
])

/**
 * The phrases of Rust sources: the arguments of the functions that make an error, and the constants that are
 * called `expected` or `found`. A text that begins with a space is put behind another one.
 * @param {string} folder
 */
export function ofCore(folder) {
  /** @type {Map<string, string>} */
  const found = new Map()
  for (const file of files(folder, (path) => path.endsWith('.rs') && !path.includes('_tests'))) {
    const [source = ''] = readFileSync(file, 'utf8')
      .replace(/^\s*\/\/.*$/gm, '')
      .replace(/r(#+)".*?"\1/gs, '""')
      .split('#[cfg(test)]')
    /** @param {string} code */
    const add = (code) => {
      // What a `match` compares with is no phrase, nor is the name of a member.
      const value = code.replace(/"[^"]*"(?=\s*(?:=>|\|))/g, '')
      const together = /^&?\[(.*)\](?:\.concat\(\))?$/s.exec(value.trim())?.[1]
      const items = together === undefined ? undefined : split(together)
      const whole = items?.map((item) => /^"(.*)"$/s.exec(item.trim())?.[1] ?? '{}').join('')
      for (const text of whole === undefined ? literals(value) : [whole])
        found.set(text.startsWith(' ') ? `{}${text}` : text, file.slice(file.indexOf('src/')))
    }
    for (const [name, positions] of ARGUMENTS)
      for (const { index } of source.matchAll(new RegExp(`(?<![\\w:])${name}\\(`, 'g'))) {
        const given = split(source.slice(index + name.length + 1))
        if (name === 'Some' && !given[0]?.startsWith('" ')) continue
        // Another call inside is looked at by itself.
        for (const at of positions)
          if (/^\s*(?:"|&?\[|match\b)/.test(given[at] ?? '')) add(given[at] ?? '')
      }
    for (const [, value = ''] of source.matchAll(
      /(?:let|const) (?:expected|found|EXPECTED)\b[^=]*=(.*?);/gs,
    ))
      add(value)
  }
  return found
}

/** @param {string} code */
const literals = (code) =>
  [...code.matchAll(LITERAL)].map(([, text = '']) =>
    text.replace(/\\\n\s*/g, '').replace(/\\(.)/g, '$1'),
  )

/**
 * The parts between commas, up to the bracket that closes.
 * @param {string} code
 */
function split(code) {
  const parts = ['']
  let depth = 0
  for (const [piece] of code.matchAll(/"(?:[^"\\]|\\.)*"|./gs)) {
    if (/^[)\]}]$/.test(piece)) depth -= 1
    if (depth < 0) break
    if (/^[([{]$/.test(piece)) depth += 1
    if (piece === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += piece
  }
  return parts
}
