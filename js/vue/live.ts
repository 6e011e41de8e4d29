import { getCurrentInstance, getCurrentScope, nextTick, onMounted, onScopeDispose } from 'vue'

/**
 * Starts something for the scope of a component and stops it with the scope: once the component is
 * mounted, so that a server starts nothing and the first render in the browser equals the server's.
 */
export function live(start: () => () => void): void {
  const component = getCurrentInstance()
  let stop: (() => void) | undefined
  let over = false
  const begin = () => {
    if (!over) stop ??= start()
  }
  const scope = getCurrentScope()
  if (scope)
    onScopeDispose(() => {
      over = true
      stop?.()
    })
  if (!component) {
    if (typeof document !== 'undefined') begin()
    return
  }
  // From onBeforeMount on, onMounted comes too late. A render function has no scope, and may run again and again.
  const beginLate = () => {
    if (scope && component.isMounted) begin()
  }
  if (component.isMounted) beginLate()
  else {
    onMounted(begin)
    nextTick(beginLate)
  }
}
