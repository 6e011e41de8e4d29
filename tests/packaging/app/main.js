// The smallest application that uses the package: the core starts, one hash is read, one call is posted.

import { ready } from 'calldock'
import { callOut, currentCall } from 'calldock/tccc'

window.result = (async () => {
  const engine = await ready({ roles: ['frame'] })
  const call = await currentCall()
  const options = { allowParents: [location.origin], timeoutMs: 10_000 }
  const { targetOrigin } = await callOut({ phoneNumber: '10086' }, options)
  return { engine, mobile: call.mobile, status: call.status, targetOrigin }
})()
