import base64 from '../cec.wasm'
import { decode } from '../core/base64.js'
import { settings } from '../core/load.js'

settings.sources.set('cec', async () => ['buffer', await WebAssembly.compile(decode(base64))])
