// jsdom has none of these, Node.js does
const { TextDecoder, TextEncoder } = require('node:util')
const { MessageChannel } = require('node:worker_threads')

Object.assign(globalThis, { MessageChannel, TextDecoder, TextEncoder })
