// CEC's web chat through the server's own proxy, in both of the guide's modes (CEC guide).

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { LOGIN, signed } from './cec/visitor.mjs'
import { withoutCookies } from './harness/cookies.mjs'
import { inEachBrowser } from './harness/world.mjs'

const FORM = 'application/x-www-form-urlencoded; charset=UTF-8'
const FIRST = 'thirdPartyClient.js'
const SECOND = 'newThirdPartyClient.js'
const FOUR = ['thirdUserName', 'thirdUserId', 'tenantSpaceId', 'channelConfigId']
const GLOBALS = [
  'configId',
  'userId',
  'userName',
  'tenantSpaceId',
  'locale',
  '$ContextPath',
  '$aicc_ContextPath',
  'thirdUserData',
  'thirdValidate',
  'importScript',
]

inEachBrowser("CEC's chat", (world) => {
  const page = () => world.open({ entry: 'cec', before: ['chat-window.js'] })
  /** The scripts that were asked for: their names and what was sent for each. */
  const scripts = () =>
    world.site.sent
      .filter(({ path }) => path.includes('/webclient/'))
      .map(({ method, path, headers, body }) => {
        const { pathname, search } = new URL(path, 'http://cec')
        const name = pathname.slice(pathname.lastIndexOf('/') + 1)
        return { method, pathname, search, name, type: headers['content-type'], body }
      })
  /** What the double noted of one step. @param {string} step */
  const noted = async (step) =>
    (await world.doubles.log('cec')).filter((entry) => entry.step === step)

  beforeEach(() => withoutCookies(world))

  for (const [mode, names] of /** @type {const} */ ([
    ['token', [FIRST, SECOND]],
    ['authorization', [SECOND]],
  ])) {
    test(`${mode} mode: the chat is drawn, and the agent answers`, async () => {
      const view = await page()
      const seen = await view.run(async (login) => {
        const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
        const report = chat.report()
        const mode = document.getElementById('aicc-web-chat')?.dataset.mode
        await chatWindow.open()
        const reported = await chatWindow.say('where is my parcel?')
        return { report, mode, reported, errors: bench.errors, customerId: chat.customerId }
      }, LOGIN[mode])
      assert.equal(seen.mode, mode)
      assert.equal(seen.reported, 'Received: where is my parcel?')
      assert.deepEqual(seen.errors, [])
      const { report } = seen
      assert.deepEqual(
        report.scripts.map(({ name, threw }) => ({ name, threw: threw ?? 'nothing' })),
        names.map((name) => ({ name, threw: 'nothing' })),
      )
      for (const { bytes } of report.scripts) assert.ok(bytes > 100)
      const expected = mode === 'token' ? [...GLOBALS, 'token'] : GLOBALS
      assert.deepEqual(
        report.globals,
        Object.fromEntries(expected.sort().map((name) => [name, true])),
      )
      assert.deepEqual(
        [report.nodesAdded, report.cookieVisible, report.crossOrigin, report.warnings],
        [1, true, false, []],
      )
    })

    test(`${mode} mode: the page sends what the server issued, and nothing else`, async () => {
      const view = await page()
      const login = await view.run(async (endpoint) => {
        const answer = await fetch(endpoint, { method: 'POST' })
        const login = await answer.json()
        const whole = { ...login, thirdUserName: login.thirdUserName, unknown: 'x' }
        await sdk.openChat({ login: whole, contextPath: '/service-cloud', locale: 'fr' })
        return login
      }, LOGIN[mode])
      const requested = scripts()
      assert.deepEqual(
        requested.map(({ name }) => name),
        names,
      )
      for (const { method, pathname, search, name, type, body } of requested) {
        assert.equal(method, 'POST')
        assert.equal(pathname, `/service-cloud/webclient/chat_client/js/${name}`)
        assert.match(search, /^\?&t=\d{13}$/)
        assert.equal(type, FORM)
        const { timestamp, ...rest } = JSON.parse(body)
        assert.ok(Math.abs(timestamp - Date.now()) < 60_000)
        const proof =
          mode === 'token'
            ? { thirdUserToken: login.token }
            : { thirdPartAuthorization: login.authorization }
        const four = Object.fromEntries(FOUR.map((name) => [name, login[name]]))
        assert.deepEqual(rest, { ...proof, ...four, locale: 'fr' })
      }
      for (const { unknown } of await noted('newThirdPartyClient')) assert.deepEqual(unknown, [])
    })
  }

  test('the globals are those of the guide, by their names', async () => {
    const view = await page()
    const login = signed('Ann', 'u-1')
    const found = await view.run(async (login) => {
      await sdk.openChat({ login, contextPath: '/service-cloud/', locale: 'es' })
      const page = /** @type {any} */ (window)
      const { configId, userId, userName, tenantSpaceId, locale, thirdUserData } = page
      const { $ContextPath, $aicc_ContextPath } = page
      const kinds = [typeof page.thirdValidate, typeof page.importScript, typeof page.token]
      // As the vendor's script would: text that is run as a script of the page.
      page.importScript('window.imported = document.currentScript.tagName')
      await bench.until(() => page.imported)
      const given = { configId, userId, userName, tenantSpaceId, locale, $ContextPath }
      return { given, $aicc_ContextPath, kinds, data: thirdUserData, imported: page.imported }
    }, login)
    const context = `${world.site.origin}/service-cloud`
    assert.deepEqual(found.given, {
      configId: login.channelConfigId,
      userId: 'u-1',
      userName: 'Ann',
      tenantSpaceId: login.tenantSpaceId,
      locale: 'es',
      $ContextPath: context,
    })
    assert.equal(found.$aicc_ContextPath, `${context}/`)
    assert.deepEqual(found.kinds, ['function', 'function', 'undefined'])
    assert.equal(found.data.thirdUserName, 'Ann')
    assert.equal(found.imported, 'SCRIPT')
  })

  test('options reach the vendor: no slash, a map service, both scripts, JSON', async () => {
    const view = await page()
    const path = await view.run(
      async (login) => {
        const chat = await sdk.openChat({
          login,
          contextPath: '/service-cloud',
          locale: 'zh',
          contextPathSlash: false,
          mapService: 'google',
          contentType: 'json',
          scripts: ['thirdPartyClient.js', 'newThirdPartyClient.js'],
        })
        return [
          /** @type {any} */ (window).$aicc_ContextPath,
          chat.report().scripts.map(({ name }) => name),
        ]
      },
      signed('Ann', 'u-1'),
    )
    assert.deepEqual(path, [`${world.site.origin}/service-cloud`, [FIRST, SECOND]])
    const requested = scripts()
    assert.deepEqual(
      requested.map(({ type }) => type),
      ['application/json', 'application/json'],
    )
    for (const { body } of requested) assert.equal(JSON.parse(body).mapService, 'google')
  })

  for (const [contentType, expected] of /** @type {const} */ ([
    ['form', ['POST']],
    ['json', ['OPTIONS', 'POST']],
  ]))
    test(`another origin, ${contentType}: ${expected.join(' then ')}, and a warning`, async () => {
      world.site.cec = world.doubles.origin
      const view = await page()
      const { report, violations } = await view.run(
        async (login, contextPath, contentType) => {
          const chat = await sdk.openChat({ login, contextPath, locale: 'en', contentType })
          return { report: chat.report(), violations: bench.violations }
        },
        signed('Ann', 'u-1'),
        `${world.site.otherOrigin}/service-cloud`,
        contentType,
      )
      assert.deepEqual(
        scripts().map(({ method }) => method),
        expected,
      )
      assert.deepEqual(violations, [])
      assert.equal(report.crossOrigin, true)
      assert.equal(report.cookieVisible, false)
      assert.match(report.cookieNote, /belongs to another origin$/)
      assert.deepEqual(
        report.warnings.map(({ code }) => code),
        ['CROSS_ORIGIN'],
      )
      assert.match(report.warnings[0]?.text ?? '', /cookie only on the page's own.*proxy/)
    })

  for (const type of ['text/plain', 'application/javascript', 'text/javascript', 'none'])
    test(`an answer of type ${type} is run once`, async () => {
      await world.doubles.control('faults', { cec: { type } })
      const view = await page()
      const { report, errors, chats } = await view.run(async (login) => {
        const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
        const chats = document.querySelectorAll('#aicc-web-chat').length
        return { report: chat.report(), errors: bench.errors, chats }
      }, LOGIN.token)
      // A second run of either script is a redeclaration, which would be an error of the page.
      assert.deepEqual(errors, [])
      assert.equal(chats, 1)
      for (const { threw } of report.scripts) assert.equal(threw ?? null, null)
    })

  test('a cookie that scripts cannot read is told as not seen, and the chat works', async () => {
    await world.doubles.control('faults', { cec: { cookie: 'httponly' } })
    const view = await page()
    const { visible, note, reported } = await view.run(async (login) => {
      const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
      await chatWindow.open()
      const reported = await chatWindow.say('hello')
      const { cookieVisible: visible, cookieNote: note } = chat.report()
      return { visible, note, reported }
    }, LOGIN.authorization)
    assert.equal(visible, false)
    assert.match(note, /HttpOnly/)
    assert.equal(reported, 'Received: hello')
  })

  test('a part that the site no longer has is a network error', async () => {
    const view = await page()
    world.site.own = ({ url = '' }, response) => {
      if (!url.endsWith('cec/channel.js')) return false
      response.writeHead(404).end()
      return true
    }
    const failure = await view.failure(
      async (login) => {
        const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
        await chat.toAgent()
      },
      signed('Ann', 'u-1'),
    )
    assert.equal(failure.code, 'NETWORK', failure.message)
    assert.match(failure.message, /part of the package: expected to be loaded/)
  })

  test('from a robot to an agent, calls and the end: by the documented REST', async () => {
    await world.doubles.control('chat/mode', { mode: 'robot' })
    const view = await page()
    const answers = await view.run(async (login) => {
      const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
      const state = () => document.getElementById('aicc-web-chat')?.dataset.state
      chatWindow.part('button').click()
      await bench.until(() => state() === 'robot')
      const config = /** @type {any} */ (await chat.channelConfig())
      const handed = await chat.toAgent()
      await bench.until(() => state() === 'agent')
      const voice = /** @type {any} */ (await chat.clickToCall('voice'))
      const video = /** @type {any} */ (await chat.clickToCall('video'))
      const report = await chat.compatibility()
      const ended = await chat.close()
      await bench.until(() => state() === 'ended')
      return { config, handed, voice, video, ended, report }
    }, LOGIN.authorization)
    const { report } = answers
    assert.equal(report.source, 'calldock/compatibility/cec')
    assert.deepEqual(report.missingGlobals, [])
    assert.ok(report.scripts.length > 0 && report.scripts.every(({ threw }) => !threw))
    assert.deepEqual([report.crossOrigin, report.warnings], [false, []])
    const { createClickToCall } = report.responses
    assert.equal(createClickToCall?.count, 2)
    assert.deepEqual(createClickToCall?.members.resultCode, ['string'])
    assert.ok(!JSON.stringify(report).includes('转人工'), 'no values')
    const { config, voice, video } = answers
    assert.deepEqual([config.useRobot, config.toArtificialKeyWord], ['true', '转人工'])
    assert.deepEqual([voice.resultCode, video.resultCode], ['0', '0'])
    assert.deepEqual([answers.handed, answers.ended], [null, null])
    const orders = (await noted('sendMessageForWebChannel')).map((entry) => entry.controlType)
    assert.deepEqual(orders, ['CONNECT', 'TRANS2AGENT', 'DISCONNECT'])
    const abilities = (await noted('createClickToCall')).map((entry) => entry.mediaAbility)
    assert.deepEqual(abilities, ['0', '1'])
    const sent = world.site.sent.filter(({ body }) => body.includes('TRANS2AGENT'))[0]
    assert.deepEqual(JSON.parse(sent?.body ?? ''), {
      controlType: 'TRANS2AGENT',
      mediaType: 'TEXT',
      content: '',
      userAgent: 'PC',
    })
    assert.equal(sent?.headers['content-type'], 'application/json;charset=UTF-8')
    assert.match(sent?.headers.cookie ?? '', /ccmessaging-token=/)
  })

  test('the same visitor gets the same chat, and nothing runs again', async () => {
    const view = await page()
    const same = await view.run(
      async (login) => {
        const options = {
          login,
          contextPath: '/service-cloud',
          locale: /** @type {const} */ ('en'),
        }
        const [one, two] = await Promise.all([sdk.openChat(options), sdk.openChat(options)])
        const three = await sdk.openChat({ ...options, login: async () => login })
        return one === two && two === three
      },
      signed('Ann', 'u-1'),
    )
    assert.equal(same, true)
    assert.equal(scripts().length, 1)
  })

  test('another visitor needs a reload: ALREADY_OPEN, and the first chat goes on', async () => {
    const view = await page()
    await view.run(
      async (login) => {
        window.kept = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
      },
      signed('Ann', 'u-1'),
    )
    const failure = await view.failure(
      (login) => sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' }),
      signed('Bob', 'u-2'),
    )
    assert.equal(failure.code, 'ALREADY_OPEN')
    assert.match(failure.message, /found another one/)
    assert.equal(await view.run(() => window.kept.customerId), 'u-1')
    await world.driver.navigate().refresh()
    const customerId = await view.run(
      async (login) => {
        await bench.until(() => window.sdk)
        const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
        return chat.customerId
      },
      signed('Bob', 'u-2'),
    )
    assert.equal(customerId, 'u-2')
  })

  for (const name of [
    "O'Brien",
    '";alert(1);//',
    "';window.harmed=1;'",
    '</script><script>window.harmed=1</script>',
    '<img src=x onerror="window.harmed=1">',
    `\${window.harmed=1}\``,
    'line\u2028separator\u2029paragraph',
    'two\r\nlines\t\\ and a backslash',
    '👩‍👩‍👧 欧阳 \u202eright to left',
    '%22%3C/script%3E + & = ;',
  ])
    test(`the name ${JSON.stringify(name)} arrives unharmed and harms nobody`, async () => {
      const view = await page()
      const found = await view.run(
        async (login) => {
          const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
          const page = /** @type {any} */ (window)
          const [script] = chat.report().scripts
          const shown = chatWindow.part('name').textContent
          const logged = JSON.stringify(bench.entries).includes(JSON.stringify(shown).slice(1, -1))
          const { userName, harmed } = page
          return { shown, global: userName, harmed, threw: script?.threw, logged }
        },
        signed(name, `id-${name}`),
      )
      assert.deepEqual(found, {
        shown: name,
        global: name,
        harmed: null,
        threw: null,
        logged: false,
      })
      const { thirdUserName, thirdUserId } = JSON.parse(scripts()[0]?.body ?? '')
      assert.deepEqual([thirdUserName, thirdUserId], [name, `id-${name}`])
      const [served] = await noted('newThirdPartyClient')
      assert.deepEqual([served?.outcome, served?.userId], ['served', `id-${name}`])
    })

  test('a user id over 32 characters is warned of, and sent as it is', async () => {
    const long = 'n'.repeat(33)
    const view = await page()
    const warnings = await view.run(
      async (login) => {
        const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
        return chat.report().warnings
      },
      signed('Ann', long),
    )
    assert.deepEqual(warnings, [
      { code: 'LONG_USER_ID', text: 'thirdUserId has 33 characters; keep it to 32' },
    ])
    assert.equal(JSON.parse(scripts()[0]?.body ?? '').thirdUserId, long)
  })

  /** What a phone's browser says of itself: by hints in Chromium's family, in its name elsewhere. */
  const PHONES = [
    {
      name: 'an Android phone, by its hints',
      userAgent:
        'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36',
      userAgentData: { mobile: true },
    },
    {
      name: 'an iPhone, by its name',
      userAgent:
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      userAgentData: null,
    },
  ]
  for (const { name, userAgent, userAgentData } of PHONES) {
    /** @param {(view: import('./harness/page.mjs').View) => Promise<void>} work */
    const asPhone = async (work) => {
      const view = await page()
      await view.run(
        (userAgent, userAgentData) => {
          Object.defineProperty(navigator, 'userAgent', { value: userAgent })
          Object.defineProperty(navigator, 'userAgentData', { value: userAgentData ?? undefined })
        },
        userAgent,
        userAgentData,
      )
      await work(view)
    }
    test(`${name}: warned of`, () =>
      asPhone(async (view) => {
        const warnings = await view.run(async (login) => {
          const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
          return chat.report().warnings
        }, LOGIN.authorization)
        assert.deepEqual(warnings, [
          {
            code: 'PHONE',
            text: "the vendor's chat is made for PC browsers, and this is a phone",
          },
        ])
      }))
    test(`${name}: refused on request, before anything is asked of CEC`, () =>
      asPhone(async (view) => {
        const failure = await view.failure(
          (login) =>
            sdk.openChat({
              login,
              contextPath: '/service-cloud',
              locale: 'en',
              refusePhones: true,
            }),
          LOGIN.authorization,
        )
        assert.equal(failure.code, 'UNSUPPORTED_BROWSER')
        assert.match(failure.message, /^the browser: expected one of a PC, found a phone's/)
        assert.deepEqual(world.site.sent, [])
      }))
  }

  test('libraries that a tenant wants are on the window while its scripts run', async () => {
    await world.doubles.control('faults', { cec: { wants: 'axios' } })
    const view = await page()
    const found = await view.run(async (login) => {
      /** @type {string[]} */
      const requested = []
      /** @param {{ method: string, url: string, data?: string, headers: Record<string, string> }} request */
      const axios = async ({ method, url, data, headers }) => {
        requested.push(new URL(url).pathname.split('/').pop() ?? '')
        const answer = await fetch(url, { method, body: data ?? null, headers })
        return { status: answer.status, data: await answer.text() }
      }
      const globals = { axios }
      const chat = await sdk.openChat({
        login,
        contextPath: '/service-cloud',
        locale: 'en',
        globals,
      })
      await chatWindow.open()
      await chatWindow.say('hello')
      return { requested, seen: chat.report().globals.axios }
    }, LOGIN.authorization)
    assert.equal(found.seen, true)
    assert.ok(found.requested.includes('sendMessageForWebChannel'))
  })
})
