// @ts-check
// The shop: a public web site with CEC's chat, and the tools to see and shake it.

import { faultHere, faultOf } from './cecfaults.js'
import { chatCard, focusAgain } from './chatcard.js'
import { Chatting } from './chatting.js'
import { control, demo, leaveVendorsSite } from './demo.js'
import { fill, h } from './dom.js'
import { collectHere } from './frames.js'
import { header } from './header.js'
import { speak, t } from './i18n.js'
import { inspector } from './inspector.js'
import { libraries, load } from './libraries.js'
import { Log } from './log.js'
import { asked } from './place.js'
import { reportCard } from './report.js'
import { helpDesk, shopFront } from './shopfront.js'
import { modes, visitors } from './visitors.js'

speak()
document.title = t('shop.title')
const query = new URLSearchParams(location.search)
const log = new Log()
const chatting = new Chatting(log)
const fault = faultHere()

try {
  const { vendor, visitors: offered } = await demo()
  leaveVendorsSite(vendor)
  collectHere((entry) => log.add(entry))
  await prepare(vendor)
  const known = visitors(offered)
  const ids = /** @type {[string, ...string[]]} */ (known.map(({ id }) => id))
  const choice = {
    mode: asked('mode', modes),
    visitor: asked('visitor', ids),
    library: asked('globals', libraries),
    fault,
  }
  const globals = () => load(choice.library)
  const start = () => chatting.start({ ...choice, globals, timeoutMs: patience() })
  document.body.append(
    h('a', { class: 'skip', href: '#main' }, t('app.skip')),
    header({ page: 'shop' }),
    h(
      'main',
      { id: 'main', class: 'shop-desk', tabindex: -1 },
      shopFront(),
      helpDesk(chatting, start),
      chatCard(chatting, { choice, known, start }),
      reportCard(chatting),
      inspector(log, { number: 3 }),
    ),
  )
  focusAgain()
  if (query.get('open') === '1') void start()
} catch (error) {
  console.error(error)
  fill(document.body, h('p', { class: 'no-demo', role: 'alert' }, t('app.noDemo')))
}

/** A robot answers first, so that there is an agent to ask for; then the fault of the address. @param {string} vendor */
async function prepare(vendor) {
  if (query.has('fault')) await control(vendor, 'reset')
  await control(vendor, 'chat/mode', { mode: 'robot' })
  if (query.has('fault')) await control(vendor, 'faults', faultOf(fault))
  if (fault !== 'none') window.addEventListener('pagehide', () => mend(vendor), { once: true })
}

/** A fault ends with the page that asked for it: the next one finds a healthy vendor. @param {string} vendor */
function mend(vendor) {
  const body = JSON.stringify({ cec: {}, rest: 'ok' })
  navigator.sendBeacon(`${vendor}/control/faults`, body)
}

// A newcomer who has just broken something should not wait the product's 15 s to see what happens.
function patience() {
  const wanted = Number(query.get('timeoutMs'))
  if (wanted > 0) return wanted
  return fault === 'none' ? undefined : 5000
}
