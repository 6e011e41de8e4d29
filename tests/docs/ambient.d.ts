// What the documents' short examples take for granted: an element, a function of the application, a workbench
// that is open. A name that a block declares or imports by itself hides the one here.

declare const button: HTMLButtonElement
declare const signal: AbortSignal
declare const number: string
declare const workbench: import('calldock/tccc').Workbench
declare const sessionId: string
declare const mainWindow: Window
declare function show(...values: unknown[]): void
declare function render(...values: unknown[]): void
declare function showCustomer(...values: unknown[]): void
declare const login: string
declare const inspector: import('calldock/devtools').Inspector
declare const app: import('vue').App
declare const Calls: () => import('react').ReactNode
declare const oidc: { getAccessToken(): Promise<string> }

// Test runners and their libraries, which are the reader's, not this project's.
// biome-ignore-start lint/suspicious/noExplicitAny: their types are not installed here.
declare function expect(value: unknown): any
declare function test(name: string, run: () => void | Promise<void>): void
declare module '@testing-library/react' {
  export const act: any
  export const render: any
  export const screen: any
  export const waitFor: any
}
declare module '@testing-library/vue' {
  export const render: any
  export const screen: any
}
declare module 'vitest' {
  export const expect: any
  export const test: any
  export const afterEach: any
}
declare module 'vitest/config' {
  export function defineConfig(settings: any): any
}
declare module 'express' {
  const express: any
  export default express
}
// biome-ignore-end lint/suspicious/noExplicitAny: as above.
