// jsdom has none of these, Node.js does
import { TextDecoder, TextEncoder } from 'node:util'
import { MessageChannel } from 'node:worker_threads'

Object.assign(globalThis, { MessageChannel, TextDecoder, TextEncoder })
