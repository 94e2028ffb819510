import type { Explanation, ReplayStatus } from '@session-replay-kit/core'
import { blockProps } from '@session-replay-kit/core/props'
import { type CSSProperties, type ReactNode, useEffect, useReducer, useState } from 'react'
import { useSessionReplay } from './useSessionReplay.ts'

export interface ReplayDevtoolsProps {
  /** @default 'bottom-right' */
  position?: 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left'
}

const REFRESH_MS = 1000

const COLORS: Partial<Record<ReplayStatus, string>> = {
  recording: '#d43a3a',
  paused: '#c98a00',
  settling: '#c98a00',
  starting: '#c98a00',
  failed: '#8b1a8b',
}

/** Status badge and panel. Rendered by `ReplayDevtools`, which leaves it out in production. */
export function DevtoolsPanel({ position = 'bottom-right' }: ReplayDevtoolsProps): ReactNode {
  const { status, isRecording, reasons, route, error, explain, pause, resume } = useSessionReplay()
  const [isOpen, setOpen] = useState(false)
  const [, refresh] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    if (!isOpen) return
    // Uploads are no part of the snapshot: they would render the whole app's badges at each one.
    const timer = setInterval(refresh, REFRESH_MS)
    return () => clearInterval(timer)
  }, [isOpen])

  const isPaused = reasons.some(({ kind }) => kind === 'manual')
  return (
    <aside {...blockProps()} aria-label="Session replay" style={{ ...BOX, ...cornerOf(position) }}>
      {isOpen && <Panel explanation={explain()} rows={rowsOf()} />}
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} style={BUTTON}>
        <span style={{ color: COLORS[status] ?? '#8a8f98' }}>{isRecording ? '●' : '○'}</span> replay: {status}
      </button>
      {isOpen && (
        <button type="button" onClick={() => (isPaused ? resume() : pause('devtools'))} style={BUTTON}>
          {isPaused ? 'Resume' : 'Pause'}
        </button>
      )}
    </aside>
  )

  function rowsOf(): Row[] {
    const paused = reasons.map(({ kind, detail, count }) =>
      [kind, detail && `(${detail})`, count > 1 && `×${count}`].filter(Boolean).join(' '),
    )
    const decided = route?.matched ? ` by ${route.matched}` : ''
    return [
      ['paused by', paused.join(', ') || 'nothing'],
      [
        'route',
        route ? `${route.path} ${route.allowed ? 'allowed' : 'denied'}${decided}` : 'not looked at yet',
      ],
      ...(error ? [['error', `${error.code}: ${error.message}`] as Row] : []),
    ]
  }
}

type Row = [name: string, value: string]

/** The recorder explains itself only while it is there. */
function Panel({ explanation, rows }: { explanation: Explanation; rows: Row[] }): ReactNode {
  const { sentence, recorder } = explanation
  const steps = recorder?.steps ?? []
  const upload = recorder?.delivery?.upload
  const all: Row[] = [
    ...rows,
    ['last upload', upload?.lastUploadAt ? new Date(upload.lastUploadAt).toLocaleTimeString() : 'none yet'],
    ['sent', `${((upload?.bytesSent ?? 0) / 1024).toFixed(1)} KiB in ${upload?.requests ?? 0} requests`],
  ]
  return (
    <div style={PANEL}>
      <p style={{ margin: 0 }}>{sentence}</p>
      <dl style={LIST}>
        {all.map(([name, value]) => (
          <div key={name}>
            <dt style={NAME}>{name}</dt>
            <dd style={{ margin: 0 }}>{value}</dd>
          </div>
        ))}
      </dl>
      {steps.length > 0 && (
        <ol style={{ margin: 0, paddingLeft: 18 }}>
          {steps.map(({ check, passed, detail }) => (
            <li key={check} style={{ opacity: passed === null ? 0.5 : 1 }}>
              {passed === false ? '✗' : passed ? '✓' : '–'} {detail}
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

function cornerOf(position: string): CSSProperties {
  const [vertical = 'bottom', horizontal = 'right'] = position.split('-')
  return { [vertical]: 12, [horizontal]: 12 }
}

const BOX: CSSProperties = {
  position: 'fixed',
  zIndex: 2147483000,
  maxWidth: 360,
  font: '12px/1.5 system-ui, sans-serif',
  color: '#1c2128',
}
const BUTTON: CSSProperties = {
  font: 'inherit',
  color: 'inherit',
  background: '#fff',
  border: '1px solid #d0d4da',
  borderRadius: 999,
  padding: '3px 10px',
  marginRight: 6,
  cursor: 'pointer',
}
const PANEL: CSSProperties = {
  background: '#fff',
  border: '1px solid #d0d4da',
  borderRadius: 10,
  padding: 12,
  marginBottom: 6,
  boxShadow: '0 6px 24px rgb(0 0 0 / 12%)',
}
const LIST: CSSProperties = { margin: '8px 0', display: 'grid', gap: 4 }
const NAME: CSSProperties = { color: '#6a717c' }
