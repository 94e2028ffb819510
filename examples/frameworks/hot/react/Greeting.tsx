import type { ReactNode } from 'react'

export function Greeting(): ReactNode {
  return <h1>greeting edition 1</h1>
}
