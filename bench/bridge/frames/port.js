import { drive, HOST } from '../frame.js'

/** @type {Map<number, (answer: { sessionId: string }) => void>} */
const waiting = new Map()
let next = 0
/** @type {MessagePort} */
let port

drive({
  async open() {
    const { port1, port2 } = new MessageChannel()
    port = port1
    port.onmessage = ({ data: { id, answer } }) => {
      waiting.get(id)?.(answer)
      waiting.delete(id)
    }
    parent.postMessage({ benchmark: 'port' }, HOST, [port2])
  },
  callOut: (call) =>
    new Promise((resolve) => {
      next += 1
      waiting.set(next, resolve)
      port.postMessage({ id: next, call })
    }),
  close: () => port.close(),
})
