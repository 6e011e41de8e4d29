import { failure } from '../../core/errors.js'
import { log } from '../../core/log.js'
import { requirePage } from '../../core/role.js'
import type { ChatOptions } from '../../generated/types.js'
import { windowOf } from '../../page/realm.js'
import { linkFor, openChat, readChatOptions } from './link.js'

/**
 * Opens the chat in a window of its own. Call it in a click's handler: the window is opened at once and
 * filled when the login has come, so that the browser does not block it.
 *
 * @throws {CalldockError} `POPUP_BLOCKED`; `ABORTED`, also where the visitor closes the window before; as
 * {@link chatLink} and `openWorkbench`'s login. The window is closed again then.
 * @example
 * button.onclick = () => openChatWindow({ login: '/calldock/v1/tccc/chat' })
 */
export async function openChatWindow(options: ChatOptions): Promise<Window> {
  const checked = readChatOptions(options)
  requirePage()
  const what = 'openChatWindow'
  if (checked.signal?.aborted) return await openChat(what, checked, () => new Promise(() => {}))
  const chat = windowOf(checked).open('', '_blank')
  if (!chat) throw failure('POPUP_BLOCKED', what, 'a new window', 'it blocked')
  try {
    // The chat must not be able to lead this page elsewhere.
    chat.opener = null
    const link = await openChat(what, checked, (terms) => linkFor(checked, terms))
    if (chat.closed) throw failure('ABORTED', what, 'the window to stay open', 'it closed')
    chat.location.replace(link)
    log('script', 'chat.opened')
    return chat
  } catch (error) {
    chat.close()
    throw error
  }
}
