import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react'

// The same pages for every router. What is secret exists on restricted pages only, and shows up in every way that a
// page can say something.

/** One word per restricted page, found by nobody by chance. */
export const SECRETS = {
  salary: 'zebra-quartz-salary',
  lazy: 'zebra-quartz-lazy',
  loaded: 'zebra-quartz-loaded',
  desk: 'zebra-quartz-desk',
}

export const isSecretOnScreen = (): boolean => document.querySelector('[data-secret]') !== null

export function Public({ name, children }: { name: string; children?: ReactNode }): ReactNode {
  useTitle(`Garden ${name}`)
  return (
    <article data-page={name}>
      <h1>Public page {name}</h1>
      <p>Everybody may see {name}.</p>
      {children}
    </article>
  )
}

export function Restricted({ name }: { name: keyof typeof SECRETS }): ReactNode {
  const secret = SECRETS[name]
  const [ticks, setTicks] = useState(0)
  useTitle(secret)
  useEffect(() => {
    const timer = setInterval(() => setTicks((count) => count + 1), 10)
    return () => clearInterval(timer)
  }, [])
  return (
    <article data-page={name} data-secret="">
      <h1>{secret}</h1>
      <p title={secret}>
        {secret} after {ticks}
      </p>
      <input aria-label={secret} defaultValue={secret} />
      <textarea readOnly value={`${secret} ${ticks}`} />
      <a href={`/salary#${secret}`}>more</a>
      <style>{`.x::after { content: "${secret}" }`}</style>
    </article>
  )
}

export const Nothing = (): ReactNode => null

export const LazyRestricted = (): ReactNode => <Restricted name="lazy" />

function useTitle(title: string): void {
  useLayoutEffect(() => {
    document.title = title
  }, [title])
}

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
