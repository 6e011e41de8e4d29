// @ts-check
// The few lines that a developer writes, for each of the three jobs.

import { fill, h } from './dom.js'
import { lang, t } from './i18n.js'
import { icon } from './icons.js'

export const snippets = {
  host: `import { openWorkbench } from 'calldock/tccc'

const workbench = await openWorkbench({
  login: '/calldock/v1/tccc/login',
})
workbench.on('incoming', showCustomer)`,
  pop: `import { onScreenPop } from 'calldock/tccc'

onScreenPop((call) => {
  card.show(call.mobile, call.status)
})`,
  dial: `import { callOut } from 'calldock/tccc'

button.onclick = () => {
  callOut('13800000001')
}`,
  chat: `import { openChat } from 'calldock/cec'

const chat = await openChat({
  login: '/calldock/v1/cec/login/token',
  contextPath: '/service-cloud',
  locale: '${lang}',
  cobrowse: true,
})`,
  link: `import { openChatWindow } from 'calldock/tccc'

button.onclick = () => openChatWindow({
  login: '/calldock/v1/tccc/chat',
  title: '${t('link.frame')}',
})`,
  agent: `import { callOut, onScreenPop } from 'calldock/cec'

onScreenPop((call) => {
  card.show(call.callerNum, call.status)
})
button.onclick = () => callOut('13800000001', {
  allowOrigins: ['https://cec.example.com'],
})`,
  neutral: `import { callOut, onScreenPop } from 'calldock/pop'

onScreenPop(({ vendor, number, status }) => {
  card.show(vendor, number, status)
})
button.onclick = () => callOut('13800000001', {
  allowOrigins: ['https://cec.example.com'],
})`,
  cobrowse: `import { startCobrowse } from 'calldock/cec'

const shared = await startCobrowse({
  contextPath: '/service-cloud',
})`,
}

/** Whether the browser let the text onto the clipboard. @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

const TOKEN = /('[^']*')|\b(import|from|const|await)\b|\b([A-Za-z]+)(?=\()/g

/** @param {string} code @returns {(Node | string)[]} */
function coloured(code) {
  /** @type {(Node | string)[]} */
  const parts = []
  let end = 0
  for (const match of code.matchAll(TOKEN)) {
    const kind = match[1] ? 'tok-string' : match[2] ? 'tok-word' : 'tok-call'
    parts.push(code.slice(end, match.index), h('span', { class: kind }, match[0]))
    end = match.index + match[0].length
  }
  return [...parts, code.slice(end)]
}

/**
 * A snippet with a button that copies it.
 * @param {keyof typeof snippets} which
 */
export function codePanel(which) {
  const button = h('button', {
    type: 'button',
    class: 'code-copy',
    'aria-label': t('code.copy'),
    title: t('code.copy'),
    'data-testid': `code-copy-${which}`,
    onclick: async () => {
      const done = await copy(snippets[which])
      fill(button, icon(done ? 'check' : 'alert'))
      setTimeout(() => fill(button, icon('copy')), 1600)
    },
  })
  fill(button, icon('copy'))
  return h(
    'figure',
    { class: 'code', 'aria-label': t(`code.${which}`) },
    h('pre', { tabindex: 0 }, h('code', {}, ...coloured(snippets[which]))),
    button,
  )
}
