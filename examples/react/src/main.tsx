import { SessionReplayProvider } from '@session-replay-kit/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createBrowserRouter, RouterProvider } from 'react-router'
import { replay, startAnalytics } from './replay.ts'
import { routes } from './routes.tsx'

startAnalytics()
const router = createBrowserRouter(routes)

createRoot(document.querySelector('#root') as HTMLElement).render(
  <StrictMode>
    <SessionReplayProvider client={replay}>
      <RouterProvider router={router} />
    </SessionReplayProvider>
  </StrictMode>,
)
