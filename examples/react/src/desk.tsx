// The workbench's state, the live list of calls, and numbers to call.

import { useCalls, useWorkbench, WorkbenchProvider } from 'calldock/react'
import { useState } from 'react'
import { customers, words } from './words'

export function Desk() {
  return (
    <WorkbenchProvider login="/calldock/v1/tccc/login">
      <Status />
      <Calls />
      <Customers />
    </WorkbenchProvider>
  )
}

function Status() {
  const { status, workbench, error, retry } = useWorkbench()
  return (
    <header>
      <h1>Calldock · React</h1>
      <span className="status" data-status={status} role="status">
        {words[status]} {workbench?.agentId}
      </span>
      {error && (
        <p role="alert">
          {error.message}. {error.remedy}
        </p>
      )}
      {(status === 'failed' || status === 'closed') && (
        <button type="button" onClick={retry}>
          {words.retry}
        </button>
      )}
    </header>
  )
}

function Calls() {
  const calls = useCalls()
  const { failed, attempt } = useFailure()
  return (
    <section aria-live="polite">
      <h2>{words.calls}</h2>
      {failed && <p role="alert">{failed}</p>}
      {calls.length === 0 && <p>{words.nobody}</p>}
      <ul>
        {calls.map((call) => (
          <li key={call.sessionId} data-state={call.state}>
            <div>
              {(call.direction === 'outbound' ? call.calleePhoneNumber : call.callerPhoneNumber) ??
                call.nickname ??
                words.unknown}
              <small>
                {words[call.direction]} · {words[call.state]}
              </small>
            </div>
            {call.state === 'ringing' && call.direction !== 'outbound' && (
              <button type="button" className="first" onClick={() => attempt(call.accept())}>
                {words.answer}
              </button>
            )}
            {call.state !== 'ended' && (
              <button type="button" className="end" onClick={() => attempt(call.hangUp())}>
                {words.hangUp}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Customers() {
  const { workbench } = useWorkbench()
  const { failed, attempt } = useFailure()
  return (
    <section>
      <h2>{words.customers}</h2>
      {failed && <p role="alert">{failed}</p>}
      <ul>
        {customers.map(({ name, number }) => (
          <li key={number}>
            <div>
              {name}
              <small>{number}</small>
            </div>
            <button
              type="button"
              className="dial"
              disabled={!workbench}
              onClick={() => attempt(workbench?.call.startOutbound({ phoneNumber: number }))}
            >
              {words.call}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What the latest command failed with. */
function useFailure() {
  const [failed, setFailed] = useState('')
  const attempt = (command?: Promise<unknown>) => {
    setFailed('')
    command?.catch((error: Error) => setFailed(error.message))
  }
  return { failed, attempt }
}
