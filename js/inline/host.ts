import { inline } from '../core/inlined.js'
import base64 from '../host.wasm'

inline('host', base64)
