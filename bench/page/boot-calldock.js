// A screen-pop page with Calldock: notes when its first call is there, in ms since the navigation.

import { onScreenPop } from 'calldock/tccc'

onScreenPop(() => {
  /** @type {any} */
  window.booted ??= performance.now()
})
