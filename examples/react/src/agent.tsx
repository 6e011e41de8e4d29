// The agent's page.

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Desk } from './desk'

const root = document.getElementById('app')
if (root)
  createRoot(root).render(
    <StrictMode>
      <Desk />
    </StrictMode>,
  )
