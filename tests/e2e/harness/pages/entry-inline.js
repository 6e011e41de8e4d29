import '/node_modules/calldock/inline.js'
import * as shared from '/node_modules/calldock/index.js'
import * as tccc from '/node_modules/calldock/tccc.js'

window.sdk = { ...shared, ...tccc }
shared.setLogger((entry) => bench.entries.push(entry))
