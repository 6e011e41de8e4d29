// What WebDriver has no word for: Chromium's own commands.

/**
 * @param {import('../harness/world.mjs').World} world
 * @param {string} command
 * @param {Record<string, unknown>} [parameters]
 */
export async function devtools({ driver }, command, parameters = {}) {
  const chromium = /** @type {import('selenium-webdriver/chrome.js').Driver} */ (driver)
  await chromium.sendDevToolsCommand(command, parameters)
}

/** No cookie of the test before. @param {import('../harness/world.mjs').World} world */
export const withoutCookies = (world) => devtools(world, 'Network.clearBrowserCookies')
