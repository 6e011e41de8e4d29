// cobrowseCommon.js: lets the chat window offer to share the page, once cobrowse.js is there.
;(() => {
  const { CoBrowse } = window
  if (!CoBrowse) {
    throw new Error('CEC: cobrowseCommon.js wants cobrowse.js before it')
  }
  document.documentElement.dataset.cobrowseCommon = 'loaded'
  /** The double's own name for what the chat window's button does; the vendor's is not known. */
  CoBrowse.share = () => CoBrowse.mark()
})()
