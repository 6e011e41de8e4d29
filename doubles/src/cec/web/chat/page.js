// What the page must have declared before the script runs (CEC guide, 1.5.2 and 2.5.2).

/** The page's globals by the guide's names: `var`, `let`, `const` or members of window. */
function declared(mode) {
  const found = {
    configId: typeof configId === 'undefined' ? undefined : configId,
    tenantSpaceId: typeof tenantSpaceId === 'undefined' ? undefined : tenantSpaceId,
    userId: typeof userId === 'undefined' ? undefined : userId,
    userName: typeof userName === 'undefined' ? undefined : userName,
    locale: typeof locale === 'undefined' ? undefined : locale,
  }
  if (mode === 'token') {
    found.token = typeof token === 'undefined' ? undefined : token
  }
  return found
}

/** The page's globals, having found each of them to be what was checked with the request. */
export function pageGlobals(mode, checked) {
  const found = declared(mode)
  for (const [name, value] of Object.entries(found)) {
    if (typeof value !== 'string') {
      throw new Error(`CEC: the page has not declared ${name}`)
    }
    if (name in checked && value !== checked[name]) {
      throw new Error(`CEC: the page's ${name} is not the one that was checked`)
    }
  }
  return found
}

/** Where CEC is reached: `$aicc_ContextPath`, as the guide demands, or `$ContextPath`, as it writes. */
export function contextPath() {
  const path =
    typeof $aicc_ContextPath === 'string'
      ? $aicc_ContextPath
      : typeof $ContextPath === 'string' && $ContextPath
  if (!path) {
    throw new Error('CEC: the page has declared neither $aicc_ContextPath nor $ContextPath')
  }
  return path.replace(/\/+$/, '')
}

/** Calls `place` once the page has a body. */
export function withBody(place) {
  if (document.body) {
    place(document.body)
  } else {
    document.addEventListener('DOMContentLoaded', () => place(document.body), { once: true })
  }
}
