// `npx calldock init` and `npx calldock check`, run as a user runs them, on the built package.

import assert from 'node:assert/strict'
import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import { build, loadConfigFromFile } from 'vite'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const BIN = join(ROOT, 'pkg/bin/calldock.js')
const FOLDER = join(ROOT, 'target/command')
const ROLES = ['host', 'pop', 'cec-chat', 'tccc-chat']
const FRAMEWORKS = ['vite', 'react', 'vue', 'html']
/** The languages of a terminal; the folders of their pages begin with these. */
const LANGUAGES = { '': { LC_ALL: 'C' }, 'zh-': { LANG: 'zh_CN.UTF-8' } }

before(() => {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(join(FOLDER, 'node_modules'), { recursive: true })
  symlinkSync(join(ROOT, 'pkg'), join(FOLDER, 'node_modules/calldock'))
})

/** In English whatever the developer's terminal speaks. @param {string[]} args */
const calldock = (...args) => calldockIn({ LC_ALL: 'C' }, ...args)

/** @param {Record<string, string>} language @param {string[]} args */
async function calldockIn(language, ...args) {
  const env = { ...process.env, LC_ALL: '', LC_MESSAGES: '', LANG: '', ...language }
  const run = promisify(execFile)(process.execPath, [BIN, ...args], { cwd: FOLDER, env })
  return run.then(
    ({ stdout }) => ({ status: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }) => ({ status: code, stdout, stderr }),
  )
}

/**
 * A server with one page; `{host}` in a header is its own. A list of values is sent as several headers.
 * @param {Record<string, string | string[]>} headers
 */
