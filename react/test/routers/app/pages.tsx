import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react'

// The same pages for every router. What is secret exists on restricted pages only, and keeps changing.

export function Open({ path }: { path: string }): ReactNode {
  useTitle(`Shop ${path}`)
  return (
    <section className="open">
      <h1>Open page {path}</h1>
      <ul>
        {[1, 2, 3].map((number) => (
          <li key={number}>{`Plant ${number} of ${path}`}</li>
        ))}
      </ul>
    </section>
  )
}

export function Restricted({ path }: { path: string }): ReactNode {
  const [ticks, setTicks] = useState(0)
  useTitle('CLASSIFIED-title')
  useEffect(() => {
    const timer = setInterval(() => setTicks((count) => count + 1), 10)
    return () => clearInterval(timer)
  }, [])
  return (
    <section className="restricted">
      <h1>CLASSIFIED-heading {path}</h1>
      <p title="CLASSIFIED-tip">
        Owes CLASSIFIED-4711 to <b>CLASSI</b>
        <i>FIED-name</i> after {ticks}
      </p>
      <input aria-label="CLASSIFIED-field" defaultValue="CLASSIFIED-field" />
      <textarea readOnly value={`CLASSIFIED-field ${ticks}`} />
      <a href="/secret#CLASSIFIED-tip">more</a>
      <style>{`.x::after { content: "CLASSIFIED-title" }`}</style>
    </section>
  )
}

/** Waits for something that comes when the visitor has turned back already. Then it keeps still. */
export function Slow(): ReactNode {
  const [isThere, setThere] = useState(false)
  useEffect(() => {
    const onPop = (): void => void setTimeout(() => setThere(true), 20)
    addEventListener('popstate', onPop)
    return () => removeEventListener('popstate', onPop)
  }, [])
  if (!isThere) {
    return (
      <p className="restricted">
        <progress />
      </p>
    )
  }
  return (
    <section className="restricted">
      <h1>CLASSIFIED-heading</h1>
      <p>Owes CLASSIFIED-4711</p>
    </section>
  )
}

function useTitle(title: string): void {
  useLayoutEffect(() => {
    document.title = title
  }, [title])
}
