// Calldock cobrowse, store build: runs the contact centre's cobrowse.js, contained in this file, on a
// shared page. It runs as the page's own code, so it has no more rights than the page.

// Links that passed through HTML arrive with `&amp;` (the vendor’s guide, chapter 3). A block, not a
// function: what cobrowse.js declares with `var` or `function` becomes global, as if it ran alone.
if (new URLSearchParams(window.location.search.replace(/&amp;/g, '&')).get('cobrowse_share_url')) {
  // ---- cobrowse.js of the tenant, unchanged ----
  __COBROWSE__
  // ---- the end of cobrowse.js ----

  CoBrowse.initFromUrl()
}