async function serve(headers, body = '<!doctype html><title>A page</title>', status = 200) {
  const server = createServer((request, response) => {
    const { host = '' } = request.headers
    for (const [name, value] of Object.entries(headers))
      response.setHeader(
        name,
        [value].flat().map((text) => text.replace('{host}', host)),
      )
    response.writeHead(status, { 'content-type': 'text/html' }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { url: `http://127.0.0.1:${address.port}/`, stop: () => server.close() }
}

/** A server of another protocol. @param {(socket: import('node:net').Socket) => void} accept */
async function listen(accept) {
  const server = createTcpServer(accept)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { url: `http://127.0.0.1:${address.port}/`, stop: () => server.close() }
}

/** Arguments with a server's own host. @param {readonly string[]} args @param {string} url */
const filled = (args, url) => args.map((text) => text.replace('{host}', new URL(url).host))

/** @param {Record<string, string | string[]>} headers @param {readonly string[]} args @param {string} [body] */
async function checked(headers, args, body) {
  const { url, stop } = await serve(headers, body)
  try {
    const { status, stdout, stderr } = await calldock('check', url, '--json', ...filled(args, url))
    assert.ok(stdout, stderr)
    return { status, origin: url.slice(0, -1), ...JSON.parse(stdout) }
  } finally {
    stop()
  }
}

/** The files of a written page, but for those that only tools read. @param {string} name */
function written(name) {
  const folder = join(FOLDER, name)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const read = files.filter((file) =>
    /^(index\.html|serve\.mjs|vite\.config\.js|src.*\.\w+)$/.test(file),
  )
  return new Map(read.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
}

/**
 * The texts of a file that a person reads: between tags, in string literals of several words or with a capital,
 * and comments.
 * @param {string} source
 */
function visible(source) {
  const text = source.replace(/\{\{.*?\}\}/g, '')
  const found = [
    ...text.matchAll(/>([^<>{}=;()]*\p{L}{2}[^<>{}=;()]*)</gu),
    ...source.matchAll(/(?:'|title: '|`)(\p{Lu}[^'`$]*)/gu),
    ...source.matchAll(/ '(no \w+|call)'/gu),
    ...source.matchAll(/\/\/ (.+)/gu),
  ]
  return found
    .map(([, word = '']) => word.trim())
    .filter((word) => word && !/^(Content-Type|DOMContent|POST|GET|HTTP)/i.test(word))
}

describe('init', () => {
  for (const [prefix, language] of Object.entries(LANGUAGES)) {
    for (const role of ROLES) {
      for (const framework of FRAMEWORKS) {
        const name = `${prefix}${role}-${framework}`
        test(`${name} is written and builds`, async () => {
          const { status, stdout, stderr } = await calldockIn(
            /** @type {Record<string, string>} */ (language),
            ...['init', name, '--role', role, '--framework', framework],
          )
          assert.equal(status, 0, stderr)
          const folder = join(FOLDER, name)
          const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
          assert.ok(manifest.dependencies.calldock)
          assert.match(stdout, prefix ? /已写入 .*index\.html/ : /wrote .*index\.html/)
          if (framework === 'html') return
          const plugins = framework === 'react' ? [react()] : framework === 'vue' ? [vue()] : []
          await build({ root: folder, configFile: false, logLevel: 'error', plugins })
          const html = readFileSync(join(folder, 'dist/index.html'), 'utf8')
          assert.match(html, /<script type="module"/)
        })
      }
    }
  }

  for (const framework of ['vite', 'react', 'vue'])
    test(`${framework}: the development proxy keeps the Host of the page`, async () => {
      const name = `proxy-${framework}`
      await calldock('init', name, '--role', 'host', '--framework', framework)
      const file = join(FOLDER, name, 'vite.config.js')
      const env = { command: /** @type {const} */ ('serve'), mode: 'development' }
      const { config } = (await loadConfigFromFile(env, file)) ?? {}
      const targets = Object.values(config?.server?.proxy ?? {})
      assert.equal(targets.length, 2)
      // For a string Vite sets `changeOrigin`.
      for (const target of targets)
        assert.ok(typeof target === 'object' && !target.changeOrigin, JSON.stringify(target))
    })

  for (const framework of ['vite', 'react'])
    test(`${framework}: the written tsconfig.json checks the written page`, () => {
      for (const prefix of Object.keys(LANGUAGES))
        for (const role of ROLES) {
          const { status, stdout } = spawnSync(
            join(ROOT, 'node_modules/.bin/tsc'),
            ['--project', join(FOLDER, `${prefix}${role}-${framework}`)],
            { encoding: 'utf8' },
          )
          assert.equal(status, 0, `${prefix}${role}\n${stdout}`)
        }
    })

  test('the written TypeScript compiles against the package', () => {
    const settings = {
      extends: '../../tsconfig.base.json',
      compilerOptions: {
        ...{ noEmit: true, module: 'esnext', moduleResolution: 'bundler', jsx: 'react-jsx' },
        ...{ types: ['react'], noUnusedLocals: true },
      },
      include: ['*/src/*.ts', '*/src/*.tsx'],
      exclude: ['*-vue'],
    }
    writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(settings))
    const { status, stdout } = spawnSync(
      join(ROOT, 'node_modules/.bin/tsc'),
      ['--project', FOLDER],
      { encoding: 'utf8' },
    )
    assert.equal(status, 0, stdout)
  })

  test('a page written in a Chinese terminal has no English words for its reader', () => {
    let words = 0
    for (const role of ROLES)
      for (const framework of FRAMEWORKS) {
        const name = `${role}-${framework}`
        const [english, chinese] = [written(name), written(`zh-${name}`)]
        assert.deepEqual([...chinese.keys()], [...english.keys()], name)
        assert.match(chinese.get('index.html') ?? '', /<html lang="zh-CN">[\s\S]*<title>[一-鿿]+</)
        assert.match(english.get('index.html') ?? '', /<html lang="en">/)
        for (const [file, text] of chinese) assert.doesNotMatch(text, /[：，。；、] /, file)
        for (const [file, text] of english) {
          assert.doesNotMatch(text, /[一-鿿]/, `${name}/${file}`)
          const seen = visible(text)
          words += seen.length
          for (const word of seen)
            assert.ok(
              !visible(chinese.get(file) ?? '').includes(word),
              `zh-${name}/${file}: ${word}`,
            )
        }
      }
    assert.ok(words > 40, `only ${words} texts were found`)
  })

  test('the Chinese page has a translation of each word that the package gives it', () => {
    const types = [
      ['zh-host-vite/src/main.ts', /direction: '([^\n]+)'\n/, 'Session'],
      ['zh-host-vite/src/main.ts', /state: '([^\n]+)'\n/, 'Session'],
    ]
    const declared = readFileSync(join(ROOT, 'pkg/tccc/host/sessions.d.ts'), 'utf8')
    for (const [file = '', pattern = /$/] of types) {
      const [, union = ''] = new RegExp(pattern).exec(declared.replaceAll(';', '')) ?? []
      const members = union.split("' | '")
      assert.ok(members.length === 3, union)
      const text = readFileSync(join(FOLDER, String(file)), 'utf8')
      for (const member of members) assert.match(text, new RegExp(`${member}: '[一-鿿]+'`))
    }
  })

  test('the page without a bundler is served with its script, its wasm and a proxy', async () => {
    const folder = join(FOLDER, 'pop-html')
    mkdirSync(join(folder, 'node_modules'), { recursive: true })
    symlinkSync(join(ROOT, 'pkg'), join(folder, 'node_modules/calldock'))
    const server = spawn(process.execPath, ['serve.mjs', '0'], { cwd: folder })
    try {
      const [line] = await once(server.stdout, 'data')
      const url = String(line).trim()
      const html = await (await fetch(url)).text()
      const [, script = ''] = /src="([^"]+)"/.exec(html) ?? []
      assert.match(await (await fetch(new URL(script, url))).text(), /calldock/)
      const wasm = await fetch(new URL('/node_modules/calldock/core/roles/frame.wasm', url))
      assert.equal(wasm.headers.get('content-type'), 'application/wasm')
      assert.equal((await fetch(new URL('/%2e%2e/tsconfig.json', url))).status, 404)
      const page = await calldock('check', url, '--for', 'frame')
      assert.equal(page.status, 0, page.stderr)
      assert.match(page.stdout, /warning +frame +no rule/)
    } finally {
      server.kill()
    }
  })

  test('a request that cannot be read does not end the written server', async () => {
    const server = spawn(process.execPath, ['serve.mjs', '0'], { cwd: join(FOLDER, 'host-html') })
    try {
      const [line] = await once(server.stdout, 'data')
      const port = Number(new URL(String(line).trim()).port)
      const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n'
      for (const [first, headers, status] of /** @type {[string, string, string][]} */ ([
        ['GET //', '', '400'],
        ['GET http://', '', '400'],
        ['GET //[/calldock/x', '', '400'],
        ['GET //', upgrade, '404'],
        ['GET /x', upgrade, '404'],
        ['GET /%zz', '', '404'],
        ['GET /%2e%2e%2fpackage.json', '', '404'],
        ['GET /..%5c..%5cpackage.json', '', '404'],
        ['OPTIONS *', '', '404'],
        // What is behind it is not this test's.
        ['GET /calldock/x', 'Trailer: x\r\n', '\\d+'],
        ['HEAD /', '', '200'],
        ['GET /', '', '200'],
      ])) {
        const socket = connect(port, '127.0.0.1')
        const close = headers === upgrade ? '' : 'Connection: close\r\n'
        socket.write(`${first} HTTP/1.1\r\nHost: x\r\n${headers}${close}\r\n`)
        let answer = ''
        for await (const part of socket) answer += part
        assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), first)
      }
      assert.equal(server.exitCode, null)
    } finally {
      server.kill()
    }
  })

  for (const name of ['my page', "it's", '$HOME', 'a"b`c', '-x', '~', 'a\\b', 'plain', '我的页面'])
    test(`the printed command enters the folder ${name}`, async () => {
      const options = ['--role', 'pop', '--framework', 'html']
      const { stdout, stderr } = await calldock('init', ...options, '--', name)
      const [, line = '', cd = ''] = /^ {2}((cd .+) && npm install && .+)$/m.exec(stdout) ?? []
      assert.ok(line, stderr)
      const shell = spawnSync('sh', ['-c', `${cd} && pwd`], { cwd: FOLDER, encoding: 'utf8' })
      assert.equal(shell.stdout, `${join(FOLDER, name)}\n`, line)
      if (/^[\p{L}]+$/u.test(name)) assert.equal(cd, `cd ${name}`)
    })

  for (const role of ROLES)
    test(`${role}: what is printed at the end says how to try it without an account`, async () => {
      for (const [prefix, language] of Object.entries(LANGUAGES))
        for (const framework of ['vite', 'html']) {
          const { stdout } = await calldockIn(
            /** @type {Record<string, string>} */ (language),
            ...[
              'init',
              `${prefix}next-${role}-${framework}`,
              '--role',
              role,
              '--framework',
              framework,
            ],
          )
          const [, next = ''] = stdout.split(/Next:|接下来：/)
          const programs = [...next.matchAll(/cargo run --package ([\w-]+)/g)].map(([, it]) => it)
          assert.deepEqual(
            programs,
            {
              host: ['calldock-doubles', 'calldock-server'],
              pop: [],
              'cec-chat': ['calldock-doubles', 'calldock-server', 'calldock-edge'],
              'tccc-chat': ['calldock-doubles', 'calldock-server'],
            }[role],
          )
          assert.equal(/Vite .*20\.19.*22\.12/.test(next), framework !== 'html', next)
          const site = framework === 'html' ? 'http://localhost:8080' : 'http://localhost:5173'
          if (role === 'host') assert.ok(next.includes(`--site-origin ${site}\n`), next)
          if (role === 'host') assert.match(next, /fakeWorkbench\(\)\.open\(\)/)
          if (role === 'pop') assert.match(next, /ORIGIN_REFUSED[^\n]*fakeParent/)
          if (role === 'tccc-chat') assert.match(next, /chatPage: 'http:\/\/127\.0\.0\.1:8701\//)
          assert.doesNotMatch(next, /[：，。；、] /)
        }
    })

  test('a released version is checked by commands that the written page has', async () => {
    const text = readFileSync(join(ROOT, 'RELEASING.md'), 'utf8')
    const [, args = '', folder = '', rest = ''] =
      /calldock@<version> (init .+)\n\s+cd (\S+) && (.+)/.exec(text) ?? []
    const { status, stderr } = await calldock(...args.split(' '))
    assert.equal(status, 0, stderr)
    const manifest = JSON.parse(readFileSync(join(FOLDER, folder, 'package.json'), 'utf8'))
    const named = [...rest.matchAll(/npm run (\S+)|npx (\S+)/g)]
    assert.equal(named.length, 2, rest)
    for (const [command, script = '', tool = ''] of named)
      assert.ok(script in manifest.scripts || tool in manifest.dependencies, command)
  })

  test('no file is overwritten', async () => {
    const { status, stderr } = await calldock('init', 'host-vite', '--role', 'host')
    assert.equal(status, 2)
    assert.match(stderr, /Expected a folder without package\.json, /)
  })

  for (const [args, expected] of /** @type {[string[], RegExp][]} */ ([
    [['init'], /--role: expected host, pop, cec-chat, tccc-chat, found nothing/],
    [['init', '--role', 'boss'], /--role: expected .*, found "boss"/],
    [['init', '--role', 'pop', '--framework', 'x'], /--framework: expected .*, found "x"/],
    [['init', '--roll', 'pop'], /Unknown option '--roll'/],
    [['start'], /Expected the command init or check, found "start"/],
    [['check'], /Expected one URL/],
    [['check', 'crm.example.com'], /Expected an address such as .*, found "crm\.example\.com"/],
    [['check', 'crm.example.com?token=SECRET'], /found "crm\.example\.com"\.$/m],
    [['check', 'https://u:SECRET@a.example/'], /without a user name and a password.*of a\.example/],
    [['check', 'user:SECRET@crm.example'], /found a text with "@"/],
    [['check', 'user:SECRET＠crm.example'], /found a text with "@"/],
    [['check', 'https://user:SECRET?SECRET@crm.example'], /found a text with "@"/],
    [['check', 'https://a.example', '--parent', 'x'], /--parent: expected an origin.*found "x"/],
    [['check', 'https://a.example', '--connect', 'u:SECRET@a.example'], /found a text with "@"/],
    [['check', 'https://a.example', '--script', 'a.example?t=SECRET'], /found "a\.example"\.$/m],
    [['https://u:SECRET@a.example/'], /the command init or check, found a text with "@"/],
    [['https://a.example/?token=SECRET'], /found "https:\/\/a\.example\/"\.$/m],
  ])) {
    test(`calldock ${args.join(' ')} says what was expected`, async () => {
      const { status, stderr } = await calldock(...args)
      assert.equal(status, 2)
      assert.match(stderr, expected)
      assert.doesNotMatch(stderr, /SECRET/)
    })
  }
})

