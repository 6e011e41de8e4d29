import { inline } from '../core/inlined.js'
import base64 from '../frame.wasm'

inline('frame', base64)
