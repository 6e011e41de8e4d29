// The page's words. Its language is its visitor's; an application sets its own.

const en = {
  opening: 'Connecting…',
  open: 'Ready',
  closed: 'Disconnected',
  failed: 'Not connected',
  retry: 'Connect again',
  calls: 'Calls',
  nobody: 'Nobody is calling.',
  unknown: 'Unknown',
  ringing: 'rings',
  connected: 'connected',
  ended: 'ended',
  inbound: 'Incoming',
  outbound: 'Outgoing',
  internal: 'Internal',
  answer: 'Answer',
  hangUp: 'Hang up',
  customers: 'Customers',
  call: 'Call',
  customer: 'Customer',
  none: 'No call yet. The workbench shows this page when one comes in.',
  number: 'Number',
  agent: 'Agent',
  callBack: 'Call back',
  asked: 'The dial pad is open.',
}

const zh: typeof en = {
  opening: '正在连接…',
  open: '已就绪',
  closed: '已断开',
  failed: '未连接',
  retry: '重新连接',
  calls: '通话',
  nobody: '暂无来电。',
  unknown: '未知',
  ringing: '振铃中',
  connected: '通话中',
  ended: '已结束',
  inbound: '呼入',
  outbound: '呼出',
  internal: '内线',
  answer: '接听',
  hangUp: '挂断',
  customers: '客户',
  call: '呼叫',
  customer: '客户',
  none: '暂无通话。有来电时，工作台会打开本页。',
  number: '号码',
  agent: '坐席',
  callBack: '回拨',
  asked: '拨号盘已打开。',
}

const chinese = navigator.language.startsWith('zh')
document.documentElement.lang = chinese ? 'zh-CN' : 'en'

export const words = chinese ? zh : en

export const customers = chinese
  ? [
      { name: '示例客户甲', number: '13800000001' },
      { name: '示例客户乙', number: '13800000002' },
    ]
  : [
      { name: 'Sample customer A', number: '13800000001' },
      { name: 'Sample customer B', number: '13800000002' },
    ]
