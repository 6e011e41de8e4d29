// Several calls may wait for the workbench or the chat that is opening, each with a deadline of its own. The opening has
// the latest of them, and a place in the login server's queue is kept for all.

import { report } from '../core/errors.js'
import { type Deadline, deadline } from '../core/wait.js'

/** The calls that wait for the same opening, and its deadline. */
export interface Callers extends Deadline {
  /** Tells each call how long the queue is, in seconds. */
  readonly onQueued: (waitSeconds: number) => void
  /** Adds a call; returns a function that removes it. If there is a queue, it waits there too. */
  add(end: Deadline, onQueued: ((waitSeconds: number) => void) | undefined): () => void
}

/** Makes a list without calls; `timeoutMs` is that of the one that begins. */
export function callers(timeoutMs: number): Callers {
  /** Until when the queue keeps a place, and how long it was, in seconds. */
  const kept = deadline(0)
  let queued = 0
  const waiting = new Map([[kept, () => {}]])
  return {
    timeoutMs,
    stretch(ms) {
      for (const end of waiting.keys()) end.stretch(ms)
    },
    remaining: () => Math.max(...[...waiting.keys()].map((end) => end.remaining())),
    onQueued(seconds) {
      queued = seconds
      for (const tell of waiting.values()) tell()
    },
    add(end, onQueued) {
      const tell = () => {
        try {
          onQueued?.(queued)
        } catch (error) {
          report(error)
        }
      }
      waiting.set(end, tell)
      if (kept.remaining() > 0) {
        end.stretch(kept.remaining())
        tell()
      }
      return () => {
        waiting.delete(end)
      }
    },
  }
}
