// Shows what this build is set to. Nothing can be changed here: it was fixed when it was built.

/** @typedef {{ build: 'store' | 'self-hosted', aicc: string, hosts: string[], frames: boolean }} Settings */

/** @param {string} key @param {string} [filling] */
const text = (key, filling) => chrome.i18n.getMessage(key, filling)

/** @type {Settings} */
const settings = await (await fetch('settings.json')).json()
const { build, aicc, hosts, frames } = settings
const ownCode = build === 'store'

/** @type {Record<string, string[]>} */
const values = {
  build: [text(ownCode ? 'buildStore' : 'buildSelfHosted')],
  aicc: [aicc],
  hosts,
  frames: [text(frames ? 'framesAll' : 'framesTop')],
  version: [chrome.runtime.getManifest().version],
  policy: [ownCode ? text('policyStore') : text('policySelfHosted', aicc)],
}

document.documentElement.lang = chrome.i18n.getUILanguage()
document.title = text('name')
for (const element of document.querySelectorAll('[data-text]'))
  element.textContent = text(/** @type {HTMLElement} */ (element).dataset.text ?? '')
for (const element of document.querySelectorAll('[data-value]')) {
  const lines = values[/** @type {HTMLElement} */ (element).dataset.value ?? ''] ?? []
  element.replaceChildren(
    ...lines.flatMap((line, at) => (at ? [document.createElement('br'), line] : [line])),
  )
}
