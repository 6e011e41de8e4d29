/**
 * Why a telephone call ended, as the vendor's call records and its support name it
 * (`DescribeTelCdr`, member `EndStatus`).
 *
 * @packageDocumentation
 */

/** The meaning of an end status. */
export interface EndStatus {
  readonly code: number
  /** The vendor's own word, `EndStatusString`. */
  readonly name: string
  readonly en: string
  readonly zh: string
}

/** The vendor's word, its meaning in English, and the vendor's own in Chinese. */
const MEANINGS: Readonly<Record<number, readonly [name: string, en: string, zh: string]>> = {
  1: ['ok', 'the call took place', '正常通话'],
  100: ['blackList', 'the number is on the block list (by the system)', '黑名单（系统侧）'],
  102: ['ivrGiveUp', 'the caller gave up in the voice menu', 'IVR期间用户放弃'],
  103: ['waitingGiveUp', 'the caller gave up in the queue', '排队时用户放弃'],
  104: ['ringingGiveUp', 'the caller gave up while it rang', '振铃时用户放弃'],
  105: ['noSeatOnline', 'no agent was online', '无座席在线'],
  106: ['notWorkTime', 'outside working hours', '非工作时间'],
  107: ['ivrEnd', 'ended in the voice menu, without an agent', 'IVR全自动结束（无人工介入）'],
  108: [
    'restrictedCallee',
    'a risky number, held back (by the system)',
    '全局外呼风险号码拦截（系统侧）',
  ],
  109: ['tooManyRequest', 'too many calls, held back (by the system)', '外呼频控拦截（系统侧）'],
  110: [
    'restrictedArea',
    'an area that may not be called (by the system)',
    '外呼地域拦截（系统侧）',
  ],
  111: [
    'restrictedTime',
    'an hour that may not be called at (by the system)',
    '外呼时段拦截（系统侧）',
  ],
  202: ['notAnswer', 'nobody answered', '被叫未接听'],
  203: ['userReject', 'the called party declined', '被叫拒接挂断'],
  204: ['powerOff', 'the telephone is switched off', '被叫关机'],
  205: ['numberNotExist', 'the number does not exist', '被叫空号'],
  206: ['busy', 'busy', '被叫忙'],
  207: ['outOfCredit', 'the called party is out of credit', '被叫欠费'],
  208: ['operatorError', "the operator's line failed", '运营商线路异常'],
  209: ['callerCancel', 'the agent cancelled', '主叫取消'],
  210: ['notInService', 'the called party is out of coverage', '被叫不在服务区'],
  211: ['clientError', "the agent's client failed: microphone, HTTPS or browser", '座席客户端错误'],
  212: ['carrierBlocked', 'held back by the operator', '运营商拦截'],
  213: ['callReminder', 'a missed-call reminder answered', '提示来电提醒'],
  215: ['numberInvalid', 'the number is not valid', '被叫号码无效'],
  216: ['callRestricted', 'calls are restricted', '提示呼叫受限'],
  217: ['calleeRestricted', "the called party is on the operator's block list", '被叫黑名单受限'],
  218: ['areaRestricted', "the called party's area is restricted", '被叫区域受限'],
  219: ['promptCallForwarding', 'forwarded', '提示呼叫转移'],
  220: ['callerCancelWhileRing', 'the agent cancelled while it rang', '振铃中主叫取消'],
  221: [
    'callerCancelWithoutRing',
    'it never rang: something is wrong with the number',
    '未振铃被叫号码异常',
  ],
  222: ['voiceMailReached', 'the voice mail answered', '语音信箱挂断'],
  501: ['callConflict', 'the caller was in another internet call', 'VoIP用户呼叫冲突终止'],
  502: ['clientTimeout', "the caller's client did not answer in time", 'VoIP用户客户端超时'],
  503: ['voipClientError', "the caller's client failed", 'VoIP用户客户端错误'],
}

/**
 * The meaning of a code or of the vendor's word for it; `undefined` where the vendor lists none.
 *
 * @example
 * console.log(endStatus(203)?.en, endStatus('userReject')?.zh) // the called party declined 被叫拒接挂断
 */
export function endStatus(codeOrName: number | string): EndStatus | undefined {
  return END_STATUSES.find(({ code, name }) => code === Number(codeOrName) || name === codeOrName)
}

/**
 * Every end status the vendor lists.
 *
 * @example
 * select.append(...END_STATUSES.map(({ code, zh }) => new Option(zh, String(code))))
 */
export const END_STATUSES: readonly EndStatus[] = /* @__PURE__ */ Object.entries(MEANINGS).map(
  ([code, [name, en, zh]]) => ({ code: Number(code), name, en, zh }),
)
