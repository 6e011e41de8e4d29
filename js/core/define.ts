/** Defines a member that is not listed. What other code has put on `Object.prototype` does not take part. */
export function define(object: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(object, key, { __proto__: null, value } as PropertyDescriptor)
}
