'use client'

import { useCalls, useWorkbench } from 'calldock/react'

export function Calls() {
  const { status, workbench, error, retry } = useWorkbench()
  const calls = useCalls()
  return (
    <section data-status={status}>
      <p role="status">
        {workbench?.agentId ?? 'Connecting…'} · {calls.length} calls
      </p>
      {error && (
        <p role="alert">
          {error.message}{' '}
          <button type="button" onClick={retry}>
            Connect again
          </button>
        </p>
      )}
      <ul>
        {calls.map((call) => (
          <li key={call.sessionId} data-state={call.state}>
            {call.callerPhoneNumber}{' '}
            {call.state === 'ringing' && call.direction !== 'outbound' && (
              <button type="button" onClick={() => call.accept().catch(console.error)}>
                Answer
              </button>
            )}
            {call.state !== 'ended' && (
              <button type="button" onClick={() => call.hangUp().catch(console.error)}>
                Hang up
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
