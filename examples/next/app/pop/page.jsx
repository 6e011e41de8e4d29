'use client'

import { useScreenPop } from 'calldock/react'

export default function ScreenPop() {
  const call = useScreenPop()
  return (
    <main data-state={call?.status}>
      <p>
        {call
          ? [call.nickName ?? call.userId, call.mobile].filter(Boolean).join(' · ')
          : 'No call yet.'}
      </p>
    </main>
  )
}