const csp = (/** @type {string} */ value) => ({ 'content-security-policy': value })
const META = `<meta http-equiv="Content-Security-Policy" content="script-src 'self'">`
const NONCED = '<script nonce="abc"></script>'

/**
 * @typedef {{
 *   name: string, headers: Record<string, string | string[]>, body?: string, args?: string[], failed: string[],
 *   header?: string,
 * }} Page
 */

/** Pages, and the checks that fail on them. @type {readonly Page[]} */
const PAGES = [
  { name: 'a page without policies', headers: {}, failed: [] },
  {
    name: "a policy of 'self'",
    headers: csp("default-src 'self'"),
    failed: ['script', 'connect'],
    header: 'Content-Security-Policy: default-src https://tccc.qcloud.com',
  },
  {
    name: 'a policy in a meta element',
    headers: {},
    body: `<meta content="script-src &#39;self&#39;" http-equiv='Content-Security-Policy'>`,
    failed: ['script'],
    header: 'Content-Security-Policy: script-src https://tccc.qcloud.com',
  },
  {
    name: 'a nonce that a script has',
    headers: csp("script-src 'nonce-abc' 'wasm-unsafe-eval'"),
    body: '<script nonce="abc" src="/x.js"></script>',
    failed: [],
  },
  {
    name: 'Trusted Types without the policy',
    headers: csp("require-trusted-types-for 'script'; trusted-types other"),
    failed: ['trustedTypes'],
    header: 'Content-Security-Policy: trusted-types calldock',
  },
  {
    name: 'no microphone',
    headers: { 'permissions-policy': 'camera=(), microphone=()' },
    failed: ['microphonePolicy'],
    header: 'Permissions-Policy: microphone=(self)',
  },
  {
    name: 'the microphone of the page itself',
    headers: { 'permissions-policy': 'microphone=(self "https://desk.example.com")' },
    failed: [],
  },
  {
    name: 'X-Frame-Options on a page for a frame',
    headers: { 'x-frame-options': 'SAMEORIGIN' },
    args: ['--for', 'frame'],
    failed: ['frame'],
    header:
      'Content-Security-Policy: frame-ancestors https://tccc.qcloud.com https://connect.tencentcloud.com https://desk.qcloud.com',
  },
  {
    name: 'X-Frame-Options of a value that browsers ignore',
    headers: { 'x-frame-options': 'ALLOW-FROM https://crm.example.com' },
    args: ['--for', 'frame', '--parent', 'https://crm.example.com'],
    failed: [],
    header: 'Content-Security-Policy: frame-ancestors https://crm.example.com',
  },
  {
    name: 'X-Frame-Options of two values',
    headers: { 'x-frame-options': 'ALLOW-FROM https://crm.example.com, SAMEORIGIN' },
    args: ['--for', 'frame', '--parent', 'https://crm.example.com'],
    failed: ['frame'],
  },
  {
    name: 'frame-ancestors that names the parent',
    headers: csp('frame-ancestors https://crm.example.com'),
    args: ['--for', 'frame', '--parent', 'https://crm.example.com'],
    failed: [],
  },
  {
    name: 'a chat',
    headers: csp("default-src 'self' 'unsafe-inline'"),
    args: ['--for', 'chat'],
    failed: [],
  },
  {
    name: 'a chat whose text the policy does not let run',
    headers: csp("script-src 'self' 'wasm-unsafe-eval'"),
    args: ['--for', 'chat'],
    failed: ['script'],
    header: "Content-Security-Policy: script-src 'nonce-…'",
  },
  {
    name: 'two policies, of which one refuses the parent',
    headers: csp("frame-ancestors 'self', frame-ancestors https://crm.example.com"),
    args: ['--for', 'frame', '--parent', 'https://crm.example.com'],
    failed: ['frame'],
  },
  {
    name: 'frame-ancestors of a meta element, which browsers take no notice of',
    headers: { 'x-frame-options': 'DENY' },
    body: '<meta http-equiv="Content-Security-Policy" content="frame-ancestors https://crm.example.com">',
    args: ['--for', 'frame', '--parent', 'https://crm.example.com'],
    failed: ['frame'],
  },
  {
    name: 'a policy that refuses a frame of the page',
    headers: csp("default-src 'self' 'unsafe-inline'"),
    args: ['--for', 'chat', '--frame', 'https://crm.example.com'],
    failed: ['frames'],
    header: 'Content-Security-Policy: default-src https://crm.example.com',
  },
  {
    name: 'an isolated page with a foreign frame',
    headers: { 'cross-origin-embedder-policy': 'require-corp; report-to="x"' },
    args: ['--frame', 'https://crm.example.com'],
    failed: [],
    header: 'Cross-Origin-Embedder-Policy: unsafe-none',
  },
  {
    name: 'a sandbox that takes the origin away',
    headers: csp('sandbox allow-scripts'),
    failed: ['sandbox'],
    header: 'Content-Security-Policy: sandbox allow-scripts allow-same-origin',
  },
]

