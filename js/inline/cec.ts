import base64 from '../cec.wasm'
import { inline } from '../core/inlined.js'

inline('cec', base64)
