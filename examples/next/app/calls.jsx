'use client'

import { useCalls, useWorkbench } from 'calldock/react'

export function Calls() {
  const { status, workbench, error, retry } = useWorkbench()
  const calls = useCalls()
  return (
    <section data-status={status}>
      <p role="status">
        {workbench?.userId ?? 'Connecting…'} · {calls.length} calls
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
        {calls.map(({ sessionId, state, callerPhoneNumber }) => (
          <li key={sessionId} data-state={state}>
            {callerPhoneNumber}{' '}
            {state === 'ringing' && (
              <button type="button" onClick={() => workbench?.call.accept(sessionId)}>
                Answer
              </button>
            )}
            {state !== 'ended' && (
              <button type="button" onClick={() => workbench?.call.hangUp(sessionId)}>
                Hang up
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