/** Spellings of HTML and of policies, which are read as browsers read them. @type {readonly Page[]} */
const SPELLINGS = [
  ...Object.entries({
    hexadecimal:
      'script-src &#x27;self&#X27 https:&#x2f;/tccc.qcloud.com &#x27;wasm-unsafe-eval&#x27;',
    decimal: 'script-src&#32;https://tccc.qcloud.com&#32&#39;wasm-unsafe-eval&#039;',
    named: 'script-src&Tab;&apos;wasm-unsafe-eval&apos; https&colon;&semi; connect-src &ast;',
  }).map(([kind, content]) => ({
    name: `a policy in a meta element with ${kind} character references`,
    headers: {},
    body: `<meta http-equiv="Content-Security-Policy" content="${content}">`,
    failed: [],
  })),
  ...[
    `<!-- ${META} -->`,
    `<script>'${META}'</script>`,
    `<script><!-- <script></script>${META} --></script>`,
    `<style>${META}</style>`,
    `<template><template></template>${META}</template>`,
    `<noscript>${META}</noscript>`,
    `<title>${META}</title>`,
    `<textarea>${META}</textarea>`,
    `<body>${META}`,
    `<p>${META}`,
    `A text${META}`,
    `<!doctype html>\ufeff${META}`,
  ].map((body) => ({
    name: `a meta element that browsers take no notice of: ${body.replace(META, '…')}`,
    headers: {},
    body,
    failed: [],
  })),
  ...[
    `<!-->${META}`,
    `<script>'<!--'</script>${META}`,
    `<title>a < b</title>${META}`,
    `<template></template></p></head>\n${META}`,
    `<META content='script-src none'CONTENT=x HTTP-EQUIV=content-security-policy />`,
    `<meta name="a > b" ${META.slice(6)}`,
  ].map((body) => ({
    name: `a meta element that counts: ${body.replace(META, '…')}`,
    headers: {},
    body,
    failed: ['script'],
  })),
  ...[
    '<script nonce=""></script><script nonce></script>',
    `<!-- ${NONCED} -->`,
    `<template>${NONCED}</template>`,
    `<textarea>${NONCED}</textarea>`,
    '<script data-nonce="abc"></script>',
  ].map((body) => ({
    name: `a nonce that no script has: ${body}`,
    headers: csp("script-src 'nonce-abc' 'wasm-unsafe-eval'"),
    body,
    failed: ['script'],
  })),
  {
    name: 'a nonce that the second script has, in the body',
    headers: csp("script-src 'nonce-abc' 'wasm-unsafe-eval'"),
    body: `<script nonce=""></script><body><svg><title/></svg><p>a < b</p><SCRIPT NONCE = abc ></SCRIPT>`,
    failed: [],
  },
  ...[
    'http:',
    'HTTP://tccc.qcloud.com:80',
    'http://*.qcloud.com',
    'tccc.qcloud.com',
    'tccc.qcloud.com:80',
    'http://tccc.qcloud.com:*',
  ].map((source) => ({
    name: `a source of http, which allows https too: ${source}`,
    headers: csp(`script-src ${source} 'wasm-unsafe-eval'`),
    failed: [],
  })),
  ...[
    ['http://tccc.qcloud.com:8080', 'https://tccc.qcloud.com:8080'],
    ['https://tccc.qcloud.com:80', 'https://tccc.qcloud.com'],
    ['https:', 'http://tccc.qcloud.com'],
  ].map(([source = '', script = '']) => ({
    name: `a source that does not allow ${script}: ${source}`,
    headers: csp(`script-src ${source} 'wasm-unsafe-eval'`),
    args: ['--script', script],
    failed: ['script'],
  })),
  ...[
    ['ws:', 'wss://a.example'],
    ['ws://a.example', 'wss://a.example'],
    ["'self'", 'ws://{host}'],
    ["'self'", 'wss://{host}'],
    ["'self'", 'https://{host}'],
  ].map(([source = '', origin = '']) => ({
    name: `connections to ${origin} by ${source}`,
    headers: csp(`connect-src ${source}`),
    args: ['--connect', origin],
    failed: [],
  })),
  ...[
    ['ws:', 'https://a.example'],
    ['wss://a.example', 'https://a.example'],
    ['https:', 'wss://a.example'],
    ["'self'", 'wss://127.0.0.1'],
  ].map(([source = '', origin = '']) => ({
    name: `no connections to ${origin} by ${source}`,
    headers: csp(`connect-src ${source}`),
    args: ['--connect', origin],
    failed: ['connect'],
  })),
  ...[
    'microphone=*',
    'microphone=self',
    'microphone=("http://{host}")',
    'microphone=("https://a.example" self);report-to=x',
    'microphone=(), microphone=(self)',
    ['microphone=()', 'microphone=(self)'],
    'camera=("https://a.example, microphone=()")',
    // Browsers ignore what is not a dictionary.
    "microphone 'none'",
    'microphone=(), camera=(',
  ].map((policy) => ({
    name: `a Permissions-Policy with the microphone: ${policy}`,
    headers: { 'permissions-policy': policy },
    failed: [],
  })),
  ...[
    'microphone',
    'microphone=(nothing)',
    'microphone="self"',
    'microphone=("http://{host}.example")',
    'microphone=("https://{host}" "https://a.example")',
    'microphone=(self), microphone=()',
    ['microphone=*', 'camera=(self) , microphone=( )'],
    'camera=(self "https://a.example/,("),microphone=();a="self"',
  ].map((policy) => ({
    name: `a Permissions-Policy without the microphone: ${policy}`,
    headers: { 'permissions-policy': policy },
    failed: ['microphonePolicy'],
    header: 'Permissions-Policy: microphone=(self)',
  })),
]

