// What host page, framed pages and report have agreed upon.

/** Whom the agent calls, a thousand times over. */
export const CALL = { phoneNumber: '13812345678', desc: 'customer 42' }

/**
 * The ways over which a framed page asks for a call. `port` is a bare MessagePort without any check:
 * what the browser itself takes, for the ways that use one.
 */
export const WAYS = /** @type {const} */ (['calldock', 'penpal', 'comlink', 'port'])

/** @typedef {typeof WAYS[number]} Way */

/**
 * How one way did in one round, in ms: the start of what must be started before anything is said, from
 * the first message to the first acknowledged command, an acknowledged command in the mean of each
 * batch, and all commands of each burst.
 * @typedef {{ start: number, first: number, each: number[], burst: number[] }} Lap
 */

/** How much is done in one round. @typedef {{ batches: number, batch: number, bursts: number, burst: number }} Terms */

/** What a host page asks of a framed one. @typedef {{ work: 'open' | 'sequence' | 'burst' | 'close', times?: number }} Wish */
