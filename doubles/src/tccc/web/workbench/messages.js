// What the customer's pages post: `{source: 'ccc-sdk', payload: {event, message}}` (screen-pop guide).

import { frameOf } from './frames.js'
import { addActivity, dial, openChat } from './panel.js'
import { tellSite } from './site.js'
import { texts } from './texts.js'

/** Listens to the pages; `report(seen)` writes what came to the double's log. */
export function openMessages(report) {
  window.addEventListener('message', ({ data, origin, source }) => {
    if (data?.source !== 'ccc-sdk') {
      return
    }
    const { event, message } = data.payload ?? {}
    const frame = frameOf(source)
    const seen = { event, message, origin, childFrame: frame !== null, frame }
    report(seen)
    tellSite('message', seen)
    // Only pages that the workbench shows may dial. Nothing is ever answered, as with the vendor.
    if (frame) {
      receive(event, message)
    }
  })
}

async function receive(event, message) {
  const name = texts.events[event]
  if (!name) {
    addActivity(String(event), texts.unknownEvent, false)
  } else if (event === 'callOut') {
    await callOut(name, message)
  } else {
    const text = typeof message === 'string' ? message : (message?.title ?? message?.header ?? '')
    const sent = openChat()
    addActivity(`${name} ${text}`, sent ? texts.sent : texts.noChat, sent)
  }
}

async function callOut(name, message) {
  const number = typeof message?.phoneNumber === 'string' ? message.phoneNumber : ''
  const desc = typeof message?.desc === 'string' ? message.desc : ''
  const error = await dial(number, desc)
  addActivity(`${name} ${desc || number}`, error ? texts.refused : texts.dialled, !error)
}