describe('check', () => {
  for (const { name, headers, body, args = [], failed, header } of [...PAGES, ...SPELLINGS]) {
    test(name, async () => {
      const report = await checked(headers, args, body)
      const names = report.checks
        .filter((/** @type {{ status: string }} */ { status }) => status === 'failed')
        .map((/** @type {{ name: string }} */ { name }) => name)
      assert.deepEqual(names, failed)
      assert.equal(report.ok, failed.length === 0)
      assert.equal(report.status, failed.length === 0 ? 0 : 1)
      if (header) assert.ok(report.headers.includes(header), report.headers.join('\n'))
    })
  }

  test('the headers that it names pass', async () => {
    const before = await checked(csp("default-src 'self'"), [])
    const added = before.headers.map((/** @type {string} */ line) =>
      line.split(' ').slice(2).join(' '),
    )
    const after = await checked(csp(`default-src 'self' ${added.join(' ')}`), [])
    assert.deepEqual([before.ok, after.ok, after.headers], [false, true, []])
  })

  for (const [name, headers, body, english, chinese] of /** @type {const} */ ([
    [
      'a meta element alone',
      {},
      META,
      "Add to the policy in the page's <meta> element (to the sources that are there):",
      '请加入页面 <meta> 元素中的策略（加在已有的来源之后）：',
    ],
    [
      'a header and a meta element',
      csp("connect-src 'self'"),
      META,
      `Add to the response headers (to the sources that are there):
Content-Security-Policy: connect-src https://tccc.qcloud.com
Add to the policy in the page's <meta> element (to the sources that are there):`,
      `请加入响应头（加在已有的来源之后）：
Content-Security-Policy: connect-src https://tccc.qcloud.com
请加入页面 <meta> 元素中的策略（加在已有的来源之后）：`,
    ],
  ]))
    test(`what to add is listed where the policy is: ${name}`, async () => {
      const lines = "script-src 'wasm-unsafe-eval'\nscript-src https://tccc.qcloud.com\n"
      for (const [language, expected] of Object.entries({ C: english, zh_CN: chinese })) {
        const { url, stop } = await serve(headers, body)
        const { stdout } = await calldockIn({ LC_ALL: language }, 'check', url)
        stop()
        assert.equal(stdout.slice(stdout.indexOf('\n\n') + 2), `${expected}\n${lines}`)
      }
      const report = await checked(headers, [], body)
      const inMeta = report.checks
        .filter((/** @type {{ inMeta?: boolean }} */ { inMeta }) => inMeta)
        .map((/** @type {{ name: string }} */ { name }) => name)
      assert.deepEqual(inMeta, ['wasm', 'script'])
    })

  test('the address in the report has no query', async () => {
    const { url, stop } = await serve({})
    const { stdout } = await calldock('check', `${url}desk?token=SECRET`)
    stop()
    assert.equal(stdout.split('\n')[0], `${url}desk?…`)
  })

  /**
   * Why a page cannot be read: an address, what was found, what to do; in English, in Chinese.
   * @type {readonly { name: string, start: () => Promise<{ url: string, stop: () => void }>, english: RegExp, chinese: RegExp }[]}
   */
  const failures = [
    ...[
      {
        status: 401,
        english: /Give an address that needs no sign-in\./,
        chinese: /请给出无需登录的地址。/,
      },
      { status: 404, english: /Check the address\./, chinese: /请检查地址。/ },
      {
        status: 502,
        english: /Check the server .* its log\./,
        chinese: /请检查该地址的服务及其日志。/,
      },
    ].map(({ status, english, chinese }) => ({
      name: `HTTP ${status}`,
      start: () => serve({}, '', status),
      english: new RegExp(`, found HTTP ${status}\\. ${english.source}`),
      chinese: new RegExp(`，实际为 HTTP ${status}。${chinese.source}`),
    })),
    {
      name: 'nothing that listens',
      start: async () => {
        const { url, stop } = await serve({})
        stop()
        return { url, stop: () => {} }
      },
      english:
        /, found a refused connection \(ECONNREFUSED\)\. Start the server, or correct the port\./,
      chinese: /，实际为连接被拒绝（ECONNREFUSED）。请启动服务，或更正端口。/,
    },
    {
      name: 'a name that does not exist',
      start: async () => ({ url: 'http://nothing.invalid/', stop: () => {} }),
      english: /, found a host name that cannot be resolved \(\w+\)\. Correct the host name/,
      chinese: /，实际为域名无法解析（\w+）。请更正域名/,
    },
    {
      name: 'a redirect loop',
      start: () => serve({ location: '/desk?token=SECRET' }, '', 302),
      english: /, found more than 20 redirects.* Give the address at which the page is served/,
      chinese: /，实际为重定向超过 20 次.*请给出最终页面的地址/,
    },
    {
      name: 'a redirect to another scheme',
      start: () => serve({ location: 'app://desk' }, '', 302),
      english: /, found a redirect to an address that is neither http nor https/,
      chinese: /，实际为重定向到既非 http 也非 https 的地址/,
    },
    {
      name: 'a port that fetch refuses',
      start: async () => ({ url: 'http://127.0.0.1:1/', stop: () => {} }),
      english: /, found a port that browsers refuse \(bad port\)\. Serve the page on another port/,
      chinese: /，实际为浏览器禁用的端口（bad port）。请改用其他端口/,
    },
    {
      name: 'HTTPS at a port of HTTP',
      start: async () => {
        const { url, stop } = await serve({})
        return { url: url.replace('http:', 'https:'), stop }
      },
      english: /, found a response without TLS .*\. Write http:\/\/ for this port/,
      chinese: /，实际为不是 TLS 的响应.*该端口请使用 http:\/\//,
    },
    {
      name: 'a connection that is closed',
      start: () => listen((socket) => socket.once('data', () => socket.destroy())),
      english: /, found a connection that the server closed .*\. Check that this port speaks HTTP/,
      chinese: /，实际为连接被服务端关闭.*请确认该端口使用 HTTP 协议/,
    },
    {
      name: 'a connection that is closed at once',
      start: () => listen((socket) => socket.destroy()),
      // Node tries again where nothing was sent yet.
      english:
        /, found (no response within 15 seconds\. Check|a connection that the server closed)/,
      chinese: /，实际为(超过 15 秒没有响应。请检查地址|连接被服务端关闭)/,
    },
    {
      name: 'another protocol',
      start: () => listen((socket) => socket.end('SSH-2.0-OpenSSH_9.7\r\n')),
      english: /, found a response that is not HTTP .*\. Correct the port/,
      chinese: /，实际为不是 HTTP 的响应.*请更正端口/,
    },
  ]
  // At the same time: one of them waits for its deadline.
  describe('a page that cannot be read', { concurrency: true }, () => {
    for (const { name, start, english, chinese } of failures)
      for (const [language, expected, opening] of /** @type {const} */ ([
        ['C', english, 'Expected a page at '],
        ['zh_CN', chinese, '应能访问 '],
      ]))
        test(`${name} is reported with the address, what was found and what to do (${language})`, async () => {
          const { url, stop } = await start()
          const { status, stderr } = await calldockIn(
            { LC_ALL: language },
            ...['check', `${url}desk?token=SECRET#SECRET`],
          )
          stop()
          assert.equal(status, 2)
          assert.ok(stderr.startsWith(`${opening}${url}desk?…`), stderr)
          assert.match(stderr, expected)
          assert.doesNotMatch(stderr, /SECRET/)
        })
  })
})

