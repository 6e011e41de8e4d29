// What a page inside the workbench may send to the customer of the chat that is open there. Only the
// vendor's Desk edition listens to these (vendor/tccc.md §2).

import { type Acknowledged, type MessageOptions, type Posted, say } from './message.js'
import type { ChatCard } from './methods.js'

/** A message of the integrator's own form. */
export interface CustomMessage {
  readonly title: string
  readonly description: string
  /** The address of its icon. */
  readonly iconUrl: string
  /** Whatever the receiving side understands. */
  readonly extension?: string
}

/**
 * Sends the customer a card.
 *
 * @throws {CalldockError} as {@link callOut}
 */
export function sendCard(
  card: ChatCard,
  options: MessageOptions = {},
): Promise<Posted | Acknowledged> {
  return say('sendCard', card, options)
}

/**
 * Sends the customer a message of the integrator's own form.
 *
 * @throws {CalldockError} as {@link callOut}
 */
export function sendCustomMessage(
  message: CustomMessage,
  options: MessageOptions = {},
): Promise<Posted | Acknowledged> {
  return say('sendCustomMessage', message, options)
}

/**
 * Sends the customer a text.
 *
 * @throws {CalldockError} as {@link callOut}
 */
export function sendTextMessage(
  text: string,
  options: MessageOptions = {},
): Promise<Posted | Acknowledged> {
  return say('sendTextMessage', text, options)
}
