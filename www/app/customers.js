// @ts-check
// The playground's made-up business: a few customers, their orders and the tickets about them.

import { lang } from './i18n.js'

/** @param {string} en @param {string} zh */
const say = (en, zh) => (lang === 'zh' ? zh : en)

/**
 * @typedef {{ no: string, item: string, amount: string, state: 'paid' | 'shipped' | 'returned' }} Order
 * @typedef {{ id: string, name: string, mobile: string, note: string, orders: Order[] }} Customer
 * @typedef {{ no: string, subject: string, customer: string, number: string, urgency: 'high' | 'normal' | 'low', age: string }} Ticket
 */

/** @type {Customer[]} */
export const customers = [
  {
    id: 'liu',
    name: say('Mr Liu', '刘先生'),
    mobile: '13800000001',
    note: say('Prefers to be called in the afternoon', '希望下午联系'),
    orders: [
      { no: 'A-1042', item: say('Headset, wired', '有线耳麦'), amount: '¥ 268', state: 'shipped' },
      { no: 'A-0977', item: say('Desk phone', '办公话机'), amount: '¥ 540', state: 'paid' },
    ],
  },
  {
    id: 'zhang',
    name: say('Zhang San', '张三'),
    mobile: '13800000002',
    note: say('Waiting for a refund', '等待退款'),
    orders: [
      {
        no: 'A-1038',
        item: say('Conference speaker', '会议音箱'),
        amount: '¥ 899',
        state: 'returned',
      },
    ],
  },
  {
    id: 'shop',
    name: say('Branch shop', '门店座机'),
    mobile: '0755-86000001',
    note: say('Restocks on Mondays', '每周一补货'),
    orders: [
      {
        no: 'B-0310',
        item: say('Cables, 20 pieces', '线缆 20 条'),
        amount: '¥ 320',
        state: 'shipped',
      },
    ],
  },
  {
    id: 'visitor',
    name: say('Web visitor', '网页访客'),
    mobile: '13800000009',
    note: say('Came by the web page’s chat', '来自网页会话'),
    orders: [{ no: 'C-0044', item: say('Sample set', '样品套装'), amount: '¥ 0', state: 'paid' }],
  },
]

/** @type {Ticket[]} */
export const tickets = [
  {
    no: 'T-208',
    subject: say('Left ear stays silent', '左耳没有声音'),
    customer: say('Mr Liu', '刘先生'),
    number: '13800000001',
    urgency: 'high',
    age: say('12 min', '12 分钟'),
  },
  {
    no: 'T-205',
    subject: say('Where is my refund?', '退款到账了吗'),
    customer: say('Zhang San', '张三'),
    number: '+8613800000002',
    urgency: 'normal',
    age: say('1 h', '1 小时'),
  },
  {
    no: 'T-201',
    subject: say('Delivery date for cables', '线缆何时送达'),
    customer: say('Branch shop', '门店座机'),
    number: '0755-86000001',
    urgency: 'low',
    age: say('3 h', '3 小时'),
  },
  {
    no: 'T-197',
    subject: say('Number was mistyped', '号码登记有误'),
    customer: say('Web visitor', '网页访客'),
    number: '138-0000-OOPS',
    urgency: 'low',
    age: say('yesterday', '昨天'),
  },
]

/**
 * Who has this number, however it is written.
 * @param {string | null} number
 */
export function customerOf(number) {
  const digits = bare(number)
  return digits ? customers.find((customer) => bare(customer.mobile) === digits) : undefined
}

/** @param {string | null} number */
function bare(number) {
  return (number ?? '').replace(/^(\+|00)86/, '').replace(/\D/g, '')
}

/**
 * One or two letters to stand for a person.
 * @param {string} name
 */
export function initials(name) {
  const words = name.trim().split(/\s+/)
  if (/\p{Script=Han}/u.test(name)) return name.slice(0, 1)
  return words
    .filter((word) => !/^(mr|ms|mrs|dr)$/i.test(word))
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase() ?? '')
    .join('')
}
