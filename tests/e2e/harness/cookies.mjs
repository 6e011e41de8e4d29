/** A page beneath every path that the site's and the vendor's cookies have. */
const PLACE = '/service-cloud/cookies'

/** Removes the cookies that the test before has left. @param {import('./world.mjs').World} world */
export async function withoutCookies({ driver, site }) {
  site.pages.set(PLACE, { entry: 'none' })
  for (const origin of [site.origin, site.otherOrigin]) {
    await driver.get(origin + PLACE)
    await driver.manage().deleteAllCookies()
  }
  await driver.get('about:blank')
}
