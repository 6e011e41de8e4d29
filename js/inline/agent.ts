import base64 from '../agent.wasm'
import { inline } from '../core/inlined.js'

inline('agent', base64)
