// @ts-check
// This page's own address, with some of its query changed.

/** @param {Record<string, string | null>} changes null takes a member out */
export function here(changes) {
  const query = new URLSearchParams(location.search)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name)
    else query.set(name, value)
  }
  return `${location.pathname}?${query}`
}

/**
 * A member of the query, if it is one of `known`; else the first of them.
 * @template {string} T
 * @param {string} name
 * @param {readonly [T, ...T[]]} known
 * @returns {T}
 */
export function asked(name, known) {
  const value = new URLSearchParams(location.search).get(name)
  return known.find((each) => each === value) ?? known[0]
}
