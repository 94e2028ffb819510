'use client'

import { useEffect, useState } from 'react'

/** A page that never stands still. */
export function Reservation({ owner }: { owner: string }) {
  const [seconds, setSeconds] = useState(600)
  useEffect(() => {
    const timer = setInterval(() => setSeconds((left) => left - 1), 20)
    return () => clearInterval(timer)
  }, [])
  return (
    <p>
      Reserved for {owner}, {seconds} s left
    </p>
  )
}
