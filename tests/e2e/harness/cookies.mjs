/** A page beneath every path that the site's and the vendor's cookies have. */
const PLACE = '/service-cloud/cookies'

/** Removes the cookies that the test before has left. @param {import('./world.mjs').World} world */
export async function withoutCookies({ driver, site }) {
  const devTools = /** @type {import('selenium-webdriver/chrome.js').Driver} */ (driver)
  // At once, and without a page; the other engines delete those of a page.
  if (devTools.sendDevToolsCommand)
    return devTools.sendDevToolsCommand('Network.clearBrowserCookies', {})
  site.pages.set(PLACE, { entry: 'none' })
  for (const origin of [site.origin, site.otherOrigin]) {
    await driver.get(origin + PLACE)
    await driver.manage().deleteAllCookies()
  }
  await driver.get('about:blank')
}
