// @ts-check
// The page with TCCC's chat: as a link, in a window, in the page, as the vendor's widget.

import { control, leaveVendorsSite, vendorOrigin } from './demo.js'
import { fill, h } from './dom.js'
import { collectHere } from './frames.js'
import { header } from './header.js'
import { lang, speak, t } from './i18n.js'
import { inspector } from './inspector.js'
import { linkCard, placeCard } from './linkcard.js'
import { Linking } from './linking.js'
import { Log } from './log.js'
import { sigCard } from './sigcard.js'
import { widgetCard } from './widgetcard.js'

speak()
document.title = t('link.pageTitle')
const log = new Log()

try {
  const vendor = await vendorOrigin()
  leaveVendorsSite(vendor)
  collectHere((entry) => log.add(entry))
  // An agent joins by himself, so that there are events to see.
  await control(vendor, 'chat/mode', { mode: 'auto' })
  const linking = new Linking(`${vendor}/web/im/index.html?lang=${lang}`)
  const place = placeCard()
  document.body.append(
    h('a', { class: 'skip', href: '#main' }, t('app.skip')),
    header({ page: 'link', places: ['link', 'place', 'widget', 'signature', 'inspector'] }),
    h(
      'main',
      { id: 'main', class: 'link-desk', tabindex: -1 },
      linkCard(linking, place),
      place.card,
      widgetCard(`${vendor}/web/im/imPublish.js`),
      sigCard(linking),
      inspector(log, { number: 5 }),
    ),
  )
  void linking.make()
} catch (error) {
  console.error(error)
  fill(document.body, h('p', { class: 'no-demo', role: 'alert' }, t('app.noDemo')))
}
