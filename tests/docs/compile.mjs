// Compiles code of the documents against the built package.

import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Compiles texts as files of a folder beneath `target/`. Returns what the compiler says, with the origin of each text
 * in the place of its file; nothing where all compile.
 * @param {string} name the folder
 * @param {ReadonlyMap<string, { origin: string, code: string }>} texts by the names of their files
 * @param {{ declarations: string[], options?: object }} settings the files of `tests/docs/` that declare what the
 * texts take for granted, and more options of the compiler
 */
export function compile(name, texts, { declarations, options = {} }) {
  const folder = join(ROOT, 'target', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [file, { code }] of texts) writeFileSync(join(folder, file), `${code}\nexport {}\n`)
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
      ...options,
    },
    include: ['*', ...declarations.map((file) => `${up}/tests/docs/${file}`)],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  const { status, stdout, stderr } = spawnSync(
    join(ROOT, 'node_modules/.bin/tsc'),
    ['--project', folder, '--pretty', 'false'],
    { cwd: folder, encoding: 'utf8' },
  )
  if (status === 0) return ''
  const said = `${stdout}${stderr}`.replace(
    /^[^\s(]+(?=\()/gm,
    (path) => texts.get(path.split('/').at(-1) ?? '')?.origin ?? path,
  )
  return said || `the compiler ended with ${status}`
}
