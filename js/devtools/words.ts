// What the inspector says, in English and in Chinese.

import { language } from '../core/language.js'
import type { InspectorKind } from './journal.js'

const WORDS = {
  title: ['Calldock inspector', 'Calldock 检查器'],
  list: ['Log entries, in order of time', '日志，按时间顺序'],
  filter: ['Show kinds', '显示类别'],
  search: ['Filter text', '按文字筛选'],
  all: ['All', '全部'],
  pause: ['Pause', '暂停'],
  resume: ['Resume', '继续'],
  held: ['Resume, {n} held back', '继续（暂存 {n} 条）'],
  clear: ['Clear', '清空'],
  copy: ['Copy as JSON', '复制为 JSON'],
  save: ['Save as JSON', '保存为 JSON'],
  copied: ['{n} entries copied', '已复制 {n} 条'],
  saved: ['{n} entries saved', '已保存 {n} 条'],
  refused: ['The browser refused the clipboard', '浏览器拒绝访问剪贴板'],
  close: ['Close the inspector', '关闭检查器'],
  collapse: ['Collapse', '收起'],
  expand: ['Expand', '展开'],
  resize: ['Height of the inspector', '检查器高度'],
  empty: [
    'Nothing yet. What Calldock does appears here.',
    '暂无记录。Calldock 的动作会出现在这里。',
  ],
  none: ['Nothing matches the filter.', '没有符合筛选的记录。'],
  news: ['{n} new entries, last: {last}', '新增 {n} 条，最近：{last}'],
  kind: ['kind', '类别'],
  time: ['time', '时间'],
  frame: ['frame', '页面'],
} as const

/** Each kind's name, and what it means. */
const KINDS: Record<InspectorKind, readonly [string, string, string, string]> = {
  login: ['Login', '登录', 'Logins asked for and answered', '登录的请求与应答'],
  script: ['Script', '脚本', 'Vendor scripts on their way into the page', '厂商脚本的加载'],
  workbench: ['Workbench', '工作台', 'Ready, renewed, closed', '就绪、续期、关闭'],
  event: ['Event', '事件', 'What the vendor tells', '厂商发出的事件'],
  call: ['Command', '命令', 'What the page asks of the vendor', '页面对厂商的调用'],
  hash: ['Hash', 'Hash', 'Screen pops read from the address', '从地址读取的弹屏参数'],
  message: ['Message', '消息', 'What passes between frames', '页面之间的消息'],
  core: ['Core', '核心', 'Start and form of the Rust core', 'Rust 核心的启动与形式'],
  app: ['App', '应用', 'What this page has added', '本页面自行添加'],
  error: ['Error', '错误', 'What failed or was refused', '失败与拒绝'],
}

/** The words for one language. */
export interface Words {
  readonly lang: 'en' | 'zh-CN'
  say(key: keyof typeof WORDS, values?: Readonly<Record<string, string | number>>): string
  kind(kind: InspectorKind): string
  meaning(kind: InspectorKind): string
}

/** In the language of the page, or of the browser where the page does not say. */
export function words(): Words {
  const zh = language() === 'zh' ? 1 : 0
  return {
    lang: zh ? 'zh-CN' : 'en',
    say: (key, values = {}) =>
      WORDS[key][zh].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole)),
    kind: (kind) => KINDS[kind][zh],
    meaning: (kind) => KINDS[kind][2 + zh] as string,
  }
}
