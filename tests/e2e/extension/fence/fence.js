// It is started at the same moment as the other extensions in the page, in one task each: they have run two
// tasks later.

setTimeout(() => setTimeout(() => Object.assign(globalThis, { extensionsRan: true })))
