// A call that joins a chat: it is given the chat of its own visitor only.

import { failure } from '../core/errors.js'
import { cec } from '../core/roles/cec.js'
import { CEC_LOGIN } from '../generated/tables.js'
import { type LoginTerms, requestLogin } from '../page/login.js'
import { addressOf, type Checked, isSure, visitorOf } from './open.js'

/**
 * Requests a call's login: a page must not show one visitor's chat to another.
 *
 * @param isOpenFor whether the chat is open for a visitor, by {@link visitorOf}
 * @throws {CalldockError} `ALREADY_OPEN`; `INVALID_OPTION` for a `contextPath` that the core refuses; what
 * {@link requestLogin} throws
 */
export async function confirmVisitor(
  { contextPath, locale, login }: Checked,
  page: Window,
  terms: LoginTerms,
  isOpenFor: (visitor: string) => boolean,
): Promise<void> {
  const address = addressOf(contextPath)
  if (!isSure(address)) {
    const core = await cec.start()
    cec.call(() => new core.CecChat(page, address, locale).free())
  }
  if (isOpenFor(visitorOf(await requestLogin(CEC_LOGIN, login, terms)))) return
  const expected = 'the visitor, tenant and channel it was opened for'
  throw failure('ALREADY_OPEN', 'the chat', expected, 'another one, or a chat that was closed')
}
