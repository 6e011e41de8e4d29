// Puts the bytes of all three modules into the bundle, for bundlers that copy no asset:
// `import 'calldock/inline'`. A third more bytes; no wasm file is fetched then. A page that uses one
// role imports `calldock/inline/frame`, `calldock/inline/host` or `calldock/inline/cec` instead.
import './inline/cec.js'
import './inline/frame.js'
import './inline/host.js'
