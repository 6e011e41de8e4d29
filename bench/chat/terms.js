// What pages, measurement and report of the chat have agreed upon.

/**
 * The pages. `calldock` is as the guide of Calldock has it and requests its login; `preloaded` names the files that
 * will be needed in its head; `given` has the login in its HTML as well, as the guide's page has its token; `guide` is
 * the vendor's sample for Token mode.
 */
export const WAYS = /** @type {const} */ (['calldock', 'preloaded', 'given', 'guide'])

/** @typedef {typeof WAYS[number]} Way */

/**
 * A network. `roundTrip` in ms; `down` and `up` in kbit/s, for all connections together.
 * @typedef {{ name: string, roundTrip: number, down: number, up: number }} Network
 */

/** @type {readonly Network[]} */
export const NETWORKS = [
  { name: 'no limit', roundTrip: 0, down: Number.POSITIVE_INFINITY, up: Number.POSITIVE_INFINITY },
  // Lighthouse's for a phone.
  { name: 'slow 4G', roundTrip: 150, down: 1638.4, up: 750 },
]

/** The id of the element that the vendor's client adds. */
export const CLIENT = 'aicc-web-chat'
