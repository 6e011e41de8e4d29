// The pages of the site, by the reader's role. A page that is missing here stops the build.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Groups, each with its title in English and Chinese and its pages. */
const GROUPS = [
  ['Start', '开始', ['index', 'concepts']],
  [
    'Ten minutes for each role',
    '各角色十分钟上手',
    [
      'guides/host-page',
      'guides/screen-pop',
      'guides/frame',
      'guides/cec-chat',
      'guides/tccc-chat',
      'guides/operator',
      'guides/own-backend',
      'guides/testing',
    ],
  ],
  [
    'More guides',
    '更多指南',
    ['guides/frameworks', 'guides/micro-frontends', 'guides/devtools', 'guides/extension'],
  ],
  [
    'Reference',
    '参考',
    [
      'reference/workbench',
      'reference/methods',
      'reference/events',
      'reference/faults',
      'reference/errors',
      'reference/configuration',
      'reference/command',
    ],
  ],
  ['When something fails', '排查', ['troubleshooting', 'browsers']],
  [
    'Operation',
    '运维',
    [
      'operate/server',
      'operate/identity',
      'operate/edge',
      'operate/deploy',
      'operate/deploy-nginx',
      'operate/deploy-load-balancer',
      'operate/deploy-kubernetes',
      'operate/operation',
      'operate/doctor',
      'operate/queue',
    ],
  ],
  ['Migration', '迁移', ['migration/vendor-snippets', 'migration/tccc', 'migration/server-keys']],
  ['Background', '背景', ['security', 'performance']],
]

/**
 * The sidebar of one language.
 * @param {string} root the folder with `en`, `zh` and `public`
 * @param {'en' | 'zh'} language
 */
export function sidebar(root, language) {
  const listed = GROUPS.flatMap(([, , pages]) => pages)
  const missing = pagesIn(join(root, language)).filter(
    (page) => !listed.includes(page) && !/^(api|vendor)\//.test(page),
  )
  if (missing.length > 0)
    throw new Error(
      `docs/.vitepress/sidebar.mjs: expected every page of docs/${language}, missing ${missing.join(', ')}`,
    )
  const groups = GROUPS.map(([english, chinese, pages]) => ({
    text: language === 'en' ? english : chinese,
    items: pages.map((page) => item(root, `${language}/${page}`)),
  }))
  return [...groups, ...references(root, language), vendors(root, language)]
}

/** What is written by tools: TypeScript, Rust, OpenAPI. @param {string} root @param {'en' | 'zh'} language */
function references(root, language) {
  const modules = pagesIn(join(root, language, 'api'))
    .filter((page) => page !== 'overview')
    .map((page) => item(root, `${language}/api/${page}`))
  const crates = existsSync(join(root, 'public/rust'))
    ? readdirSync(join(root, 'public/rust'))
        .filter((name) => existsSync(join(root, 'public/rust', name, 'index.html')))
        .map((name) => ({
          text: name.replaceAll('_', '-'),
          link: `/rust/${name}/index.html`,
          target: '_self',
        }))
        .filter(({ text }) => text.startsWith('calldock-'))
    : []
  const openapi = {
    text: language === 'en' ? 'Server: OpenAPI' : '服务端：OpenAPI',
    link: '/openapi.json',
    target: '_self',
  }
  return [
    { text: 'TypeScript API', collapsed: true, items: modules },
    { text: 'Rust API', collapsed: true, items: crates },
    { text: 'HTTP API', collapsed: true, items: [openapi] },
  ].filter(({ items }) => items.length > 0)
}

/** What the vendors document, in English. @param {string} root @param {'en' | 'zh'} language */
function vendors(root, language) {
  return {
    text: language === 'en' ? "The vendors' documents" : '厂商文档摘要（英文）',
    collapsed: true,
    items: pagesIn(join(root, language, 'vendor')).map((page) =>
      item(root, `${language}/vendor/${page}`),
    ),
  }
}

/** A page with its own heading as text. @param {string} root @param {string} page */
function item(root, page) {
  const [, heading = page] = /^# (.+)$/m.exec(readFileSync(join(root, `${page}.md`), 'utf8')) ?? []
  const link = `/${page}`.replace(/index$/, '')
  return { text: heading.replaceAll('`', '').replaceAll('\\', ''), link }
}

/** The pages beneath a folder, without their ending. @param {string} folder */
function pagesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replace(/\.md$/, ''))
    .sort()
}
