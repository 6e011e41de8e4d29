const TEXTS = {
  en: {
    title: 'Agent workbench (CEC)',
    number: 'Caller',
    ring: 'Ring',
    answer: 'Answer',
    release: 'Release',
    switch: 'Switch user',
    idle: 'No call',
    ringing: 'Ringing',
    talking: 'Connected',
    dialled: 'Dialling',
    refused: 'Refused: ',
    page: 'Business page',
  },
  zh: {
    title: '座席工作台（CEC）',
    number: '主叫号码',
    ring: '来电',
    answer: '接听',
    release: '挂断',
    switch: '切换用户',
    idle: '无通话',
    ringing: '来电振铃',
    talking: '通话中',
    dialled: '正在呼叫',
    refused: '已拒绝：',
    page: '企业页面',
  },
}

/** The texts of the page's language: `?lang=zh`, else the browser's. */
export const texts = /^zh/i.test(
  new URLSearchParams(location.search).get('lang') ?? navigator.language,
)
  ? TEXTS.zh
  : TEXTS.en
