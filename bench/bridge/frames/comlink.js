import { releaseProxy, windowEndpoint, wrap } from 'comlink'
import { drive, HOST } from '../frame.js'

/** @type {import('comlink').Remote<import('../host.js').Api>} */
let remote

drive({
  async open() {
    remote = wrap(windowEndpoint(parent, window, HOST))
  },
  callOut: (call) => remote.callOut(call),
  close: () => remote[releaseProxy](),
})
