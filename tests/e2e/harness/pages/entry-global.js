// The package came as a classic script, which has set `window.calldock`.

window.sdk = /** @type {Sdk} */ (window.calldock)
sdk.setLogger((entry) => bench.entries.push(entry))
