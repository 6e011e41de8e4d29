// `npx calldock init` and `npx calldock check`, run as a user runs them, on the built package.

import assert from 'node:assert/strict'
import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import { build } from 'vite'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const BIN = join(ROOT, 'pkg/bin/calldock.js')
const FOLDER = join(ROOT, 'target/command')
const ROLES = ['host', 'pop', 'cec-chat', 'tccc-chat']
const FRAMEWORKS = ['vite', 'react', 'vue', 'html']

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

/** A server with one page. @param {Record<string, string>} headers */
async function serve(headers, body = '<!doctype html><title>A page</title>', status = 200) {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { url: `http://127.0.0.1:${address.port}/`, stop: () => server.close() }
}

/** @param {Record<string, string>} headers @param {string[]} args @param {string} [body] */
async function checked(headers, args, body) {
  const { url, stop } = await serve(headers, body)
  try {
    const { status, stdout, stderr } = await calldock('check', url, '--json', ...args)
    assert.ok(stdout, stderr)
    return { status, origin: url.slice(0, -1), ...JSON.parse(stdout) }
  } finally {
    stop()
  }
}

describe('init', () => {
  for (const role of ROLES) {
    for (const framework of FRAMEWORKS) {
      const name = `${role}-${framework}`
      test(`${name} is written and builds`, async () => {
        const { status, stdout, stderr } = await calldock(
          ...['init', name, '--role', role, '--framework', framework],
        )
        assert.equal(status, 0, stderr)
        const folder = join(FOLDER, name)
        const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
        assert.ok(manifest.dependencies.calldock)
        assert.match(stdout, /wrote .*index\.html/)
        if (framework === 'html') return
        const plugins = framework === 'react' ? [react()] : framework === 'vue' ? [vue()] : []
        await build({ root: folder, configFile: false, logLevel: 'error', plugins })
        const html = readFileSync(join(folder, 'dist/index.html'), 'utf8')
        assert.match(html, /<script type="module"/)
      })
    }
  }

  for (const framework of ['vite', 'react'])
    test(`${framework}: the written tsconfig.json checks the written page`, () => {
      for (const role of ROLES) {
        const { status, stdout } = spawnSync(
          join(ROOT, 'node_modules/.bin/tsc'),
          ['--project', join(FOLDER, `${role}-${framework}`)],
          { encoding: 'utf8' },
        )
        assert.equal(status, 0, `${role}\n${stdout}`)
      }
    })

  test('a page that is not there is no sign-in', async () => {
    const { url, stop } = await serve({}, '', 404)
    const { status, stderr } = await calldock('check', url)
    stop()
    assert.equal(status, 2)
    assert.match(stderr, /found HTTP 404\. Check the address/)
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
      const wasm = await fetch(new URL('/node_modules/calldock/frame.wasm', url))
      assert.equal(wasm.headers.get('content-type'), 'application/wasm')
      assert.equal((await fetch(new URL('/%2e%2e/tsconfig.json', url))).status, 404)
      const page = await calldock('check', url, '--for', 'frame')
      assert.equal(page.status, 0, page.stderr)
      assert.match(page.stdout, /warning +frame +no rule/)
    } finally {
      server.kill()
    }
  })

  test('no file is overwritten', async () => {
    const { status, stderr } = await calldock('init', 'host-vite', '--role', 'host')
    assert.equal(status, 2)
    assert.match(stderr, /Expected a folder without package\.json, /)
  })

  for (const [args, said] of /** @type {[string[], RegExp][]} */ ([
    [['init'], /--role: expected host, pop, cec-chat, tccc-chat, found nothing/],
    [['init', '--role', 'boss'], /--role: expected .*, found "boss"/],
    [['init', '--role', 'pop', '--framework', 'x'], /--framework: expected .*, found "x"/],
    [['init', '--roll', 'pop'], /Unknown option '--roll'/],
    [['start'], /Expected the command init or check, found "start"/],
    [['check'], /Expected one URL/],
    [['check', 'crm.example.com'], /Expected an address such as .*, found "crm\.example\.com"/],
    [['check', 'https://a.example', '--parent', 'x'], /--parent: expected an origin/],
    [['check', 'http://127.0.0.1:1/'], /Expected a page at http:\/\/127\.0\.0\.1:1, found none/],
  ])) {
    test(`calldock ${args.join(' ')} says what was expected`, async () => {
      const { status, stderr } = await calldock(...args)
      assert.equal(status, 2)
      assert.match(stderr, said)
    })
  }
})

