// The main application: it opens the workbench before the sub-application does, or after it, with a copy of
// the package of its own.

import { openWorkbench } from '/node_modules/calldock/tccc.js'

const login = async () => ({ sdkUrl: `${location.origin}/old-vendor.js` })

/** Starts the sub-application by `start`, and sets the page's result. */
export async function run(start) {
  const first = new URLSearchParams(location.search).get('first')
  try {
    history.replaceState(null, '', `${location.search}#?mobile=18800000000&status=100`)
    if (first === 'main') await openWorkbench({ login })
    const found = await new Promise((done) => {
      start({ page: window, withWorkbench: true, done })
    })
    const workbench = await openWorkbench({ login })
    const status = await workbench.agent.getStatus()
    const scripts = document.querySelectorAll('script[src*="old-vendor"]').length
    window.result = { ...found, status, scriptsAfter: scripts, error: found.error }
  } catch (error) {
    window.result = { error: `${error.code} ${error.message} ${error.stack}` }
  }
}
