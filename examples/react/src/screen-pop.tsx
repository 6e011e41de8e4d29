// The call this page is shown for, and a button that calls back.

import { useCallOut, useScreenPop } from 'calldock/react'
import { useState } from 'react'
import { words } from './words'

const STATES: Record<string, string> = words

export function ScreenPop() {
  const [unreadable, setUnreadable] = useState('')
  const call = useScreenPop({ onError: (error) => setUnreadable(error.message) })
  const { callOut, pending, error } = useCallOut()
  const [asked, setAsked] = useState(false)
  if (!call) return <p className="card">{unreadable || words.none}</p>
  const { mobile, nickName, userId, status, agentNickName } = call
  return (
    <section data-state={status}>
      <h2>{words.customer}</h2>
      <h1>{nickName ?? userId ?? words.unknown}</h1>
      <small>{status && (STATES[status] ?? status)}</small>
      <dl>
        <dt>{words.number}</dt>
        <dd>{mobile ?? '–'}</dd>
        <dt>{words.agent}</dt>
        <dd>{agentNickName ?? '–'}</dd>
      </dl>
      {mobile && (
        <button
          type="button"
          className="first"
          disabled={pending}
          onClick={async () => setAsked((await callOut(mobile)) !== undefined)}
        >
          {words.callBack}
        </button>
      )}
      {asked && <p role="status">{words.asked}</p>}
      {(error || unreadable) && <p role="alert">{error?.message ?? unreadable}</p>}
    </section>
  )
}
