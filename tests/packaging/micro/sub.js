// The sub-application: bundled for old tools, as most are. `page` is the main application's window.

import { callOut, currentCall, onScreenPop, openWorkbench } from 'calldock/legacy/tccc'

const code = async (work) => {
  try {
    await work()
    return 'none'
  } catch (error) {
    return error.code || String(error)
  }
}

export async function work({ page, withWorkbench }) {
  try {
    const { origin } = page.location
    const options = { window: page, allowParents: [origin], timeoutMs: 10000 }
    const call = await currentCall({ window: page })
    const received = new Promise((resolve) => {
      const stop = onScreenPop(
        (call) => {
          if (call.status !== 'connected') return
          stop()
          resolve(call.mobile)
        },
        { window: page },
      )
    })
    await new Promise((resolve) => page.setTimeout(resolve))
    page.location.hash = '#?mobile=18800000001&status=200'
    const followed = await received
    const { targetOrigin, phoneNumber } = await callOut('10086', options)
    const login = async () => ({ sdkUrl: `${origin}/old-vendor.js` })
    const result = { mobile: call.mobile, followed, targetOrigin, phoneNumber }
    if (withWorkbench) {
      const workbench = await openWorkbench({ login, window: page })
      const { sessionId } = await workbench.call.startOutbound({ phoneNumber: '10086' })
      Object.assign(result, { sessionId, scripts: scriptsOf(page) })
    }
    const wrong = await code(() => callOut('10086', { ...options, window: {} }))
    return { ...result, wrong }
  } catch (error) {
    return { error: `${error.code} ${error.message} ${error.stack}` }
  }
}

/** How many of the vendor's scripts the main application's document has. */
const scriptsOf = (page) => page.document.querySelectorAll('script[src*="old-vendor"]').length
