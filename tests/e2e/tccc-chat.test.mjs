// TCCC's online chat (chat guide): the link, the window, the frame, the widget, and what a signature says.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { deflateSync, inflateSync } from 'node:zlib'
import { withoutCookies } from './harness/cookies.mjs'
import { assertInTime, View } from './harness/page.mjs'
import { eventually, PATIENCE_MS } from './harness/programs.mjs'
import { inEachBrowser } from './harness/world.mjs'

const LOGIN = '/calldock/v1/tccc/chat'
/** The chat guide's data and signature, letter for letter; its link has another shop's name in it. */
const DATA =
  '{"peerSource":"XX商城","nickName":"张三","uid":"zhangsan","extra_phoneNumber":"15813812110","extra_ID":"611551555111XXX","extra_questionGroup":"投诉"}'
const LINKED =
  '{"peerSource":"京东商城","nickName":"张三","uid":"zhangsan","extra_phoneNumber":"15813812110","extra_ID":"611551555111XXX","extra_questionGroup":"投诉"}'
const SIG =
  'eJxUkEtvm0AQx7-Lnut0WWArkHJw1qm82Os07rI8bhDWYcwjxJiXqn73CuMeMtLv8h-NTzPzB8n97wc9NnDRyDUpxt9uCWS6vsIJ9AW5SDLGVs*hPK5XPt*szN36k*bhr9V4L7TMtFmRNA1kyDUsjAm1iGHdO-COXDQ2PtDWUd-H3Vs9mJwOqt7k9md8wF68SQbzXbDJd9onyh-vyitUGrkGJRT-sB3iLGnX6kvanZCL9OQNcaAmnzjGW3Uo*fkD7JgJO4KUcnLiMEBalecE23ka*PAC*7LfbYqOF7BnnpEEr-ACnqW3*QLjLa*UlW29PDSfPlJil7JW16hS0*wWUlgLfBRSzI5Sb49TpBzvyDjl52gU0jdmDvJ5FCqPgi-On0YcHnASON3R9PosXM87VdCERW9jOL0*-j*9v72ePGD0918AAAD--2wfhLY_'
const SAMPLE = `https://tccc.qcloud.com/web/im/index.html#/chat?webAppId=9903496b6be2e67ad291dd2323f3ae9f&title=foo&clientData=%7B%22peerSource%22%3A%22%E4%BA%AC%E4%B8%9C%E5%95%86%E5%9F%8E%22%2C%22nickName%22%3A%22%E5%BC%A0%E4%B8%89%22%2C%22uid%22%3A%22zhangsan%22%2C%22extra_phoneNumber%22%3A%2215813812110%22%2C%22extra_ID%22%3A%22611551555111XXX%22%2C%22extra_questionGroup%22%3A%22%E6%8A%95%E8%AF%89%22%7D&userSig=${SIG}`
const WEB_APP_ID = '9903496b6be2e67ad291dd2323f3ae9f'

/** @param {string} sig */
const opened = (sig) =>
  JSON.parse(
    String(
      inflateSync(
        Buffer.from(
          sig.replace(/[*\-_]/g, (sign) => ({ '*': '+', '-': '/', _: '=' })[sign] ?? ''),
          'base64',
        ),
      ),
    ),
  )
/** @param {Record<string, unknown>} members */
const packed = (members) =>
  deflateSync(JSON.stringify(members))
    .toString('base64')
    .replace(/[+/=]/g, (sign) => ({ '+': '*', '/': '-', '=': '_' })[sign] ?? '')

