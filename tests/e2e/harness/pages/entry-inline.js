import '/node_modules/calldock/inline.js'
import * as bridge from '/node_modules/calldock/bridge.js'
import * as dom from '/node_modules/calldock/dom.js'
import * as shared from '/node_modules/calldock/index.js'
import * as preflight from '/node_modules/calldock/preflight.js'
import * as tccc from '/node_modules/calldock/tccc.js'

window.sdk = { ...shared, ...tccc, ...bridge, ...dom, ...preflight }
shared.setLogger((entry) => bench.entries.push(entry))
