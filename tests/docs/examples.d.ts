// What the examples of doc comments take for granted, beside ambient.d.ts.

declare const leave: HTMLButtonElement
declare const link: HTMLAnchorElement
declare const select: HTMLSelectElement
declare function watch(value: unknown, run: () => void): void

/** Playwright's, which is the reader's, not this project's. */
declare const page: {
  route(
    address: string,
    handle: (route: {
      fulfill(response: { body?: string; contentType?: string; json?: object }): Promise<void>
    }) => Promise<void>,
  ): Promise<void>
}
