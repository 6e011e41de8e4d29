// What a front-end developer writes for CEC and TCCC's chat, and what must not compile.

import { type Chat, openChat, startCobrowse } from 'calldock/cec'
import {
  type ChatLogin,
  chatLink,
  embedChat,
  inspectUserSig,
  loadChatWidget,
  openChatWindow,
} from 'calldock/tccc'

const chat: Chat = await openChat({
  login: '/calldock/v1/cec/login',
  contextPath: '/service-cloud',
  locale: 'zh',
})
const { scripts, cookieVisible, warnings } = chat.report()
for (const { name, bytes, threw } of scripts) console.log(name.length, bytes + 1, threw?.length)
console.log(cookieVisible === true, warnings[0]?.code === 'CROSS_ORIGIN')
await chat.clickToCall('voice')
await chat.toAgent()
const { useRobot, queueReminderInterval } = await chat.channelConfig()
console.log(useRobot.length, queueReminderInterval + 1)
await chat.close({ timeoutMs: 5000 })
const reason: string | undefined = (await chat.closed)?.code
console.log(reason, chat.customerId)

await openChat({
  login: async ({ attempt, signal }) => {
    console.log(attempt + 1, signal.aborted)
    return {
      mode: 'token',
      token: 't',
      thirdUserId: '10010001',
      thirdUserName: 'Tom',
      tenantSpaceId: '202007159031',
      channelConfigId: '817854979183314945',
    }
  },
  contextPath: '/demo/service-cloud',
  locale: 'en',
  mapService: 'google',
  cobrowse: true,
  contentType: 'json',
  scripts: ['thirdPartyClient.js', 'newThirdPartyClient.js'],
  globals: { axios: {} },
})
const shared: boolean = await startCobrowse({ contextPath: '/service-cloud' })
console.log(shared)

const unsigned: string = await chatLink({ webAppId: 'x' }, { mobile: true, hideHeader: true })
console.log(unsigned)
const login: ChatLogin = { webAppId: 'x', clientData: '{}', userSig: 'x' }
const link: string = await chatLink(login, { title: 'help' })
console.log(link)
const opened: Window = await openChatWindow({ login })
const embedded = await embedChat(document.body, { login: '/calldock/v1/tccc/chat' })
embedded.frame.focus()
embedded.close()
opened.close()
const { faults, expiresAt } = await inspectUserSig('x', '{}')
console.log(faults.includes('OTHER_TEXT'), expiresAt + 1)
const stop = (await loadChatWidget({ webAppId: 'x' })).on('agentJoined', () => {})
stop()

// @ts-expect-error a locale the vendor does not have
await openChat({ login: '/x', contextPath: '/service-cloud', locale: 'de' })
// @ts-expect-error a secret is not an option
await openChat({ login: '/x', contextPath: '/service-cloud', locale: 'zh', secretKey: 'x' })
// @ts-expect-error the context path is missing
await openChat({ login: '/x', locale: 'zh' })
await openChat({
  login: {
    mode: 'authorization',
    // @ts-expect-error a token does not come with mode authorization
    token: 't',
    thirdUserId: '1',
    thirdUserName: 'T',
    tenantSpaceId: '1',
    channelConfigId: '1',
  },
  contextPath: '/service-cloud',
  locale: 'zh',
})
// @ts-expect-error text is neither voice nor video
await chat.clickToCall('text')
// @ts-expect-error an event the widget does not have
;(await loadChatWidget({ webAppId: 'x' })).on('ready', () => {})
