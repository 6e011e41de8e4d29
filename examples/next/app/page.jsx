// A Server Component: the provider is a client's, so the login is an address and no function.

import { WorkbenchProvider } from 'calldock/react'
import { Calls } from './calls'

export default function Page() {
  return (
    <main>
      <h1>Calldock · Next.js</h1>
      <WorkbenchProvider login="/calldock/v1/tccc/login">
        <Calls />
      </WorkbenchProvider>
    </main>
  )
}
