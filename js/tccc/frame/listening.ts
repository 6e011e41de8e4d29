// Whether a page listens to screen pops, for a report that a page with a workbench makes too.

import { shared } from '../../core/registry.js'
import type { Role } from '../../core/role.js'
import type * as glue from '../../glue/frame.js'

/** The role that reads hashes, and the window whose hash is listened to. */
interface Listening {
  frame?: Role<typeof glue>
  page?: Window
}

/** Returns what the listeners of the page have written down. */
export const listening = () => shared<Listening>('screen-pop/1', () => Object.create(null))
