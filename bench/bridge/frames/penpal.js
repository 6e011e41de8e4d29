import { connect, WindowMessenger } from 'penpal'
import { drive, HOST } from '../frame.js'

/** @type {import('penpal').RemoteProxy<import('../host.js').Api>} */
let remote
/** @type {import('penpal').Connection<import('../host.js').Api>} */
let connection

drive({
  async open() {
    const messenger = new WindowMessenger({ remoteWindow: parent, allowedOrigins: [HOST] })
    connection = connect({ messenger })
    remote = await connection.promise
  },
  callOut: (call) => remote.callOut(call),
  close: () => connection.destroy(),
})
