// The page's one Trusted Types policy, `calldock`. A name can be taken once, so all roles and all copies
// of the package use the same policy; it admits only the text that is being injected at that moment.

import { shared } from './registry.js'

interface Policy {
  createScript(text: string): unknown
  createScriptURL(address: string): unknown
}

interface State {
  policy?: Policy
  admitted?: string | undefined
}

/**
 * Makes a trusted value of a script's text or address. Returns the text itself where the browser has no
 * Trusted Types or the page does not allow the policy: if the page enforces them, setting it then throws.
 */
export function trust(kind: keyof Policy, text: string): unknown {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: Policy): Policy }
  }
  if (!trustedTypes) return text
  const state = shared<State>('trusted-types/1', () => Object.create(null))
  const admit = (value: string) => (value === state.admitted ? value : null)
  try {
    state.policy ??= trustedTypes.createPolicy('calldock', {
      // A rule that is no function, inherited, would make this throw.
      __proto__: null,
      createScript: admit,
      createScriptURL: admit,
    } as object as Policy)
    state.admitted = text
    return state.policy[kind](text)
  } catch {
    return text
  } finally {
    state.admitted = undefined
  }
}
