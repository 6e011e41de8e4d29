// What both forms for old browsers must do: every role starts, a hash is read, a call is posted, a workbench
// opens on a stand-in for the vendor's script, and errors are errors.

const code = async (work) => {
  try {
    await work()
    return 'none'
  } catch (error) {
    return error.code || String(error)
  }
}

/** The call that a workbench would have written into the hash. */
const HASH = '#?mobile=+8613800000000&nickName=%D5%C5&status=100'

window.run = async (calldock) => {
  try {
    history.replaceState(null, '', HASH)
    const engine = await calldock.ready({ roles: ['frame', 'host', 'cec', 'agent'] })
    const call = await calldock.currentCall()
    const options = { allowParents: [location.origin], timeoutMs: 10000 }
    const { phoneNumber } = await calldock.callOut({ phoneNumber: '\u202d10086\u202c' }, options)
    const login = async () => ({ sdkUrl: `${location.origin}/old-vendor.js` })
    const workbench = await calldock.openWorkbench({ login })
    const { sessionId } = await workbench.call.startOutbound({ phoneNumber: '10086' })
    workbench.close()
    const thrown = new calldock.CalldockError('INTERNAL', 'a', 'b', 'c', { cause: 'a cause' })
    window.result = {
      ...{ engine, mobile: call.mobile, status: call.status, unreadable: call.unreadable },
      ...{ dialled: phoneNumber, sessionId, cause: thrown.cause },
      unsupported: await code(() => calldock.inspectUserSig('eJw_')),
      refused: await code(() => calldock.callOut('15889xxxxxx', options)),
    }
  } catch (error) {
    window.result = { error: `${error.code} ${error.message} ${error.stack}` }
  }
}
window.addEventListener('error', ({ message }) => {
  window.result = window.result || { error: message }
})
