// Listeners by event name. Smaller than the library this is modelled on (nanoevents) and with two
// differences: a listener that throws is reported, and the other listeners still run; and a listener that
// was removed meanwhile does not run.

import { report } from './errors.js'

type Listener<T> = (payload: T) => void

/** Listeners by event name. */
export interface Emitter<Events extends object> {
  /**
   * Adds a listener; returns a function that removes it. An aborted signal removes it too.
   *
   * @param call called in the listener's place
   */
  on<K extends keyof Events>(
    name: K,
    listener: Listener<Events[K]>,
    signal?: AbortSignal | undefined,
    call?: Listener<Events[K]>,
  ): () => void
  /** Removes a listener by its function, as often as it was added. */
  off<K extends keyof Events>(name: K, listener: Listener<Events[K]>): void
  /** Calls the listeners of an event, in the order in which they were added. */
  emit<K extends keyof Events>(name: K, payload: Events[K]): void
  /** Removes all listeners. */
  clear(): void
}

/** Makes an emitter without listeners; `onThrown` is called with what a listener throws. */
export function emitter<Events extends object>(
  onThrown: (error: unknown, name: keyof Events) => void = report,
): Emitter<Events> {
  // An entry of its own each: the same listener may be added twice.
  type Entry = {
    readonly listener: Listener<never>
    readonly call: Listener<never>
    readonly stop: () => void
  }
  const byName = new Map<keyof Events, Set<Entry>>()
  return {
    on(name, listener, signal, call = listener) {
      if (signal?.aborted) return () => {}
      let entries = byName.get(name)
      if (!entries) {
        entries = new Set()
        byName.set(name, entries)
      }
      const stop = () => {
        byName.get(name)?.delete(entry)
        signal?.removeEventListener('abort', stop)
      }
      const entry = { listener, call, stop }
      entries.add(entry)
      signal?.addEventListener('abort', stop)
      return stop
    },
    off(name, listener) {
      for (const entry of byName.get(name) ?? []) if (entry.listener === listener) entry.stop()
    },
    emit(name, payload) {
      const entries = byName.get(name)
      for (const entry of [...(entries ?? [])]) {
        if (!entries?.has(entry)) continue
        try {
          ;(entry.call as Listener<typeof payload>)(payload)
        } catch (error) {
          onThrown(error, name)
        }
      }
    },
    clear() {
      for (const entries of byName.values()) for (const { stop } of entries) stop()
    },
  }
}
