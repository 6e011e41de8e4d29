// Events of the vendor's that its documents do not name. Loaded only when a page listens to one.

import { report } from '../../core/errors.js'
import { log } from '../../core/log.js'
import { NativePromise } from '../../core/wait.js'
import { EVENTS } from '../../generated/workbench.js'
import type { Machine } from './machine.js'
import { listen } from './vendor.js'

/** The events that are followed. */
const followed = new WeakMap<Machine, Set<string>>()

const DOCUMENTED: readonly string[] = Object.values(EVENTS).map(([name]) => name)

/** Follows an event that is not documented until the workbench is closed, also after another login, which may bring another global. */
export function follow(machine: Machine, event: string): void {
  const { events, signal } = machine
  const names = followed.get(machine) ?? new Set()
  if (DOCUMENTED.includes(event) || names.has(event)) return
  followed.set(machine, names.add(event))
  let remove = () => {}
  let source: object | undefined
  const emit = events.emit as (name: string, payload: unknown) => void
  const add = () => {
    const { vendor } = machine
    if (signal.aborted || !vendor || vendor.object === source) return
    remove()
    try {
      remove = listen(vendor, event, (payload) => {
        emit(event, payload)
        emit('*', { event, payload })
      })
      source = vendor.object
    } catch (error) {
      report(error)
    }
  }
  events.on('ready', () => {
    ;(machine.loggingIn ?? NativePromise.resolve()).then(add)
  })
  signal.addEventListener('abort', () => remove())
  log('event', 'event.followed', { event: 'unlisted' })
  add()
}
