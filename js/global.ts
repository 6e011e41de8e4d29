// The classic script for pages without a bundler, as both vendors' guides have them:
// `<script src="…/global.js"></script>`, then `calldock.openWorkbench(…)`. The wasm files are beside it.

import * as bridge from './bridge.js'
import * as cec from './cec.js'
import { settings } from './core/load.js'
import * as dom from './dom.js'
import * as shared from './index.js'
import * as preflight from './preflight.js'
import * as tccc from './tccc.js'

const script = document.currentScript as HTMLScriptElement | null
settings.base = script?.src || document.baseURI
settings.script = (role) =>
  import(/* @vite-ignore */ new URL(`${role}.wasm.js`, settings.base).href)

const calldock = { ...shared, ...tccc, ...cec, ...bridge, ...dom, ...preflight }

declare global {
  interface Window {
    calldock: typeof calldock
  }
}

window.calldock = calldock
