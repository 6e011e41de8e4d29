import { inline } from '../core/inlined.js'
import base64 from '../core/roles/frame.wasm'

inline('frame', base64)
