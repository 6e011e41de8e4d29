// Events of the vendor's that its documents do not name. Loaded only when a page listens to one.

import { report } from '../../core/errors.js'
import { log } from '../../core/log.js'
import { EVENTS } from '../../generated/workbench.js'
import { memberOf } from '../../page/script.js'
import type { Machine } from './machine.js'
import { invoke, type Vendor } from './vendor.js'

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
    ;(machine.loggingIn ?? Promise.resolve()).then(add)
  })
  signal.addEventListener('abort', () => remove())
  log('event', 'event.followed', { event: 'unlisted' })
  add()
}

/** Listens to one event of the vendor's, in its spelling; returns a stop function. */
export function listen(
  vendor: Vendor,
  event: string,
  listener: (payload: unknown) => void,
): () => void {
  const constant = memberOf(memberOf(vendor.object, 'events'), event)
  let over = false
  const handler = (payload: unknown) => {
    if (!over) listener(payload)
  }
  const pair = [typeof constant === 'string' ? constant : event, handler]
  invoke(vendor, 'on', pair)
  return () => {
    over = true
    try {
      invoke(vendor, 'off', pair)
    } catch {
      // It keeps a listener that does nothing any more.
    }
  }
}