describe('check', () => {
  const csp = (/** @type {string} */ value) => ({ 'content-security-policy': value })
  const rows = [
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
        'Content-Security-Policy: frame-ancestors https://tccc.qcloud.com https://connect.tencentcloud.com',
    },
    {
      name: 'frame-ancestors that names the parent',
      headers: csp('frame-ancestors https://crm.example.com'),
      args: ['--for', 'frame', '--parent', 'https://crm.example.com'],
      failed: [],
    },
    { name: 'a chat', headers: csp("default-src 'self'"), args: ['--for', 'chat'], failed: [] },
    {
      name: 'a policy that refuses a frame of the page',
      headers: csp("default-src 'self'"),
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
  for (const { name, headers, body, args = [], failed, header } of rows) {
    test(name, async () => {
      const report = await checked(/** @type {Record<string, string>} */ (headers), args, body)
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

  test('a page that needs a sign-in is reported', async () => {
    const { url, stop } = await serve({}, '', 401)
    const { status, stderr } = await calldock('check', url)
    stop()
    assert.equal(status, 2)
    assert.match(stderr, /found HTTP 401\. Give an address that needs no sign-in/)
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
    [['check', 'https://a.example', '--parent', 'x'], /--parent：应为形如 .* 的来源/],
    [['check', 'http://127.0.0.1:1/'], /应能访问 http:\/\/127\.0\.0\.1:1，实际无法访问/],
  ])) {
    test(`calldock ${args.join(' ')} says what was expected`, async () => {
      const { status, stderr } = await calldockIn(chinese, ...args)
      assert.equal(status, 2)
      assert.match(stderr, expected)
      assert.match(stderr, /参见: npx calldock --help/)
    })
  }

  test('init says what to do next', async () => {
    const { status, stdout } = await calldockIn(chinese, 'init', 'zh-host', '--role', 'host')
    assert.equal(status, 0)
    assert.match(stdout, /已写入 .*package\.json/)
    assert.match(stdout, /接下来：[\s\S]*请在 8700 端口运行 calldock-server[\s\S]*部署之后：/)
    const again = await calldockIn(chinese, 'init', 'zh-host', '--role', 'host')
    assert.match(again.stderr, /目录中不应有 package\.json/)
  })

  for (const [name, headers, args] of /** @type {[string, Record<string, string>, string[]][]} */ ([
    ['a page without policies', {}, []],
    [
      'a strict policy',
      {
        'content-security-policy':
          "default-src 'self'; require-trusted-types-for 'script'; trusted-types other",
        'permissions-policy': 'microphone=()',
      },
      [],
    ],
    ['a page for a frame', {}, ['--for', 'frame']],
    ['X-Frame-Options', { 'x-frame-options': 'DENY' }, ['--for', 'frame']],
    [
      'a parent that is not listed',
      { 'content-security-policy': 'frame-ancestors https://other.example' },
      ['--for', 'frame'],
    ],
  ])) {
    test(`every finding is translated: ${name}`, async () => {
      const { url, stop } = await serve(headers)
      try {
        const { stdout } = await calldockIn(chinese, 'check', url, ...args)
        const [, ...lines] = stdout.split('\n')
        const rows = lines.slice(0, lines.indexOf(''))
        assert.ok(rows.length >= 5, stdout)
        for (const row of rows) {
          assert.match(row, /^(通过|警告|未通过|未知) +[a-zA-Z]+ +\S/)
          // Names of directives and headers stay; sentences do not.
          assert.doesNotMatch(row, /\b(the|is|any|none|allowed|without|refuses)\b/)
        }
        assert.match(stdout, /无需修改。|请加入响应头/)
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
