import { getCurrentInstance, getCurrentScope, onMounted, onScopeDispose } from 'vue'

/**
 * Starts something for the scope of a component and stops it with the scope: once the component is
 * mounted, so that a server starts nothing and what is hydrated first looks as it did there.
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
