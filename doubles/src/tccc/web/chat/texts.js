// What the chat page and its widget say, in the browser's language (`?lang=zh|en` before the hash).

const TEXTS = {
  en: {
    title: 'Online service',
    phases: {
      opening: 'Connecting…',
      waiting: 'Waiting for an agent',
      robot: 'The assistant answers',
      agent: 'An agent is here',
      closed: 'Ended',
      refused: 'Refused',
      unreachable: 'Not reachable',
    },
    visitor: 'What the agent sees of you',
    unproven: 'What the link says',
    anonymous: 'Nothing: this visitor is anonymous.',
    fields: { nickName: 'Name', peerSource: 'From', uid: 'Account', avatarUrl: 'Picture' },
    extra: 'Further data',
    refusedTitle: 'This link cannot be used',
    refusals: {
      webAppId: 'webAppId is not 32 hex digits.',
      noSignature: 'clientData comes without userSig.',
      noData: 'userSig comes without clientData.',
      format: 'userSig is no signature: it does not decode.',
      expired: 'userSig has expired.',
      otherUser: 'userSig is for another uid than clientData’s.',
      otherText: 'userSig is for another text than clientData.',
      otherApplication: 'userSig is of another application.',
      signature: 'userSig was not signed by this contact centre.',
      noRoute: 'The address has no #/chat?webAppId=….',
      encoding: 'The address is not percent-encoded properly.',
    },
    messages: 'Messages',
    write: 'Write a message',
    send: 'Send',
    end: 'End the chat',
    notSent: 'Your message was not sent.',
    unreachable: 'The service cannot be reached. Trying again…',
    open: 'Open the chat',
    close: 'Close the chat',
    standIn: 'A stand-in for TCCC’s chat page, for trials only',
  },
  zh: {
    title: '在线客服',
    phases: {
      opening: '正在连接…',
      waiting: '正在接入坐席',
      robot: '智能助手为您服务',
      agent: '坐席已接入',
      closed: '会话已结束',
      refused: '已拒绝',
      unreachable: '无法连接',
    },
    visitor: '坐席看到的访客信息',
    unproven: '链接中的访客信息',
    anonymous: '无：匿名访客。',
    fields: { nickName: '昵称', peerSource: '会话来源', uid: '用户账号', avatarUrl: '头像' },
    extra: '自定义字段',
    refusedTitle: '该链接无法使用',
    refusals: {
      webAppId: 'webAppId 不是 32 位十六进制数。',
      noSignature: '有 clientData 但没有 userSig。',
      noData: '有 userSig 但没有 clientData。',
      format: 'userSig 无法解析。',
      expired: 'userSig 已过期。',
      otherUser: 'userSig 的 uid 与 clientData 不一致。',
      otherText: 'userSig 签名的内容与 clientData 不一致。',
      otherApplication: 'userSig 属于其他应用。',
      signature: 'userSig 不是本联络中心签发的。',
      noRoute: '地址中没有 #/chat?webAppId=…。',
      encoding: '地址的百分号编码不正确。',
    },
    messages: '消息',
    write: '请输入消息',
    send: '发送',
    end: '结束会话',
    notSent: '消息发送失败。',
    unreachable: '无法连接客服，正在重试…',
    open: '打开在线客服',
    close: '关闭在线客服',
    standIn: 'TCCC 在线客服页的替身，仅供试用',
  },
}

/** `zh` or `en`. */
export function languageOf(search) {
  const asked = new URLSearchParams(search).get('lang') ?? navigator.language
  return /^zh/i.test(asked) ? 'zh' : 'en'
}

/** The texts of a language. */
export const textsFor = (language) => TEXTS[language]
