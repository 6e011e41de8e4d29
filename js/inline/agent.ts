import base64 from '../agent.wasm'
import { decode } from '../core/base64.js'
import { settings } from '../core/load.js'

settings.sources.set('agent', async () => ['buffer', await WebAssembly.compile(decode(base64))])
