// Calldock cobrowse, self-hosted build: adds the contact centre's cobrowse.js to a shared page.
// It runs as the page's own code, so it has no more rights than the page.

;(() => {
  // Links that passed through HTML arrive with `&amp;` (the vendor’s guide, chapter 3).
  const query = new URLSearchParams(window.location.search.replace(/&amp;/g, '&'))
  if (!query.get('cobrowse_share_url')) return

  // Fixed when this build was made: nothing in a URL chooses where code comes from.
  const source = '%SOURCE%'

  /** @param {{ en: string, zh: string }} text */
  const complain = ({ en, zh }) => {
    const text = /^zh\b/i.test(navigator.language) ? zh : en
    console.error(`[Calldock cobrowse] ${text}`)
  }
  const refused = {
    en: `This page's security policy does not allow ${source}, so cobrowsing cannot start here. Ask the site to list that address in script-src, or install the store build.`,
    zh: `本页面的安全策略不允许加载 ${source}，无法开始网页协同。请网站将该地址加入 script-src，或安装商店版插件。`,
  }
  const unreachable = {
    en: `${source} could not be loaded, so cobrowsing cannot start. Check that this computer reaches that address.`,
    zh: `无法加载 ${source}，网页协同未能启动。请检查本机能否访问该地址。`,
  }
  const empty = {
    en: `${source} was loaded but brought no CoBrowse.initFromUrl. Check that the address answers with cobrowse.js.`,
    zh: `已加载 ${source}，但其中没有 CoBrowse.initFromUrl。请检查该地址返回的是否为 cobrowse.js。`,
  }

  let violated = false
  /** @param {SecurityPolicyViolationEvent} event */
  const watch = ({ blockedURI, disposition }) => {
    // After a redirect the policy names no more than the origin.
    if (disposition === 'enforce' && `${blockedURI}/`.startsWith('%ORIGIN%/')) violated = true
  }
  document.addEventListener('securitypolicyviolation', watch)
  const stop = () => document.removeEventListener('securitypolicyviolation', watch)

  const script = document.createElement('script')
  script.addEventListener('load', () => {
    stop()
    if (typeof CoBrowse === 'undefined' || typeof CoBrowse.initFromUrl !== 'function') {
      complain(empty)
      return
    }
    CoBrowse.initFromUrl()
  })
  script.addEventListener('error', () => {
    // The policy's own event may come just after this one.
    setTimeout(() => {
      stop()
      complain(violated ? refused : unreachable)
    }, 100)
  })
  try {
    script.src = source
  } catch {
    // Trusted Types: the page's policy wants more than a string here.
    stop()
    complain(refused)
    return
  }
  ;(document.head ?? document.documentElement).append(script)
})()
