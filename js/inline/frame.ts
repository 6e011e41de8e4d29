import { decode } from '../core/base64.js'
import { settings } from '../core/load.js'
import base64 from '../frame.wasm'

settings.sources.set('frame', async () => ['buffer', await WebAssembly.compile(decode(base64))])
