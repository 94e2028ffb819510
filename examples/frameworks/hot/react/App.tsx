import { useSessionReplay } from '@session-replay-kit/react'
import { type ReactNode, useLayoutEffect, useState } from 'react'
import { Greeting } from './Greeting.tsx'
import { Payment } from './Payment.tsx'

export function App(): ReactNode {
  const { client } = useSessionReplay()
  const [items, setItems] = useState<number[]>([])
  const [isPaying, setPaying] = useState(false)
  useLayoutEffect(() => {
    window.replay = client
    window.addItem = (item) => setItems((before) => [...before, item])
    window.setPaying = setPaying
  }, [client])
  return (
    <main>
      <Greeting />
      <ol>
        {items.map((item) => (
          <li key={item}>{`item ${item}.`}</li>
        ))}
      </ol>
      {isPaying && <Payment />}
    </main>
  )
}
