// The extension in a real Chromium, on pages over TLS. Every build has a site of its own, so one browser
// holds them all, and each test shows besides that no build reaches another's site.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { build, DOUBLES, idOf, TENANTS } from './extension/builds.mjs'
import { Sites } from './extension/sites.mjs'
import { Window } from './extension/window.mjs'

const AICC = 'https://aicc.test'
const SHARED = 'cobrowse_share_url=https%3A%2F%2Faicc.test%2Fshare%2F1'
const FROM_DOMAIN = `${AICC}/service-cloud/resource.root/cobrowse/sdk/cobrowse.js`
/** Lists nothing but the site itself. */
const STRICT = "default-src 'none'; script-src 'self'"
/** A page that nobody touched. */
const UNTOUCHED = { logged: [] }

/** @param {string} host @param {string[]} more */
function made(host, ...more) {
  const bundle = more.includes('--bundle') ? [] : ['--bundle', TENANTS]
  return build(host, ['--aicc', AICC, '--hosts', `https://${host}/*`, ...bundle, ...more])
}

const store = join(made('store.test'), 'store-chromium')
const remote = join(made('remote.test', '--version', '2.5.1'), 'self-hosted-chromium')
const storeFrames = join(made('store-frames.test', '--frames'), 'store-chromium')
const remoteFrames = join(made('remote-frames.test', '--frames'), 'self-hosted-chromium')
const double = join(made('double.test', '--bundle', DOUBLES), 'store-chromium')

/** The site of each build, that of its twin for frames, and where the script comes from. */
const KINDS = [
  { kind: 'store', site: 'store.test', frames: 'store-frames.test', source: 'the extension' },
  { kind: 'self-hosted', site: 'remote.test', frames: 'remote-frames.test', source: FROM_DOMAIN },
]
const HOSTS = KINDS.flatMap(({ site, frames }) => [site, frames])
HOSTS.push('double.test', 'aicc.test', 'evil.test', 'workbench.test', 'unnamed.test')

