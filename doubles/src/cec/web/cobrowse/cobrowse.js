// cobrowse.js: shows on the page that it would now be shared with an agent, and shares nothing.
//
// `CoBrowse.initFromUrl()` is the only method of the vendor's that is known; it is called by a
// browser extension, after this script alone (docs/vendor/huawei.md §4). `data-cobrowse` on the root
// element says what happened: loaded, shared.
window.CoBrowse = (() => {
  const root = document.documentElement
  const MARK_ID = 'aicc-cobrowse-mark'
  const STYLE = `
    :host {
      all: initial;
      position: fixed;
      inset: 0;
      z-index: 2147482000;
      pointer-events: none;
      border: 3px solid #12775a;
    }
    p {
      position: absolute;
      bottom: 20px;
      left: 20px;
      padding: 8px 14px;
      margin: 0;
      font: 600 14px / 1.5 system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC',
        'WenQuanYi Zen Hei', sans-serif;
      color: #fff;
      background: #12775a;
      border-radius: 18px;
      box-shadow: 0 4px 16px rgb(0 40 28 / 30%);
    }`

  /** `top`, or `frame`: only the frame that loaded the script is shared. */
  const frame = () => (window === window.top ? 'top' : 'frame')

  const label = () => {
    const chinese = /^zh/i.test(root.lang || navigator.language)
    if (frame() === 'top') {
      return chinese ? '网页协同中' : 'This page is shared'
    }
    return chinese ? '网页协同中（仅此框架）' : 'This frame is shared'
  }
  const mark = () => {
    root.dataset.cobrowse = 'shared'
    root.dataset.cobrowseFrame = frame()
    if (document.getElementById(MARK_ID)) {
      return
    }
    const host = document.createElement('div')
    host.id = MARK_ID
    const shadow = host.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(STYLE)
    shadow.adoptedStyleSheets = [sheet]
    const text = document.createElement('p')
    text.setAttribute('role', 'status')
    text.textContent = label()
    shadow.append(text)
    const place = () => (document.body || root).append(host)
    if (document.readyState === 'loading') {
      document.addEventListener('DOMContentLoaded', place, { once: true })
    } else {
      place()
    }
  }

  root.dataset.cobrowse = 'loaded'
  return {
    /** The double's own, for cobrowseCommon.js. */
    mark,
    /** Shares the page if its address says so; returns whether it does. */
    initFromUrl() {
      const query = new URLSearchParams(location.search.replace(/&amp;/g, '&'))
      const asked = Boolean(query.get('cobrowse_share_url'))
      if (asked) {
        mark()
      }
      return asked
    },
  }
})()
