// The classic script for pages without a bundler, as both vendors' guides have them:
// `<script src="…/global.js"></script>`, then `calldock.openWorkbench(…)`. The folder `core/roles/` is beside it.

import * as bridge from './bridge.js'
import * as cec from './cec.js'
import { type Form, settings } from './core/load.js'
import { trust } from './core/trusted-types.js'
import * as dom from './dom.js'
import * as endStatus from './end-status.js'
import * as shared from './index.js'
import * as pop from './pop.js'
import * as preflight from './preflight.js'
import * as tccc from './tccc.js'

const script = document.currentScript as HTMLScriptElement | null
settings.base = new URL('core/roles/', script?.src || document.baseURI).href
// `import()` would be a syntax error to old browsers and their tools.
settings.script = (role) =>
  new Promise((resolve, reject) => {
    window.calldockForms ??= {}
    const forms = window.calldockForms
    const element = document.createElement('script')
    const done = () => {
      element.remove()
      const form = forms[role]
      if (form) resolve(form)
      else reject(new TypeError(`${role}.wasm.js was not loaded`))
    }
    element.type = 'module'
    if (script?.nonce) element.nonce = script.nonce
    element.addEventListener('load', done)
    element.addEventListener('error', done)
    element.src = trust('createScriptURL', new URL(`${role}.wasm.js`, settings.base).href) as string
    document.head.append(element)
  })

// Where both vendors have one name, it is TCCC's; `calldock.cec` has CEC's, `calldock.pop` serves both.
const calldock = {
  ...shared,
  ...cec,
  ...tccc,
  ...bridge,
  ...dom,
  ...endStatus,
  ...preflight,
  cec,
  pop,
}

declare global {
  interface Window {
    calldock: typeof calldock
    /** JavaScript forms that were loaded for the classic script, by their role. */
    calldockForms?: { [role: string]: Form }
  }
}

window.calldock = calldock