describe('the extension, in chromium', () => {
  const sites = new Sites()
  const window = new Window()
  before(async () => {
    await sites.start()
    await window.open([store, remote, storeFrames, remoteFrames, double], HOSTS, sites.port)
  })
  after(async () => {
    await window.close()
    sites.stop()
  })
  beforeEach(async () => {
    await window.visit('about:blank')
    sites.reset()
  })

  for (const { kind, site, frames, source } of KINDS) {
    const ran = { started: '1', source, global: source, logged: [] }

    test(`${kind}: a shared page starts cobrowsing, once`, async () => {
      await window.visit(`https://${site}/?${SHARED}`)
      assert.deepEqual(await window.started(), ran)
    })

    test(`${kind}: on a page that is not shared there is not even a name of the script`, async () => {
      for (const rest of ['', '?a=1#b']) {
        await window.visit(`https://${site}/${rest}`)
        assert.deepEqual(await window.quiet(), UNTOUCHED)
        assert.equal(await window.ask(() => 'cobrowseSource' in globalThis), false)
      }
      assert.deepEqual(sites.requested, [])
    })

    test(`${kind}: a page whose address only mentions the parameter is not started`, async () => {
      const elsewhere = [`#?${SHARED}`, `?a=${encodeURIComponent(`&${SHARED}`)}`]
      for (const rest of ['?cobrowse_share_url=', `?my_${SHARED}`, ...elsewhere]) {
        await window.visit(`https://${site}/${rest}`)
        assert.deepEqual(await window.quiet(), UNTOUCHED, rest)
      }
      assert.deepEqual(sites.requested, [])
    })

    test(`${kind}: a link that passed through HTML is understood`, async () => {
      await window.visit(`https://${site}/?a=1&amp;b=2&amp;${SHARED}`)
      assert.deepEqual(await window.started(), ran)
    })

    test(`${kind}: a policy that lists the contact centre is no obstacle`, async () => {
      sites.csp = `${STRICT} ${AICC}`
      await window.visit(`https://${site}/?${SHARED}`)
      assert.deepEqual(await window.started(), ran)
    })

    test(`${kind}: a URL never chooses where code comes from`, async () => {
      const evil = 'https://evil.test'
      const wishes = ['aiccDomain', 'aicc', 'domain', 'src', 'source', 'script', 'host']
      const query = wishes.map((name) => `${name}=${encodeURIComponent(evil)}`).join('&')
      await window.visit(`https://${site}/?cobrowse_share_url=${evil}/&amp;${query}#${evil}`)
      assert.deepEqual(await window.started(), ran)
      assert.deepEqual(
        sites.requested,
        kind === 'store' ? [] : [FROM_DOMAIN.slice('https://'.length)],
      )
    })

    test(`${kind}: a framed page is entered only by a build with --frames`, async () => {
      sites.frame = `https://${site}/?${SHARED}`
      await window.visit(`https://workbench.test/?${SHARED}`)
      assert.deepEqual(await window.quiet({ framed: true }), UNTOUCHED)
      // Another address: a reload would bring back what the frame showed before.
      sites.frame = `https://${frames}/?${SHARED}`
      await window.visit(`https://workbench.test/?again&${SHARED}`)
      assert.deepEqual(await window.started({ framed: true }), ran)
      assert.deepEqual(await window.seen(), UNTOUCHED)
    })

    test(`${kind}: a build with --frames serves a page that fills its tab too`, async () => {
      await window.visit(`https://${frames}/?${SHARED}`)
      assert.deepEqual(await window.started(), ran)
    })
  }

  test('store: the double’s cobrowse.js shares the page', async () => {
    await window.visit(`https://double.test/?${SHARED}`)
    await window.until('the mark', () => document.documentElement.dataset.cobrowse === 'shared')
  })

  test('sites that no build names stay as they are, the contact centre’s own too', async () => {
    for (const host of ['unnamed.test', 'aicc.test', 'workbench.test']) {
      await window.visit(`https://${host}/?${SHARED}`)
      assert.deepEqual(await window.quiet(), UNTOUCHED)
    }
  })

  for (const [name, csp] of [
    ['a strict policy', STRICT],
    ['Trusted Types', "require-trusted-types-for 'script'"],
  ]) {
    test(`store: ${name} is no obstacle`, async () => {
      sites.csp = csp ?? ''
      await window.visit(`https://store.test/?${SHARED}`)
      assert.equal((await window.started()).source, 'the extension')
    })

    test(`self-hosted: under ${name} the console says what to do`, async () => {
      sites.csp = csp ?? ''
      await window.visit(`https://remote.test/?${SHARED}`)
      const logged = await window.complaint()
      assert.match(logged, /^\[Calldock cobrowse\] This page's security policy does not allow /)
      assert.match(logged, /Ask the site .* script-src, or install the store build\.$/)
      assert.ok(logged.includes(FROM_DOMAIN), logged)
      assert.deepEqual(sites.requested, [])
    })
  }

  for (const answer of /** @type {const} */ (['missing', 'page', 'other script'])) {
    test(`self-hosted: what the contact centre answers is complained of: ${answer}`, async () => {
      sites.answer = answer
      await window.visit(`https://remote.test/?${SHARED}`)
      const what = answer === 'other script' ? 'was loaded but brought no' : 'could not be loaded'
      const logged = await window.complaint()
      assert.ok(logged.includes(`${FROM_DOMAIN} ${what}`), logged)
    })
  }

  test('the options page shows what a build is set to', async () => {
    const one = await optionsOf(store)
    assert.match(one.values[0] ?? '', /^Store: /)
    assert.deepEqual(one.values.slice(1, 3), [AICC, 'https://store.test/*'])
    assert.match(one.values[3] ?? '', /^Only a page that fills its tab/)
    assert.ok(one.text.includes('also works on pages with a strict Content Security Policy'))
    assert.equal(one.empty, 0)

    const other = await optionsOf(remote)
    assert.match(other.values[0] ?? '', /^Self-hosted: /)
    assert.equal(other.values[4], '2.5.1')
    assert.ok(other.text.includes(`does not list ${AICC} in script-src`))

    assert.match((await optionsOf(remoteFrames)).values[3] ?? '', /also inside another page$/)
  })

  /** @param {string} unpacked */
  async function optionsOf(unpacked) {
    await window.visit(`chrome-extension://${idOf(unpacked)}/options.html`)
    await window.until('the text', () => document.querySelector('dd')?.textContent)
    return window.ask(() => ({
      values: [...document.querySelectorAll('dd')].map(({ textContent }) => textContent),
      text: document.body.innerText,
      empty: [...document.querySelectorAll('h1, p, dt, dd')].filter((e) => !e.textContent).length,
    }))
  }
})
