// What the workbench says, in the language of its address (`lang=zh|en`).

const TEXTS = {
  en: {
    title: 'Contact centre workbench',
    agentStatus: 'Your status',
    statuses: {
      free: 'Available',
      busy: 'On a call',
      arrange: 'Wrap-up',
      notReady: 'Do not disturb',
      rest: 'On a break',
      offline: 'Offline',
    },
    callPanel: 'Calls and dial pad',
    calls: 'Calls',
    noCalls: 'No calls at the moment',
    dialPad: 'Dial pad',
    number: 'Number to call',
    numberHint: 'Enter a number',
    erase: 'Delete the last digit',
    key: (key) => `Key ${key}`,
    call: 'Call',
    hangUp: 'Hang up',
    endChat: 'End chat',
    answer: 'Answer',
    accept: 'Accept',
    decline: 'Decline',
    activity: 'From your pages',
    noActivity: 'Numbers and cards that your pages send appear here',
    pages: 'Pages',
    screenPop: 'Screen pop',
    business: 'Business system',
    noPage: 'No page is set up here',
    notHttps: 'Only HTTPS pages can be shown here',
    waiting: 'The page opens with the next call',
    ringing: {
      phone: 'Incoming call',
      im: 'Incoming chat',
      voip: 'Incoming audio call',
      video: 'Incoming video call',
      internal: 'A colleague calls',
    },
    calling: 'Calling…',
    connected: 'In call',
    chatting: 'In chat',
    ended: 'Ended',
    events: {
      callOut: 'Call',
      sendCard: 'Card',
      sendCustomMessage: 'Message',
      sendTextMessage: 'Text',
    },
    sent: 'sent',
    dialled: 'dialled',
    refused: 'refused',
    noChat: 'there is no chat to send it to',
    unknownEvent: 'unknown event',
    badNumber: 'This is not a telephone number that can be dialled',
    busyLine: 'Another call is in progress',
    failed: 'The call failed',
  },
  zh: {
    title: '呼叫中心工作台',
    agentStatus: '坐席状态',
    statuses: {
      free: '空闲',
      busy: '通话中',
      arrange: '话后整理',
      notReady: '示忙',
      rest: '小休',
      offline: '离线',
    },
    callPanel: '通话与拨号盘',
    calls: '通话',
    noCalls: '暂无通话',
    dialPad: '拨号盘',
    number: '呼出号码',
    numberHint: '请输入号码',
    erase: '删除最后一位',
    key: (key) => `按键 ${key}`,
    call: '呼叫',
    hangUp: '挂断',
    endChat: '结束会话',
    answer: '接听',
    accept: '接入',
    decline: '拒接',
    activity: '来自业务页面',
    noActivity: '业务页面发来的号码和卡片会显示在这里',
    pages: '页面',
    screenPop: '来电弹屏',
    business: '业务系统',
    noPage: '尚未配置页面',
    notHttps: '仅支持 HTTPS 页面',
    waiting: '下一次来电时打开页面',
    ringing: {
      phone: '来电',
      im: '新会话',
      voip: '音频来电',
      video: '视频来电',
      internal: '内部来电',
    },
    calling: '正在呼叫…',
    connected: '通话中',
    chatting: '会话中',
    ended: '已结束',
    events: {
      callOut: '呼出',
      sendCard: '卡片',
      sendCustomMessage: '消息',
      sendTextMessage: '文本',
    },
    sent: '已发送',
    dialled: '已呼出',
    refused: '已拒绝',
    noChat: '当前没有可发送的会话',
    unknownEvent: '未知事件',
    badNumber: '号码格式不正确，无法呼出',
    busyLine: '当前有通话正在进行',
    failed: '呼叫失败',
  },
}

const query = new URLSearchParams(location.search)

/** `zh` or `en`. */
export const lang = query.get('lang') === 'en' ? 'en' : 'zh'

/** The texts in that language. */
export const texts = TEXTS[lang]

/** Fills what the page's markup leaves to the language. */
export function fillTexts() {
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  document.title = texts.title
  for (const element of document.querySelectorAll('[data-text]')) {
    element.textContent = texts[element.dataset.text]
  }
  for (const element of document.querySelectorAll('[data-label]')) {
    element.setAttribute('aria-label', texts[element.dataset.label])
  }
  for (const element of document.querySelectorAll('[data-placeholder]')) {
    element.setAttribute('placeholder', texts[element.dataset.placeholder])
  }
}
