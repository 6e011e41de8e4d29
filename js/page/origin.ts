/** An address's origin, as browsers write it; a text that is no address stays as it is. */
export function originOf(text: string): string {
  try {
    return new URL(text).origin
  } catch {
    return text
  }
}

/** The top window's origin where the browser tells it: older Firefox has no list, and a newer one may name `null`. */
export function topOrigin({ ancestorOrigins: around }: Location): string | undefined {
  const top = around?.[around.length - 1]
  return top === 'null' ? undefined : top
}
