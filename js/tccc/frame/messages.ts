// What a page inside the workbench may send to the customer of the chat that is open there. Only the
// vendor's Desk edition listens to these (docs/vendor/tccc.md §2).

import { read, text } from '../../check.js'
import { invalid } from '../../core/errors.js'
import { described } from '../../core/wait.js'
import { CHAT_CARD, CUSTOM_MESSAGE, MESSAGES } from '../../generated/tables.js'
import type { ChatCard, CustomMessage, MessageOptions } from '../../generated/types.js'
import { callOut } from './call-out.js'
import type { MessageResult } from './result.js'
import { messageOptions, send } from './send.js'

/**
 * Sends a card to the customer.
 *
 * @throws {CalldockError} as {@link callOut}
 * @example
 * await sendCard({ header: 'Order 7', desc: 'Paid', pic: 'https://a.example/7.png', url: 'https://a.example/7' })
 */
export function sendCard(card: ChatCard, options: MessageOptions = {}): Promise<MessageResult> {
  return described(async () => {
    const terms = messageOptions(options)
    const { unlisted = false } = terms
    return await send(
      { event: 'sendCard', body: read(CHAT_CARD, card, 'sendCard', { unlisted }) },
      terms,
    )
  })
}

/**
 * Sends a message of the company's own kind to the customer.
 *
 * @throws {CalldockError} as {@link callOut}
 * @example
 * await sendCustomMessage({ title: 'Coupon', description: '10 %', iconUrl: 'https://a.example/c.png', extension: { id: 7 } })
 */
export function sendCustomMessage(
  message: CustomMessage,
  options: MessageOptions = {},
): Promise<MessageResult> {
  return described(async () => {
    const terms = messageOptions(options)
    const { unlisted = false } = terms
    const body = read(CUSTOM_MESSAGE, message, 'sendCustomMessage', { unlisted })
    return await send({ event: 'sendCustomMessage', body }, terms)
  })
}

/**
 * Sends a text to the customer.
 *
 * @throws {CalldockError} as {@link callOut}
 * @example
 * await sendTextMessage('Your parcel is on its way.')
 */
export function sendTextMessage(
  message: string,
  options: MessageOptions = {},
): Promise<MessageResult> {
  return described(async () => {
    const terms = messageOptions(options)
    return await send({ event: 'sendTextMessage', body: text(message, 'sendTextMessage') }, terms)
  })
}

/**
 * Sends a message by its name. One that the vendor has not documented is sent with `{ unlisted: true }`
 * only, at your own risk; its body is JSON data.
 *
 * @throws {CalldockError} as {@link callOut}; `INVALID_OPTION` for a name that is not listed
 * @example
 * await sendMessage('sendOrderMessage', { guide: 'Order 7' }, { unlisted: true })
 */
export function sendMessage(
  event: string,
  message: unknown,
  options: MessageOptions = {},
): Promise<MessageResult> {
  if (event === 'callOut') return callOut(message as string, options)
  if (event === 'sendCard') return sendCard(message as ChatCard, options)
  if (event === 'sendCustomMessage') return sendCustomMessage(message as CustomMessage, options)
  if (event === 'sendTextMessage') return sendTextMessage(message as string, options)
  return described(async () => {
    const terms = messageOptions(options)
    if (!terms.unlisted || typeof event !== 'string' || !event)
      throw invalid('event', `${Object.keys(MESSAGES).join(', ')}, or unlisted: true`, event)
    const { message: body } = read({ message: 7 }, { message }, event) as { message: unknown }
    return await send({ event, body }, terms)
  })
}
