// The page that the workbench shows in a frame while a customer calls.

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ScreenPop } from './screen-pop'

const root = document.getElementById('app')
if (root)
  createRoot(root).render(
    <StrictMode>
      <ScreenPop />
    </StrictMode>,
  )
