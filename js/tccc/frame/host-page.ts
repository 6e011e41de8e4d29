// What a page needs where the page around it may use Calldock too. In the vendor's own workbench it is never
// loaded.

import { own } from '../../check.js'
import { failure } from '../../core/errors.js'
import { moment } from '../../core/log.js'
import { frame } from '../../core/roles/frame.js'
import { checkSignal, type Deadline } from '../../core/wait.js'
import type { MessageOptions } from '../../generated/types.js'
import type { HostLink } from './host-link.js'
import type { Acknowledged } from './result.js'
import { lines, type Message, note, type Progress } from './send.js'

export { hostLink, presentLink } from './host-link.js'

/** Lets the core send a message over the port of a host page, and waits for the response. */
export async function ask(
  link: HostLink,
  message: Message,
  options: MessageOptions,
  end: Deadline,
  progress: Progress,
): Promise<Acknowledged> {
  const { port, origin = '', terms } = link
  if (!port) throw failure('PEER_GONE', 'the host page', 'a response', 'that it serves no more')
  const { event, body } = message
  const { signal, targetOrigin: target } = options
  const allowed = lines(options)
  const given = event === 'callOut' ? (body as { phoneNumber: string }).phoneNumber : undefined
  const id = link.nextId()
  const request = { type: 'ask', id, payload: { event, message: body } }
  // Texts cost more to hand over than all the rest.
  const decided = terms && terms.allowed === allowed && terms.target === target
  const at = moment()
  const changed = frame.call((core) =>
    decided
      ? core.ask(port, request, body, undefined, undefined, undefined, given)
      : core.ask(port, request, body, origin, allowed, target, given),
  ) as string | undefined
  if (!decided) link.terms = { allowed, target }
  const phoneNumber = changed ?? given
  const result = { targetOrigin: origin, ...(phoneNumber && { phoneNumber }) }
  if (!progress.posted) note(event, origin, phoneNumber, at)
  progress.posted ??= { acknowledged: false, ...result }
  const sessionId = await link.response(id, { event, end, signal })
  return {
    ...{ acknowledged: true, ...result, sessionId },
    states(options) {
      return link.states(sessionId, checkSignal(own(options, 'signal') as AbortSignal | undefined))
    },
  }
}