describe('in Chinese', () => {
  const chinese = { LANG: 'zh_CN.UTF-8' }

  test('LC_ALL goes over LC_MESSAGES, and that over LANG', async () => {
    for (const [language, expected] of /** @type {[Record<string, string>, RegExp][]} */ ([
      [chinese, /退出码/],
      [{ LC_MESSAGES: 'zh_TW.UTF-8', LANG: 'en_US.UTF-8' }, /退出码/],
      [{ LC_ALL: 'zh_CN', LANG: 'en_US.UTF-8' }, /退出码/],
      [{ LC_ALL: 'en_US.UTF-8', LANG: 'zh_CN.UTF-8' }, /Exit status/],
      [{}, /Exit status/],
    ])) {
      const { status, stdout } = await calldockIn(language, '--help')
      assert.equal(status, 0)
      assert.match(stdout, expected)
    }
  })

  test('the help names the same options in both languages', async () => {
    const options = (/** @type {string} */ text) => text.match(/--[a-z]+/g)
    const { stdout } = await calldockIn(chinese, '--help')
    assert.deepEqual(options(stdout), options((await calldock('--help')).stdout))
  })

  for (const [args, expected] of /** @type {[string[], RegExp][]} */ ([
    [['init'], /--role：应为 host、pop、cec-chat、tccc-chat，实际为空/],
    [['init', '--role', 'boss'], /--role：应为 .*，实际为“boss”/],
    [['init', '--roll', 'pop'], /未知选项 --roll。/],
    [['init', '--role'], /选项 --role 的值有误/],
    [['init', 'a', 'b', '--role', 'pop'], /应给出一个目录，实际为 2 个/],
    [['start'], /应为命令 init 或 check，实际为“start”/],
    [['check'], /应给出一个地址/],
    [['check', 'crm.example.com'], /应为形如 .* 的地址，实际为“crm\.example\.com”/],
    [['check', 'https://u:SECRET@a.example/'], /不应含有用户名与密码/],
    [['check', 'u:SECRET@a.example'], /实际为含有“@”的文本（其中可能有密码）。/],
    [['check', 'https://a.example', '--parent', 'x'], /--parent：应为形如 .* 的来源/],
  ])) {
    test(`calldock ${args.join(' ')} says what was expected`, async () => {
      const { status, stderr } = await calldockIn(chinese, ...args)
      assert.equal(status, 2)
      assert.match(stderr, expected)
      assert.match(stderr, /参见：npx calldock --help/)
    })
  }

  test('init says what to do next', async () => {
    const { status, stdout } = await calldockIn(chinese, 'init', 'zh-host', '--role', 'host')
    assert.equal(status, 0)
    assert.match(stdout, /已写入 .*package\.json/)
    assert.match(stdout, /接下来：[\s\S]*请在 8700 端口运行 calldock-server[\s\S]*部署之后：npx/)
    const again = await calldockIn(chinese, 'init', 'zh-host', '--role', 'host')
    assert.match(again.stderr, /目录中不应有 package\.json/)
  })

  for (const { name, headers, body, args = [] } of [
    ...PAGES,
    { name: 'a page for a frame', headers: {}, args: ['--for', 'frame'] },
    { name: 'X-Frame-Options', headers: { 'x-frame-options': 'DENY' }, args: ['--for', 'frame'] },
    {
      name: 'a parent that is not listed',
      headers: { 'content-security-policy': 'frame-ancestors https://other.example' },
      args: ['--for', 'frame'],
    },
  ]) {
    test(`every finding is translated: ${name}`, async () => {
      const { url, stop } = await serve(headers, body)
      try {
        const { stdout } = await calldockIn(chinese, 'check', url, ...filled(args, url))
        const [, ...lines] = stdout.split('\n')
        const rows = lines.slice(0, lines.indexOf(''))
        assert.ok(rows.length >= 5, stdout)
        for (const row of rows) {
          assert.match(row, /^(通过|警告|未通过|未知) +[a-zA-Z]+ +\S/)
          // Names of directives and headers stay; sentences do not.
          const [, found = ''] = /^\S+ +[a-zA-Z]+ +(.*?)(?: \([A-Z_]+\))?$/.exec(row) ?? []
          if (!/^(X-Frame-Options|Permissions-Policy): /.test(found)) assert.match(found, /[一-鿿]/)
          assert.doesNotMatch(found, /\b(the|is|any|none|allowed|without|refuses|of|unless)\b/)
        }
        assert.match(stdout, /无需修改。|请加入(响应头|页面)/)
      } finally {
        stop()
      }
    })
  }

  test('the report as JSON is for programs and stays in English', async () => {
    const { url, stop } = await serve({})
    const { stdout } = await calldockIn(chinese, 'check', url, '--json')
    stop()
    assert.equal(JSON.parse(stdout).checks[1].found, 'allowed')
    assert.doesNotMatch(stdout, /[\u4e00-\u9fff]/)
  })
})

after(() => rmSync(join(FOLDER, 'node_modules'), { recursive: true, force: true }))
