// @ts-check
// Libraries that a tenant's own scripts may want: the page hands them in, Calldock needs none.

export const libraries = /** @type {const} */ (['none', 'axios', 'jquery'])

/** @typedef {(typeof libraries)[number]} Library */

/** Where the demo's site has them: xtask lays them out beside the package. */
const addresses = {
  axios: '/node_modules/axios/axios.min.js',
  jquery: '/node_modules/jquery/jquery.module.min.js',
}

/**
 * What to hand to `globals`, or nothing.
 * @param {Library} library
 * @returns {Promise<Record<string, unknown> | undefined>}
 */
export async function load(library) {
  if (library === 'none') return undefined
  const module = await import(addresses[library])
  return library === 'axios'
    ? { axios: module.default }
    : { jQuery: module.jQuery, $: module.jQuery }
}
