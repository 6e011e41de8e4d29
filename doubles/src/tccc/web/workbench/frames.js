// The tabs with the customer's own pages: a screen pop, and a business system (screen-pop guide).

import { tellSite } from './site.js'
import { texts } from './texts.js'

const query = new URLSearchParams(location.search)
/** 常显: the page stays mounted and gets `hashchange`; else it opens with the call's hash. */
const alwaysShown = query.get('always') !== '0'
const pages = { pop: query.get('pop'), tickets: query.get('tickets') }
const frames = new Map()

/** Builds both tabs and the pages that are shown from the start. */
export function openFrames() {
  for (const name of ['pop', 'tickets']) {
    const reason = refusal(pages[name])
    if (reason) {
      say(name, reason)
    } else if (name === 'tickets' || alwaysShown) {
      mount(name, pages[name])
    } else {
      say(name, texts.waiting)
    }
    document.getElementById(`tab-${name}`).addEventListener('click', () => select(name))
  }
  document.querySelector('[role=tablist]').addEventListener('keydown', (event) => {
    const step = { ArrowRight: 'tickets', ArrowLeft: 'pop', End: 'tickets', Home: 'pop' }[event.key]
    if (step) {
      event.preventDefault()
      select(step)
      document.getElementById(`tab-${step}`).focus()
    }
  })
  select('pop')
}

/** Which of the workbench's own pages a window is: `pop`, `tickets`, or null. */
export function frameOf(source) {
  const found = [...frames].find(([, frame]) => source !== null && frame.contentWindow === source)
  return found ? found[0] : null
}

/** Shows a call to the screen-pop page: `parameters` go behind its address's hash. */
export function popUp(parameters) {
  if (refusal(pages.pop)) {
    return
  }
  const address = withParameters(pages.pop, parameters)
  // Before the page can read it, which runs beside this one: the cause has the earlier time.
  tellSite('hash', { hash: address.slice(address.indexOf('#')), status: parameters.status })
  const fresh = parameters.status === '100' && !alwaysShown
  if (fresh || !frames.has('pop')) {
    mount('pop', address)
  } else {
    // Another origin's location may be set though not read; `replace` leaves no history behind.
    frames.get('pop').contentWindow.location.replace(address)
  }
  select('pop')
}

/** `https://page#?a=b`, or `https://page#/route?a=b` where the page has a hash route already. */
export function withParameters(page, parameters) {
  const pairs = Object.entries(parameters)
  const text = pairs.map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  )
  const [address, ...route] = page.split('#')
  const before = route.join('#')
  return `${address}#${before}${before.includes('?') ? '&' : '?'}${text.join('&')}`
}

function mount(name, address) {
  const frame = document.createElement('iframe')
  frame.title = name === 'pop' ? texts.screenPop : texts.business
  frame.id = `frame-${name}`
  frame.allow = 'microphone'
  frame.src = address
  frames.set(name, frame)
  document.getElementById(`page-${name}`).replaceChildren(frame)
}

function say(name, text) {
  const words = document.createElement('p')
  words.className = 'quiet'
  words.textContent = text
  document.getElementById(`page-${name}`).replaceChildren(words)
}

function select(name) {
  for (const other of ['pop', 'tickets']) {
    const tab = document.getElementById(`tab-${other}`)
    tab.setAttribute('aria-selected', String(other === name))
    tab.tabIndex = other === name ? 0 : -1
    document.getElementById(`page-${other}`).hidden = other !== name
  }
  document.getElementById('address').textContent = (pages[name] ?? '').split(/[?#]/)[0]
}

/** Why a page cannot be shown, or ''. The vendor takes HTTPS; this machine's own pages pass too. */
function refusal(page) {
  if (!page) {
    return texts.noPage
  }
  const url = URL.canParse(page) ? new URL(page) : null
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname)
  const shown = url?.protocol === 'https:' || (url?.protocol === 'http:' && local)
  return shown ? '' : texts.notHttps
}
