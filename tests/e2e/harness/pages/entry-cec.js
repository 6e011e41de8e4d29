import * as bridge from '/node_modules/calldock/bridge.js'
import * as cec from '/node_modules/calldock/cec.js'
import * as dom from '/node_modules/calldock/dom.js'
import * as shared from '/node_modules/calldock/index.js'
import * as preflight from '/node_modules/calldock/preflight.js'
import * as tccc from '/node_modules/calldock/tccc.js'

window.sdk = /** @type {any} */ ({ ...shared, ...tccc, ...bridge, ...dom, ...preflight, ...cec })
shared.setLogger((entry) => bench.entries.push(entry))
