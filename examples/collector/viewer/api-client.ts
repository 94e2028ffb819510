import type { EventsPage, ReplayDetail, ReplaySummary, Settings, StreamMessage } from '../api.ts'

async function ask<Answer>(path: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(path, init)
  const answer = (await response.json()) as Answer & { error?: string }
  if (!response.ok) throw new Error(answer.error ?? `${path} answered ${response.status}`)
  return answer
}

export const listReplays = (): Promise<ReplaySummary[]> => ask('/api/replays')
export const readReplay = (key: string): Promise<ReplayDetail> => ask(`/api/replays/${key}`)
export const readEvents = (key: string, after = 0): Promise<EventsPage> =>
  ask(`/api/replays/${key}/events?after=${after}`)
export const removeReplay = (key: string): Promise<unknown> =>
  ask(`/api/replays/${key}`, { method: 'DELETE' })
export const removeAllReplays = (): Promise<unknown> => ask('/api/replays', { method: 'DELETE' })
export const readSettings = (): Promise<Settings> => ask('/api/settings')
export const changeSettings = (patch: Partial<Settings>): Promise<Settings> =>
  ask('/api/settings', { method: 'PUT', body: JSON.stringify(patch) })

/** Follows what arrives; `onConnected` tells whether the collector can be reached. */
export function watchReplays(
  onMessage: (message: StreamMessage) => void,
  onConnected: (connected: boolean) => void,
): () => void {
  const source = new EventSource('/api/stream')
  source.onmessage = ({ data }) => onMessage(JSON.parse(data))
  source.onopen = () => onConnected(true)
  source.onerror = () => onConnected(false)
  return () => source.close()
}
