// Keeps what a page complains of: React and Vue tell of hydration there and nowhere else.

;(() => {
  /** @type {string[]} */
  const complaints = []
  for (const kind of /** @type {const} */ (['error', 'warn'])) {
    const reported = console[kind]
    console[kind] = (...args) => {
      complaints.push(args.map(String).join(' '))
      reported(...args)
    }
  }
  window.complaints = complaints
})()
