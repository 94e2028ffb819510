import { useSessionReplay } from '@session-replay-kit/react'

export function Checkout() {
  const { status } = useSessionReplay({ pause: true, detail: 'checkout' })
  return <p role="status">Recording is {status}.</p>
}
