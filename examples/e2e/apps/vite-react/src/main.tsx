import { createSessionReplay, Mask, SessionReplayProvider, useSessionReplay } from '@session-replay-kit/react'
import { ReplayDevtools } from '@session-replay-kit/react/devtools'
import { useState } from 'react'
import { createRoot } from 'react-dom/client'

const replay = createSessionReplay({
  apiKey: 'fresh-app',
  analytics: { autocapture: { sessions: true } },
  sampleRate: 1,
  useWebWorker: true,
})
Object.assign(window, { replay })

function App() {
  const { isRecording } = useSessionReplay()
  const [items, setItems] = useState<string[]>([])
  return (
    <main>
      <h1>Fresh app with React</h1>
      <output>{isRecording ? 'recording' : 'not recording'}</output>
      <Mask>
        <p>Jane Doe, 42 Elm Street</p>
      </Mask>
      <button type="button" onClick={() => setItems([...items, `item ${items.length + 1}`])}>
        Add
      </button>
      <ul>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </main>
  )
}

createRoot(document.querySelector('#root') as HTMLElement).render(
  <SessionReplayProvider client={replay}>
    <App />
    <ReplayDevtools />
  </SessionReplayProvider>,
)
