/** An address's origin, as browsers write it; a text that is no address stays as it is. */
export function originOf(text: string): string {
  try {
    return new URL(text).origin
  } catch {
    return text
  }
}
