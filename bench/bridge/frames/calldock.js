import { ready } from 'calldock'
import { callOut } from 'calldock/tccc'
import { drive, HOST } from '../frame.js'

const options = { allowParents: [HOST] }

drive({
  start: () => ready({ roles: ['frame'] }),
  // The first call makes the connection.
  open: async () => {},
  async callOut(call) {
    const result = await callOut(call, options)
    return result.acknowledged ? result : {}
  },
})
