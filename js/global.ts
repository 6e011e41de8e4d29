// The classic script for pages without a bundler, as both vendors' guides have them:
// `<script src="…/global.js"></script>`, then `calldock.openWorkbench(…)`.

import * as cec from './cec.js'
import { source } from './core.js'
import * as shared from './index.js'
import * as tccc from './tccc.js'

const script = document.currentScript
if (script instanceof HTMLScriptElement) source.base = script.src

const calldock = { ...shared, ...tccc, ...cec }

declare global {
  interface Window {
    calldock: typeof calldock
  }
}

window.calldock = calldock
