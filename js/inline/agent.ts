import { inline } from '../core/inlined.js'
import base64 from '../core/roles/agent.wasm'

inline('agent', base64)
