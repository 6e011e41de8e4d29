// One agent script a page: who holds the place, and what a second one does to it.

const STATE = Symbol.for('tccc.double.state')
const TAG = 't3c-sdk'

/** The state an object of the script carries; nobody enumerates it. */
export function mark(object, state) {
  Object.defineProperty(object, STATE, { value: state, configurable: true })
  return object
}

/**
 * Takes the page's place for `state`, or throws where another script holds it.
 *
 * A second injection breaks the first one too (docs/vendor/tccc.md §1, "Failures integrators meet"). A
 * script whose token expired has left its place: "initialise again".
 */
export function claim(state, kept) {
  const element = document.querySelector(TAG)
  const others = [element, window.tccc, window.TCCC].filter((other) => other?.[STATE])
  const living = others.map((other) => other[STATE]).filter((other) => other.phase !== 'expired')
  if (kept) {
    // The account is switched: what the script before has drawn makes room, without a word.
    for (const other of living) {
      other.leave()
    }
    living.length = 0
    element?.remove()
    return mark(Object.assign(document.createElement(TAG), { id: 'tcccSdkDomRoot' }), state)
  }
  if (living.length > 0 || (element && !element[STATE])) {
    for (const other of living) {
      other.break()
    }
    throw new Error('TCCC: the agent script was initialised twice in one page')
  }
  element?.remove()
  return mark(Object.assign(document.createElement(TAG), { id: 'tcccSdkDomRoot' }), state)
}

/** Puts the element into the page, as soon as there is a body; answers where it is. */
export function place(element, renderDomId) {
  const node = renderDomId ? document.getElementById(renderDomId) : null
  if (renderDomId && !node) {
    console.warn(`TCCC: renderDomId: no element has the id ${renderDomId}`)
  }
  if (node && (node.clientWidth < 760 || node.clientHeight < 480)) {
    console.warn('TCCC: renderDomId: the node is smaller than 760 x 480 px')
  }
  element.dataset.placement = node ? 'inline' : 'docked'
  const append = () => (node ?? document.body).append(element)
  if (document.body) {
    append()
  } else {
    document.addEventListener('DOMContentLoaded', append, { once: true })
  }
}

/** Calls `gone` once the element has left the page for good (a move is no leaving). */
export function onRemoval(element, gone) {
  let wasThere = element.isConnected
  const observer = new MutationObserver(() => {
    if (element.isConnected) {
      wasThere = true
    } else if (wasThere) {
      observer.disconnect()
      gone()
    }
  })
  observer.observe(document.documentElement, { childList: true, subtree: true })
}
