// The tables of a document: a test reads its cells there, so that the document cannot say something else.

import { readFileSync } from 'node:fs'

const ROOT = new URL('../../../', import.meta.url)

/**
 * The tables of a Markdown file, each by column and by row. Names are without the signs of code.
 * @param {string} path from the project's folder
 * @returns {Map<string, Map<string, string>>[]}
 */
export function readTables(path) {
  /** @type {string[][][]} */
  const tables = []
  let before = ''
  for (const line of readFileSync(new URL(path, ROOT), 'utf8').split('\n')) {
    if (line.startsWith('| ')) {
      if (!before.startsWith('|')) tables.push([])
      const cells = line.slice(2, -2).split(' | ')
      tables.at(-1)?.push(cells.map((cell) => cell.replaceAll('`', '')))
    }
    before = line
  }
  return tables.map((table) => {
    const [head = [], ...rows] = table
    /** @type {Map<string, Map<string, string>>} */
    const byColumn = new Map()
    for (const [at, column] of head.entries())
      if (at > 0) byColumn.set(column, new Map(rows.map((row) => [row[0] ?? '', row[at] ?? ''])))
    return byColumn
  })
}
