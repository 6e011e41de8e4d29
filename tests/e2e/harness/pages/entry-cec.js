import * as cec from '/node_modules/calldock/cec.js'
import * as shared from '/node_modules/calldock/index.js'
import * as tccc from '/node_modules/calldock/tccc.js'

window.sdk = { ...shared, ...tccc, ...cec }
shared.setLogger((entry) => bench.entries.push(entry))
