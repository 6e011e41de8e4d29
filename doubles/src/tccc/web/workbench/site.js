// Tells the site that frames the workbench what passes through it. The vendor does no such thing:
// it is for the playground's inspector, and only for the site the double was started for.

const { siteOrigin } = document.documentElement.dataset

/** Posts `{source: 'calldock-doubles', at, kind, …details}` to the parent, if that is the site. */
export function tellSite(kind, details) {
  if (window.parent !== window) {
    // The browser drops it where the parent is another origin.
    const at = performance.timeOrigin + performance.now()
    window.parent.postMessage({ source: 'calldock-doubles', at, kind, ...details }, siteOrigin)
  }
}
