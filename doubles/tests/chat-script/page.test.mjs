// What CEC's two scripts want of the page, and what they do when they do not find it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import vm from 'node:vm'
import { PageElement } from '../agent-script/page.mjs'

const base = process.env.DOUBLES
const SCRIPTS = `${base}/service-cloud/webclient/chat_client/js`
const TOM = {
  thirdUserName: 'Tom',
  thirdUserId: '10010001',
  tenantSpaceId: '202007159031',
  channelConfigId: '817854979183314945',
  locale: 'en',
  timestamp: 1724036645678,
  thirdPartAuthorization:
    'auth-v2/817854979183314945/2024-08-19T03:04:05.678Z/content-length;content-type/b3576460854fb5bdf00e47d61c293d554a705c8dbc9d5a6f9d34afc045530473',
}
const GLOBALS = {
  configId: TOM.channelConfigId,
  userId: TOM.thirdUserId,
  userName: TOM.thirdUserName,
  tenantSpaceId: TOM.tenantSpaceId,
  locale: TOM.locale,
  $ContextPath: `${base}/service-cloud`,
}

async function script(name, cec = {}) {
  await fetch(`${base}/control/faults`, { method: 'POST', body: JSON.stringify({ cec }) })
  const answer = await fetch(`${SCRIPTS}/${name}?&t=1`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
    body: JSON.stringify(TOM),
  })
  assert.equal(answer.status, 200)
  return answer.text()
}

/** A page with these members of window; `hosts` are the chats it shows. */
function page(members) {
  const html = new PageElement('html')
  const body = new PageElement('body')
  html.append(body)
  const document = {
    documentElement: html,
    body,
    createElement: (tag) => new PageElement(tag),
    createElementNS: (_, tag) => new PageElement(tag),
    getElementById: (id) => body.children.find((child) => child.id === id) ?? null,
  }
  const CSSStyleSheet = class {
    replaceSync() {}
  }
  const window = vm.createContext({ document, CSSStyleSheet, navigator: {}, ...members })
  window.window = window
  return { run: (code) => vm.runInContext(code, window), hosts: body.children, window }
}

test('the second script draws one chat over members of window, and over declarations', async () => {
  const code = await script('newThirdPartyClient.js')
  const members = page(GLOBALS)
  members.run(code)
  const declared = page({})
  const lines = Object.entries(GLOBALS).map(([name, value]) => `const ${name} = "${value}"`)
  declared.run(lines.join('\n'))
  declared.run(code)
  for (const { hosts } of [members, declared]) {
    assert.deepEqual(
      hosts.map(({ id, dataset }) => [id, dataset.state]),
      [['aicc-web-chat', 'idle']],
    )
  }
})

test('each global that is missing, or not what was checked, is named', async () => {
  const code = await script('newThirdPartyClient.js')
  for (const name of ['configId', 'userId', 'userName', 'tenantSpaceId', 'locale']) {
    const { [name]: _, ...others } = GLOBALS
    assert.throws(() => page(others).run(code), { message: new RegExp(`not declared ${name}`) })
    const other = page({ ...GLOBALS, [name]: 'x' })
    assert.throws(() => other.run(code), { message: new RegExp(`${name} is not the one`) })
    assert.deepEqual(other.hosts, [])
  }
})

test('either name of the context path will do, with a slash or without', async () => {
  const code = await script('newThirdPartyClient.js')
  const { $ContextPath, ...others } = GLOBALS
  page({ ...others, $aicc_ContextPath: `${$ContextPath}/` }).run(code)
  assert.throws(() => page(others).run(code), { message: /\$aicc_ContextPath nor \$ContextPath/ })
})

test('a second run throws, by a script element and by eval', async () => {
  const code = await script('newThirdPartyClient.js')
  const twice = page(GLOBALS)
  twice.run(code)
  assert.throws(() => twice.run(code), { name: 'SyntaxError', message: /already been declared/ })
  const evaluated = page({ ...GLOBALS, code })
  evaluated.run('(0, eval)(code)')
  assert.throws(() => evaluated.run('(0, eval)(code)'), { message: /runs on this page already/ })
  assert.deepEqual([twice.hosts.length, evaluated.hosts.length], [1, 1])
})

test('a script that wants a library throws where there is none', async () => {
  for (const [wants, name, library] of [
    ['jquery', '$', { ajax() {} }],
    ['axios', 'axios', () => {}],
  ]) {
    const code = await script('newThirdPartyClient.js', { wants })
    const without = page(GLOBALS)
    assert.throws(() => without.run(code), { name: 'ReferenceError' })
    assert.deepEqual(without.hosts, [])
    const given = page({ ...GLOBALS, [name]: library })
    given.run(code)
    assert.equal(given.hosts.length, 1)
  }
})

test('a script told to throw does nothing else', async () => {
  const code = await script('newThirdPartyClient.js', { script: 'throw' })
  assert.throws(() => page(GLOBALS).run(code), { message: /failed to start/ })
})

test('the first script calls the page’s thirdValidate with its thirdUserData, once', async () => {
  const code = await script('thirdPartyClient.js')
  const calls = []
  const whole = page({ thirdValidate: (data) => calls.push(data), thirdUserData: TOM })
  whole.run(code)
  assert.throws(() => whole.run(code), { name: 'SyntaxError' })
  assert.deepEqual(calls, [TOM])
  for (const missing of ['thirdValidate', 'thirdUserData']) {
    const part = page({ thirdValidate() {}, thirdUserData: TOM, [missing]: undefined })
    assert.throws(() => part.run(code), { message: new RegExp(missing) })
  }
})
