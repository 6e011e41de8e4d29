import { decode } from '../core/base64.js'
import { settings } from '../core/load.js'
import base64 from '../host.wasm'

settings.sources.set('host', async () => ['buffer', await WebAssembly.compile(decode(base64))])
