import { getCurrentInstance, getCurrentScope, onMounted, onScopeDispose } from 'vue'

/**
 * Starts something for the scope of a component and stops it with the scope: once the component is
 * mounted, so that a server starts nothing and the first render in the browser equals the server's.
 */
export function live(start: () => () => void): void {
  let stop: (() => void) | undefined
  let over = false
  const begin = () => {
    if (!over) stop = start()
  }
  if (getCurrentScope())
    onScopeDispose(() => {
      over = true
      stop?.()
    })
  if (getCurrentInstance()) onMounted(begin)
  else if (typeof document !== 'undefined') begin()
}
