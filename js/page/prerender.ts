/** A document that may be prerendered (speculation rules). */
interface PrerenderDocument extends Document {
  readonly prerendering?: boolean
}

/**
 * Waits until a prerendered page is shown: before that, a login that works once would be spent on a page
 * that no one may ever see. Resolves at once in any other page, and when the signal aborts.
 */
export async function whenActivated(
  signal?: AbortSignal,
  page: Document = document,
): Promise<void> {
  if (!(page as PrerenderDocument).prerendering) return
  await new Promise<void>((resolve) => {
    const end = () => {
      page.removeEventListener('prerenderingchange', end)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    page.addEventListener('prerenderingchange', end)
    signal?.addEventListener('abort', end)
    if (signal?.aborted) end()
  })
}
