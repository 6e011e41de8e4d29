// @ts-check
// The host page: a business system that opens the workbench, with the tools to see and shake it.

import { benchCard } from './bench.js'
import { connection } from './connection.js'
import { control, leaveVendorsSite, vendorOrigin } from './demo.js'
import { dock, goToSoftphone } from './dock.js'
import { fill, h } from './dom.js'
import { askedFor, faultOf } from './faults.js'
import { collect } from './frames.js'
import { header } from './header.js'
import { hostCard } from './hostcard.js'
import { lang, speak, t } from './i18n.js'
import { inspector } from './inspector.js'
import { Log } from './log.js'
import { simulator } from './simulator.js'
import { beginVisit } from './visit.js'
import { Opening } from './workbench.js'

speak()
document.title = t('app.title')
const query = new URLSearchParams(location.search)
const log = new Log()
const opening = new Opening(log)

/** The page's parts, for a narrow screen that shows one at a time. */
const places = /** @type {const} */ (['simulator', 'host', 'softphone', 'workbench', 'inspector'])

try {
  const vendor = await vendorOrigin()
  leaveVendorsSite(vendor)
  collect(vendor, (entry) => log.add(entry))
  await beginVisit(vendor)
  await applyFault(vendor)
  document.body.append(
    h('a', { class: 'skip', href: '#main' }, t('app.skip')),
    h(
      'a',
      {
        ...{ class: 'skip', href: '#softphone', 'data-testid': 'skip-phone' },
        onclick: (/** @type {Event} */ event) => {
          event.preventDefault()
          goToSoftphone()
        },
      },
      t('app.skipPhone'),
    ),
    header({ page: 'host', state: connection(opening), places }),
    h(
      'main',
      { id: 'main', class: 'desk', tabindex: -1 },
      simulator(vendor, log, opening),
      hostCard(opening, start),
      dock(opening),
      benchCard(vendor, lang),
      inspector(log, { own: 'host', empty: t('insp.empty') }),
    ),
  )
  if (query.get('open') === '1') void start()
} catch (error) {
  console.error(error)
  fill(document.body, h('p', { class: 'no-demo', role: 'alert' }, t('app.noDemo')))
}

/** A fault in the address is put in force before anything of the vendor's is asked for. @param {string} vendor */
async function applyFault(vendor) {
  const asked = askedFor(location.search)
  if (!asked) return
  await control(vendor, 'reset')
  await control(vendor, 'faults', faultOf(asked))
}

// A newcomer who has just broken something should not wait the product's 15 s to see what happens.
function start() {
  const asked = Number(query.get('timeoutMs'))
  const broken = askedFor(location.search)?.id
  const timeoutMs = asked > 0 ? asked : broken && broken !== 'none' ? 5000 : undefined
  return opening.start(timeoutMs ? { timeoutMs } : {})
}
