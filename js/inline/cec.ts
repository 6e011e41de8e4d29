import { inline } from '../core/inlined.js'
import base64 from '../core/roles/cec.wasm'

inline('cec', base64)
