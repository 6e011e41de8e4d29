// @ts-check
// What a dictionary is: every key in both languages.

/**
 * A key missing from one language is a type error.
 * @template {Record<string, readonly [en: string, zh: string]>} T @param {T} words
 */
export const dictionary = (words) => words
