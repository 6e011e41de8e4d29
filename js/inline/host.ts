import { inline } from '../core/inlined.js'
import base64 from '../core/roles/host.wasm'

inline('host', base64)
