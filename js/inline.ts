// Puts the bytes of all modules into the bundle, for bundlers that copy no asset:
// `import 'calldock/inline'`. A third more bytes; no wasm file is fetched then. A page that uses one
// role imports `calldock/inline/frame`, `/host`, `/cec` or `/agent` instead.
import './inline/agent.js'
import './inline/cec.js'
import './inline/frame.js'
import './inline/host.js'
