// @ts-check
// The words of CEC's agent workbench and of the page in it: [English, Chinese].

import { dictionary } from './dictionary.js'

export const agentWords = dictionary({
  'agent.pageTitle': ['Calldock · CEC agent', 'Calldock · CEC 坐席'],
  'agent.title': ['Page in CEC’s agent workbench', 'CEC 坐席工作台中的页面'],
  'agent.sub': ['Screen pop and one-click dial', '来电弹屏与一键外呼'],
  'agent.lead': ['The workbench opens your page for each call', '工作台为每通来电打开您的页面'],
  'agent.text': [
    'The call comes in the query of your page’s address. With AICCSupport.js the listener also follows it: ringing, connected, ended. A number is posted to the workbench only if its origin is in allowOrigins.',
    '来电信息写在页面地址的查询参数中。引入 AICCSupport.js 后，监听器还会收到振铃、接通和结束。只有工作台的源在 allowOrigins 中，号码才会发给它。',
  ],
  'agent.open': ['Open the workbench', '打开工作台'],
  'agent.neutral': ['One page for both vendors', '一个页面，两家厂商'],
  'agent.neutralSub': ['TCCC’s workbench or CEC’s', 'TCCC 或 CEC 的工作台'],
  'agent.neutralText': [
    'calldock/pop reads the hash that TCCC writes and the query that CEC writes, and gives the number, the status and the agent the same names.',
    'calldock/pop 读取 TCCC 写入的 hash 和 CEC 写入的查询参数，号码、状态和坐席使用相同的名称。',
  ],
  'agent.openNeutral': ['Open it with this page', '用此页面打开工作台'],
  'agent.callTitle': ['CEC screen pop', 'CEC 来电弹屏'],
  'agent.opened': ['Opened for this call', '为此来电打开'],
  'agent.field.calledNum': ['Number called', '被叫号码'],
  'agent.field.mediaType': ['Media', '媒体类型'],
  'agent.field.callType': ['Call type', '呼叫类型'],
  'agent.field.callskill': ['Skill queue', '技能队列'],
  'agent.field.agentName': ['Agent', '坐席'],
  'agent.field.workNo': ['Work number', '工号'],
  'agent.typed': ['What the listener gets: {type}', '监听器收到的内容：{type}'],
  'agent.events': ['Events of AICCSupport.js', 'AICCSupport.js 的事件'],
  'agent.noEvents': ['None yet', '暂无'],
  'agent.sentNote': ['CEC does not respond: the workbench dials.', 'CEC 不作答复，由工作台拨号。'],
  'agent.alone': [
    'This page belongs inside CEC’s agent workbench. Opened alone, it shows only a call that is in its own address, and calling out is refused.',
    '此页面应嵌在 CEC 坐席工作台里。单独打开时，只显示地址中自带的来电，外呼会被拒绝。',
  ],
})
