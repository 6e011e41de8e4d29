// Injected into global.js: what `import.meta.url` is in a classic script.
export const scriptUrl = document.currentScript?.src || document.baseURI
