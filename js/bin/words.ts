// The words that a reader sees in the pages of `npx calldock init`, in the language of the terminal.

import { inChinese, say } from './language.js'
import type { Role } from './templates.js'

/** The language of the written pages; Calldock's own errors follow it. */
export const LANG: string = say('en', 'zh-CN')

/** The language of CEC's chat. */
export const CHAT_LOCALE: string = say('en', 'zh')

/** Between a word and what it names. */
export const COLON: string = say(': ', '：')

export const TITLE: Readonly<Record<Role, string>> = {
  host: say('Agent workbench', '坐席工作台'),
  pop: say('Customer', '客户资料'),
  'cec-chat': say('Shop', '商城'),
  'tccc-chat': say('Help', '在线客服'),
}

export const WORDS = {
  opening: say('Opening…', '正在打开…'),
  openFor: say('Open for ', '已登录：'),
  number: say('Number', '号码'),
  call: say('Call', '外呼'),
  callBack: say('Call back', '回拨'),
  noCall: say('No call yet', '暂无来电'),
  answer: say('Answer', '接听'),
  chat: say('Chat with us', '在线咨询'),
} as const

/** Words of Calldock's that a page shows; a page in English shows them as they are. */
const TRANSLATIONS = {
  direction: { inbound: '呼入', outbound: '呼出', internal: '内部通话' },
  state: { ringing: '振铃中', connected: '通话中', ended: '已结束' },
  status: { opening: '正在打开', open: '已打开', closed: '已关闭', failed: '打开失败' },
} as const

type Translated = keyof typeof TRANSLATIONS

/** The declarations of the translations that a page uses; none in English. */
export function translations(...names: readonly Translated[]): string {
  if (!inChinese) return ''
  return names
    .map((name) => {
      const members = Object.entries(TRANSLATIONS[name])
      const text = members.map(([word, chinese]) => `${word}: '${chinese}'`).join(', ')
      return `const ${name}Text = { ${text} }\n`
    })
    .join('')
}

/** An expression for a word of Calldock's: the word itself, or its translation. */
export function translated(name: Translated, expression: string): string {
  return inChinese ? `${name}Text[${expression}]` : expression
}

/** The declaration for {@link popStatus}; none in English. */
export const POP_STATUSES: string = say(
  '',
  `const statusText = new Map([['ringing', '振铃中'], ['connected', '通话中'], ['ended', '已结束']])
`,
)

/** An expression for a screen pop's status, which the vendor may leave out or extend. */
export const POP_STATUS: string = say(
  "call.status ?? 'call'",
  "statusText.get(call.status ?? '') ?? '来电'",
)

/** An expression for a screen pop's number, which may be withheld. */
export const POP_NUMBER: string = say("call.mobile ?? 'no number'", "call.mobile ?? '无号码'")