inEachBrowser("TCCC's online chat", (world) => {
  beforeEach(() => withoutCookies(world))
  const page = (/** @type {string[]} */ ...before) =>
    world.open({
      entry: 'cec',
      before,
      body: '<main id="here"></main><button id="chat">chat</button>',
    })
  const chatPage = () => `${world.doubles.origin}/web/im/index.html`
  /** What the double noted of chat pages that were opened. */
  const openings = async () =>
    (await world.doubles.log('im')).filter((entry) => entry.step === 'open')
  /** Waits until the double has seen a chat page open. */
  const opening = () => eventually('a chat page', async () => (await openings())[0])
  /** A login of the real server's: its signature comes from the double's cloud API. */
  const login = async () => {
    const answer = await fetch(`${world.site.origin}${LOGIN}`, { method: 'POST' })
    return /** @type {Promise<import('calldock/tccc').ChatLogin>} */ (answer.json())
  }
  /** Waits for the window that was opened, and turns the driver to it. */
  const otherWindow = async () => {
    const own = await world.driver.getWindowHandle()
    await world.driver.wait(
      async () => (await world.driver.getAllWindowHandles()).length === 2,
      PATIENCE_MS,
    )
    const handles = await world.driver.getAllWindowHandles()
    await world.driver.switchTo().window(handles.find((handle) => handle !== own) ?? own)
    return async () => {
      await world.driver.close()
      await world.driver.switchTo().window(own)
    }
  }

  test("the link is the vendor's sample, letter for letter", async () => {
    const view = await page()
    const link = await view.run(
      (webAppId, clientData, userSig) =>
        sdk.chatLink({ webAppId, clientData, userSig }, { title: 'foo' }),
      WEB_APP_ID,
      LINKED,
      SIG,
    )
    assert.equal(link, SAMPLE)
  })

  test("a link that the server's login makes is taken by the chat page, field by field", async () => {
    const view = await page()
    const given = await login()
    assert.equal(given.clientData, DATA)
    const link = await view.run(
      (login, chatPage) => sdk.chatLink(login, { title: 'XX & 商城?#', chatPage }),
      given,
      chatPage(),
    )
    await world.driver.get(link)
    const seen = await opening()
    assert.deepEqual([seen.outcome, seen.refusals], ['opened', []])
    const shown = await new View(world.driver).until('the fields', () => {
      const fields = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('[data-field]')])
      const texts = fields.map(({ dataset, textContent }) => [dataset.field, textContent])
      return texts.length > 0 && { title: document.title, fields: Object.fromEntries(texts) }
    })
    assert.deepEqual(shown, { title: 'XX & 商城?#', fields: JSON.parse(DATA) })
  })

  test("the sample of the vendor's documents is refused for all three reasons", async () => {
    await world.driver.get(`${chatPage()}${new URL(SAMPLE).hash}`)
    const { outcome, refusals } = await opening()
    assert.equal(outcome, 'refused')
    for (const reason of ['expired', 'otherUser', 'otherText'])
      assert.ok(refusals.includes(reason), String(refusals))
  })

  test('a window opens within a click, and no pop-up blocker blocks it', async () => {
    const view = await page()
    await view.run(
      (login, chatPage) => {
        document.getElementById('chat')?.addEventListener('click', () => {
          window.kept = sdk.openChatWindow({ login, chatPage, title: 'shop' })
          window.kept.catch(() => {})
        })
      },
      LOGIN,
      chatPage(),
    )
    await world.driver.findElement({ id: 'chat' }).click()
    const close = await otherWindow()
    try {
      await opening()
      const opener = await world.driver.executeScript('return window.opener === null')
      assert.equal(opener, true, 'the chat must not lead the shop elsewhere')
      assert.equal(await world.driver.getTitle(), 'shop')
    } finally {
      await close()
    }
  })

  test('the window is closed again when the login fails', async () => {
    const view = await page()
    await view.run((chatPage) => {
      const login = async () => {
        throw new Error('no session')
      }
      document.getElementById('chat')?.addEventListener('click', () => {
        window.kept = sdk.openChatWindow({ login, chatPage })
        window.kept.catch(() => {})
      })
    }, chatPage())
    await world.driver.findElement({ id: 'chat' }).click()
    const failure = await view.failure(() => window.kept)
    assert.equal(failure.code, 'LOGIN_FAILED', failure.message)
    assert.match(failure.message, /login: expected a login, found that the function threw/)
    await world.driver.wait(
      async () => (await world.driver.getAllWindowHandles()).length === 1,
      PATIENCE_MS,
    )
    assert.deepEqual(await openings(), [])
  })

  test('the window is open before the login has come', async () => {
    const view = await page()
    await view.run((chatPage) => {
      const stop = new AbortController()
      const never = () => new Promise(() => {})
      const { open } = window
      window.kept = { stop, windows: [] }
      window.open = (...args) => {
        const opened = open.apply(window, args)
        window.kept.windows.push(opened)
        return opened
      }
      document.getElementById('chat')?.addEventListener('click', () => {
        const work = sdk.openChatWindow({
          login: /** @type {any} */ (never),
          chatPage,
          signal: stop.signal,
        })
        window.kept.opened = window.kept.windows.length
        window.kept.failed = work.catch((error) => error.code)
      })
    }, chatPage())
    await world.driver.findElement({ id: 'chat' }).click()
    assert.equal(await view.run(() => window.kept.opened), 1, 'synchronously')
    const end = await view.run(async () => {
      window.kept.stop.abort()
      const code = await window.kept.failed
      return [code, window.kept.windows[0].closed]
    })
    assert.deepEqual(end, ['ABORTED', true])
  })

  test('a blocked window is told as that, and no login is asked for', async () => {
    const view = await page()
    const failure = await view.failure((chatPage) => {
      window.open = () => null
      return sdk.openChatWindow({
        login: async () => {
          throw new Error('asked')
        },
        chatPage,
      })
    }, chatPage())
    assert.equal(failure.code, 'POPUP_BLOCKED')
    assert.match(failure.message, /expected a new window, found it blocked/)
  })

  test('a chat is put into an element and taken out again', async () => {
    const view = await page()
    const frame = await view.run(
      async (login, chatPage) => {
        const here = /** @type {Element} */ (document.getElementById('here'))
        window.kept = await sdk.embedChat(here, { login, chatPage, title: 'shop' })
        const { frame } = window.kept
        return { title: frame.title, allow: frame.allow, parent: frame.parentElement?.id }
      },
      LOGIN,
      chatPage(),
    )
    assert.deepEqual(frame, { title: 'shop', allow: 'microphone; camera', parent: 'here' })
    const { outcome, fields } = await opening()
    assert.equal(outcome, 'opened')
    assert.deepEqual([...fields].sort(), Object.keys(JSON.parse(DATA)).sort())
    const left = await view.run(() => {
      window.kept.close()
      return document.getElementById('here')?.childElementCount
    })
    assert.equal(left, 0)
  })

  test('an embedded chat that fails leaves its element as it was', async () => {
    const view = await page()
    const failure = await view.failure(
      (chatPage) =>
        sdk.embedChat(/** @type {Element} */ (document.getElementById('here')), {
          login: '/calldock/v1/nowhere',
          chatPage,
        }),
      chatPage(),
    )
    assert.equal(failure.code, 'INVALID_OPTION')
    const left = await view.run(() => document.getElementById('here')?.childElementCount)
    assert.equal(left, 0)
  })

  test('the widget tells of an agent who joins and leaves', async () => {
    const view = await page()
    await view.run(
      async (webAppId, scriptUrl) => {
        const widget = await sdk.loadChatWidget({ webAppId, scriptUrl })
        const reported = /** @type {string[]} */ ([])
        widget.on('agentJoined', () => reported.push('join'))
        widget.on('agentLeft', () => reported.push('leave'))
        const stop = widget.on('agentJoined', () => reported.push('stopped'))
        stop()
        window.kept = { reported }
        const host = await bench.until(() => document.getElementById('tccc-im-widget'))
        host.shadowRoot?.querySelector('button')?.click()
      },
      WEB_APP_ID,
      `${world.doubles.origin}/web/im/imPublish.js`,
    )
    await view.until('the agent joining', () => window.kept.reported.includes('join'))
    await world.doubles.control('chat/leave')
    await view.until('the agent leaving', () => window.kept.reported.includes('leave'))
    assert.deepEqual(await view.run(() => window.kept.reported), ['join', 'leave'])
  })

  test('a widget that is there already is taken', async () => {
    const view = await page()
    const count = await view.run(
      async (webAppId, scriptUrl) => {
        await sdk.loadChatWidget({ webAppId, scriptUrl })
        await sdk.loadChatWidget({ webAppId, scriptUrl })
        return document.querySelectorAll('script[src*="imPublish"]').length
      },
      WEB_APP_ID,
      `${world.doubles.origin}/web/im/imPublish.js`,
    )
    assert.equal(count, 1)
  })

  for (const [name, query] of [
    ["the vendor's snippet has its id", `?webAppId=${WEB_APP_ID}`],
    ['has a query of its own and a hash', '?v=2#top'],
  ])
    test(`a widget whose script's address ${name} gets the id once`, async () => {
      const view = await page()
      const [src, type] = await view.run(
        async (webAppId, scriptUrl) => {
          await sdk.loadChatWidget({ webAppId, scriptUrl })
          const script = document.querySelector('script[src*="imPublish"]')
          return [script?.getAttribute('src'), typeof Reflect.get(window, 'customerServiceIframe')]
        },
        WEB_APP_ID,
        `${world.doubles.origin}/web/im/imPublish.js${query}`,
      )
      assert.equal(type, 'function')
      const { hash, searchParams } = new URL(src ?? '')
      assert.deepEqual([hash, ...searchParams.getAll('webAppId')], ['', WEB_APP_ID])
    })

  test('a widget under a nonce, Trusted Types and a strict policy', async () => {
    const view = await world.open({
      entry: 'cec',
      nonce: 'c29tZXRoaW5n',
      csp: `default-src 'none'; img-src data:; connect-src 'self'; frame-src ${world.doubles.origin}; script-src 'nonce-c29tZXRoaW5n' 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types calldock`,
    })
    const violations = await view.run(
      async (webAppId, scriptUrl) => {
        await sdk.loadChatWidget({ webAppId, scriptUrl })
        return bench.violations
      },
      WEB_APP_ID,
      `${world.doubles.origin}/web/im/imPublish.js`,
    )
    assert.deepEqual(violations, [])
  })

  test('a widget whose signal has aborted before loads nothing', async () => {
    const view = await world.open({ entry: 'cec', fresh: true })
    const code = await view.run(async (webAppId) => {
      await bench.until(() => window.sdk)
      const aborted = sdk.loadChatWidget({ webAppId, signal: AbortSignal.abort() })
      const code = await aborted.catch((error) => error.code)
      // Whatever had been started would be there by then.
      await sdk.currentCall()
      return code
    }, WEB_APP_ID)
    assert.equal(code, 'ABORTED')
    const loaded = world.site.requested.filter((path) => /\/host\.wasm|imPublish/.test(path))
    assert.deepEqual(loaded, [])
  })

  /** Calls that must fail, the code, and what the message says. @type {[string, string, string, RegExp][]} */
  const mistakes = [
    [
      'a link without webAppId',
      'sdk.chatLink({ ...login, webAppId: undefined })',
      'LOGIN_FAILED',
      /login\.webAppId: expected a text, found nothing/,
    ],
    [
      'a link for a short webAppId',
      "sdk.chatLink({ ...login, webAppId: 'abc' })",
      'INVALID_OPTION',
      /webAppId: expected 32 hexadecimal digits/,
    ],
    [
      'a link with data that is no JSON',
      "sdk.chatLink({ ...login, clientData: 'uid=1' })",
      'INVALID_OPTION',
      /clientData: expected an object/,
    ],
    [
      'a link with data without uid',
      "sdk.chatLink({ ...login, clientData: '{}' })",
      'INVALID_OPTION',
      /clientData\.uid: expected a text, found nothing/,
    ],
    [
      'a link without a signature',
      'sdk.chatLink({ ...login, userSig: undefined })',
      'LOGIN_FAILED',
      /login\.userSig: expected a text, found nothing/,
    ],
    [
      'a link to a page without HTTPS',
      "sdk.chatLink(login, { chatPage: 'http://chat.example/' })",
      'INVALID_OPTION',
      /chatPage: expected an https address/,
    ],
    [
      'a link with a title that is a number',
      'sdk.chatLink(login, { title: 5 })',
      'INVALID_OPTION',
      /title: expected a text, found a number/,
    ],
    [
      'a link with a secret',
      "sdk.chatLink({ ...login, secretKey: 'secret-value' })",
      'SECRET_IN_PAGE',
      /found a member named secretKey/,
    ],
    [
      'a window without a login',
      'sdk.openChatWindow({})',
      'INVALID_OPTION',
      /^options\.login: expected .*, found nothing/,
    ],
    [
      'a window without options',
      'sdk.openChatWindow()',
      'INVALID_OPTION',
      /^options: expected an object, found nothing/,
    ],
    [
      'a window with a bad deadline',
      'sdk.openChatWindow({ login, timeoutMs: 0 })',
      'INVALID_OPTION',
      /^timeoutMs: expected/,
    ],
    [
      'no element',
      'sdk.embedChat(null, { login })',
      'INVALID_OPTION',
      /^element: expected an element, found null/,
    ],
    [
      'a widget without webAppId',
      'sdk.loadChatWidget({})',
      'INVALID_OPTION',
      /webAppId: expected a text, found nothing/,
    ],
    [
      'a widget for a short webAppId',
      "sdk.loadChatWidget({ webAppId: 'abc' })",
      'INVALID_OPTION',
      /webAppId: expected 32 hexadecimal digits/,
    ],
    [
      "a widget whose script's address has another webAppId",
      "sdk.loadChatWidget({ webAppId: login.webAppId, scriptUrl: 'https://h.example/im.js?webAppId=5' })",
      'INVALID_OPTION',
      /scriptUrl: expected at most one webAppId, that of the options, found another value/,
    ],
    [
      'a widget with a secret',
      "sdk.loadChatWidget({ webAppId: login.webAppId, secretKey: 'secret-value' })",
      'SECRET_IN_PAGE',
      /found a member named secretKey/,
    ],
    [
      'what is no signature',
      "sdk.inspectUserSig('no signature')",
      'INVALID_OPTION',
      /^userSig: expected a signature of CreateUserSig, found another text/,
    ],
    [
      'an empty signature',
      "sdk.inspectUserSig('')",
      'INVALID_OPTION',
      /^userSig: expected a signature/,
    ],
    [
      'a signature that is no text',
      'sdk.inspectUserSig(5)',
      'INVALID_OPTION',
      /^userSig: expected a signature/,
    ],
  ]
  for (const [name, call, code, says] of mistakes)
    test(`${name}: ${code}`, async () => {
      const view = await page()
      const failure = await view.failure(
        (call, login) => new Function('login', `return ${call}`)(login),
        call,
        { webAppId: WEB_APP_ID, clientData: DATA, userSig: SIG },
      )
      assert.equal(failure.code, code, failure.message)
      assert.match(failure.message, says)
      const windows = await world.driver.getAllWindowHandles()
      assert.equal(windows.length, 1)
    })

  // F7
  test('a link may be unsigned, for phones and without a header', async () => {
    const view = await page()
    const links = await view.run(
      (webAppId) =>
        Promise.all([
          sdk.chatLink({ webAppId }, { title: 'foo' }),
          sdk.chatLink({ webAppId }, { mobile: true, hideHeader: true }),
        ]),
      WEB_APP_ID,
    )
    const base = 'https://tccc.qcloud.com/web/im/index.html'
    assert.deepEqual(links, [
      `${base}#/chat?webAppId=${WEB_APP_ID}&title=foo`,
      `${base}#/H5chat?webAppId=${WEB_APP_ID}&hideHeader=1`,
    ])
  })

  test('options are checked before a signature is requested or a window opened', async () => {
    const view = await page()
    const found = await view.run(async () => {
      let requested = 0
      let opened = 0
      window.open = () => {
        opened += 1
        return null
      }
      const login = async () => {
        requested += 1
        throw new Error('asked')
      }
      const here = /** @type {Element} */ (document.getElementById('here'))
      const codes = []
      for (const options of /** @type {any[]} */ ([
        { login, title: 5 },
        { login, chatPage: 7 },
        { login, signal: 'x' },
      ])) {
        codes.push(await sdk.openChatWindow(options).catch((error) => error.code))
        codes.push(await sdk.embedChat(here, options).catch((error) => error.code))
      }
      // The address of the page is judged by the core.
      const chatPage = 'http://chat.example/'
      codes.push(await sdk.embedChat(here, { login, chatPage }).catch((error) => error.code))
      return { requested, opened, codes: [...new Set(codes)] }
    })
    assert.deepEqual(found, { requested: 0, opened: 0, codes: ['INVALID_OPTION'] })
  })

  test('a signal that has aborted opens no window and requests no login', async () => {
    const view = await page()
    const found = await view.run(async () => {
      let opened = 0
      let requested = 0
      window.open = () => {
        opened += 1
        return null
      }
      const login = async () => {
        requested += 1
        throw new Error('asked')
      }
      const options = { login, signal: AbortSignal.abort() }
      const here = /** @type {Element} */ (document.getElementById('here'))
      const codes = []
      for (const work of [sdk.openChatWindow(options), sdk.embedChat(here, options)])
        codes.push(await work.catch((error) => error.code))
      return { opened, requested, codes, left: here.childElementCount }
    })
    assert.deepEqual(found, { opened: 0, requested: 0, codes: ['ABORTED', 'ABORTED'], left: 0 })
  })

  test('a prerendered page embeds no chat before it is shown, and its deadline begins then', async () => {
    const view = await page('jump.js')
    const found = await view.run(async (chatPage) => {
      const show = bench.prerendered()
      let logins = 0
      let settled = false
      const login = () => {
        logins += 1
        return new Promise(() => {})
      }
      const here = /** @type {Element} */ (document.getElementById('here'))
      const embedding = sdk
        .embedChat(here, { login: /** @type {any} */ (login), chatPage, timeoutMs: 5000 })
        .catch(({ code }) => code)
        .finally(() => {
          settled = true
        })
      await window.jumpAt(() => bench.listeners().prerenderingchange, 5000)
      const before = logins
      show()
      await window.jumpAt(() => logins > 0 || settled, 5000)
      return { before, after: logins, end: await embedding }
    }, chatPage())
    assert.deepEqual(found, { before: 0, after: 1, end: 'TIMEOUT' })
  })

  // B12
  test("a frame that the page's policy refuses is told as that", async () => {
    const view = await world.open({
      entry: 'cec',
      body: '<main id="here"></main>',
      csp: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src data:; frame-src 'self'",
    })
    const failure = await view.failure(
      (login, chatPage) =>
        sdk.embedChat(/** @type {Element} */ (document.getElementById('here')), {
          login,
          chatPage,
        }),
      LOGIN,
      chatPage(),
    )
    assert.equal(failure.code, 'CSP_BLOCKED', failure.message)
    assert.match(failure.message, /frame-src/)
    assert.equal(await view.run(() => document.getElementById('here')?.childElementCount), 0)
  })

  test('a frame that never loads is an error in time', async () => {
    const view = await page()
    world.site.own = (request) => request.url?.startsWith('/never') ?? false
    const failure = await view.failure(
      (login, chatPage) =>
        sdk.embedChat(/** @type {Element} */ (document.getElementById('here')), {
          login,
          chatPage,
          timeoutMs: 1500,
        }),
      LOGIN,
      `${world.site.origin}/never`,
    )
    assert.equal(failure.code, 'TIMEOUT')
    assertInTime(failure, 1500)
    assert.equal(await view.run(() => document.getElementById('here')?.childElementCount), 0)
  })

  test('an embedding that is aborted just after its frame has loaded leaves nothing', async () => {
    const view = await page()
    const found = await view.run(
      async (login, chatPage) => {
        const here = /** @type {Element} */ (document.getElementById('here'))
        const stop = new AbortController()
        here.addEventListener('load', () => setTimeout(() => stop.abort()), true)
        const { signal } = stop
        const code = await sdk
          .embedChat(here, { login, chatPage, signal })
          .catch(({ code }) => code)
        const left = () => here.childElementCount === 0
        await bench.until(left)
        return { code, left: here.childElementCount }
      },
      LOGIN,
      chatPage(),
    )
    assert.deepEqual(found, { code: 'ABORTED', left: 0 })
  })

  // F8
  test("an event that the vendor's documents do not name can be listened to by its own name", async () => {
    const view = await page()
    const found = await view.run(async (webAppId) => {
      /** @type {string[]} */
      const listened = []
      Object.assign(window, {
        customerServiceIframe: (/** @type {string} */ event) => void listened.push(event),
      })
      const widget = await sdk.loadChatWidget({ webAppId })
      widget.on('agentJoined', () => {})
      widget.on('newMessage', () => {}, { unlisted: true })
      let code
      try {
        widget.on(/** @type {any} */ ('newMessage'), () => {})
      } catch (error) {
        code = /** @type {any} */ (error).code
      }
      return { listened, code }
    }, WEB_APP_ID)
    assert.deepEqual(found, { listened: ['seatJoin', 'newMessage'], code: 'INVALID_OPTION' })
  })

  test("the chat guide's signature is for another user and another text, and has expired", async () => {
    const view = await page()
    const report = await view.run((sig, data) => sdk.inspectUserSig(sig, data), SIG, DATA)
    assert.deepEqual(report.faults, ['EXPIRED', 'OTHER_USER', 'OTHER_TEXT'])
    const members = opened(SIG)
    assert.equal(report.identifier, members['TLS.identifier'])
    assert.equal(report.sdkAppId, members['TLS.sdkappid'])
    assert.equal(report.issuedAt, members['TLS.time'])
    assert.equal(report.expiresAt, members['TLS.time'] + members['TLS.expire'])
    assert.equal(report.clientData, String(Buffer.from(members['TLS.userbuf'], 'base64')))
    const alone = await view.run((sig) => sdk.inspectUserSig(sig), SIG)
    assert.deepEqual(alone.faults, ['EXPIRED'])
  })

  /** Each thing that can be wrong, by itself. */
  for (const { name, faults, change = {}, data = DATA } of [
    { name: 'a fresh signature', faults: [] },
    { name: 'one whose hour is over', faults: ['EXPIRED'], change: { 'TLS.expire': 0 } },
    {
      name: "one for another user's id",
      faults: ['OTHER_USER'],
      change: { 'TLS.identifier': 'TCCC-EXTRA-UID-12345678-lisi' },
    },
    {
      name: 'one for the same data with another space',
      faults: ['OTHER_TEXT'],
      data: DATA.replace(',"uid"', ', "uid"'),
    },
  ])
    test(`${name}: ${faults.join() || 'no fault'}`, async () => {
      const view = await page()
      const { userSig } = await login()
      const sig = packed({ ...opened(userSig ?? ''), ...change })
      const report = await view.run((sig, data) => sdk.inspectUserSig(sig, data), sig, data)
      assert.deepEqual(report.faults, faults)
      assert.equal(report.sdkAppId, 1_400_000_000)
      if (!change['TLS.identifier']) assert.equal(report.uid, 'zhangsan')
    })
})
