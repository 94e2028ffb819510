import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { Replay } from './Replay.tsx'

createRoot(document.querySelector('#root') as Element).render(
  <Replay>
    <App />
  </Replay>,
)
