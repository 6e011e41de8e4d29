// Which window and which document to act on, and checks that hold for objects of another realm
// (frames, micro-frontends), where `instanceof` fails.

import { own } from '../check.js'
import { invalid } from '../core/errors.js'

/** Options of functions that act on a window. */
export interface WindowOption {
  /**
   * The window to act on. A micro-frontend that runs in a frame or a sandbox of its own passes the main
   * application's.
   *
   * @defaultValue this script's own window
   */
  readonly window?: Window | undefined
}

/** Returns the window that was passed in, or this one. */
export function windowOf(options: WindowOption | undefined): Window {
  const chosen = own(options, 'window')
  if (chosen === undefined) return window
  if (isWindow(chosen)) return chosen
  throw invalid('window', 'a window of the same origin', chosen)
}

/** Tells whether a value is a window whose document can be used. */
export function isWindow(value: unknown): value is Window {
  try {
    const found = value as Window
    return found.window === found && isDocument(found.document)
  } catch {
    // Of another origin.
    return false
  }
}

/** Tells whether a value is a document of any realm. */
export function isDocument(value: unknown): value is Document {
  return isNode(value, 9)
}

/** Tells whether a value is an element of any realm. */
export function isElement(value: unknown): value is Element {
  return isNode(value, 1)
}

function isNode(value: unknown, type: number): boolean {
  try {
    const node = value as Node
    return node.nodeType === type && typeof node.appendChild === 'function'
  } catch {
    // Nothing, or a revoked proxy.
    return false
  }
}
