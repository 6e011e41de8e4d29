// What a host page does for a message of one of its frames.

import { own, read } from '../../../check.js'
import { failure } from '../../../core/errors.js'
import { CALL_OUT, CHAT_CARD, MESSAGES } from '../../../generated/tables.js'
import type { CallOut, ChatCard } from '../../../generated/types.js'
import { isPlain } from '../vendor.js'
import type { Workbench } from '../workbench.js'

/** A checked message. */
export type Command =
  | { readonly event: 'callOut'; readonly body: CallOut }
  | { readonly event: 'sendCard'; readonly body: ChatCard }

/**
 * Checks and copies a message. Only own members count: what other code has put on the page's prototypes is
 * not part of it.
 *
 * @throws {CalldockError} `INVALID_OPTION`
 */
export function commandOf(payload: unknown): Command {
  const event = own(payload, 'event')
  const message = own(payload, 'message')
  if (event === 'callOut') return { event, body: read(CALL_OUT, message, event) }
  if (event === 'sendCard') return { event, body: read(CHAT_CARD, message, event) }
  if (typeof event === 'string' && own(MESSAGES, event) !== undefined) {
    const found = 'a host page, which has no such method'
    throw failure('INVALID_OPTION', event, "the vendor's own workbench", found)
  }
  throw failure('INVALID_OPTION', 'event', 'callOut or sendCard', 'another message')
}

/**
 * Carries out a message; returns the session of a call.
 *
 * @throws {CalldockError} the workbench's own; `INVALID_OPTION` for a card without an open chat
 */
export async function execute(workbench: Workbench, command: Command): Promise<string | undefined> {
  if (command.event === 'callOut') {
    const { phoneNumber, desc } = command.body
    const call = { phoneNumber, ...(desc && { phoneDesc: desc }) }
    const { sessionId } = await workbench.call.startOutbound(call)
    return isPlain(sessionId) ? sessionId : undefined
  }
  const chats = workbench.sessions.list.filter(
    ({ type, state }) => type === 'im' && state === 'connected',
  )
  const chat = chats[chats.length - 1]
  if (!chat) throw failure('INVALID_OPTION', 'sendCard', 'an open chat', 'none')
  await workbench.chat.sendCard({ sessionId: chat.sessionId, payload: command.body })
  return undefined
}
