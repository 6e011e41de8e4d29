// The page, and the page of its frames.

import { bundle, writePage } from '../bundle.mjs'

/** Puts the pages into a folder. @param {string} folder */
export async function lay(folder) {
  const scripts = { growth: 'growth/page.js', calldock: 'bridge/frames/calldock.js' }
  await bundle(folder, scripts, ['frame', 'host'])
  await writePage(folder, 'calldock')
}
