import type { ReplayController, ReplayStatus } from '@session-replay-kit/core'
import { Block, Mask, SessionReplayProvider, useSessionReplay } from './index.ts'

// Checked by tsc: what must compile, and with @ts-expect-error what must not.

declare const client: ReplayController
declare const amplitude: typeof import('@amplitude/analytics-browser')

export const providers = [
  <SessionReplayProvider key="1" client={client} enabled={false} location="/" />,
  <SessionReplayProvider key="2" apiKey="key" options={{ sampleRate: 0.1 }} routes={{ deny: ['/a/**'] }} />,
  <SessionReplayProvider
    key="3"
    apiKey="key"
    analytics={{ serverZone: 'EU' }}
    location={{ pathname: '/' }}
  />,
  <SessionReplayProvider key="4" amplitude={amplitude} sampleRate={1} consent="required" />,
  <SessionReplayProvider key="5" amplitude={() => null} />,
  <SessionReplayProvider key="6" options={{ amplitude, sampleRate: 1 }} />,

  // @ts-expect-error a controller has its options already
  <SessionReplayProvider key="a" client={client} options={{ sampleRate: 1 }} />,
  // @ts-expect-error neither as a prop
  <SessionReplayProvider key="b" client={client} sampleRate={1} />,
  // @ts-expect-error one source of analytics
  <SessionReplayProvider key="c" apiKey="key" amplitude={amplitude} />,
  // @ts-expect-error the app initialises its own client
  <SessionReplayProvider key="d" amplitude={amplitude} analytics={{}} />,
  // @ts-expect-error misspelt
  <SessionReplayProvider key="e" apiKey="key" samplerate={1} />,
  // @ts-expect-error no such rule
  <SessionReplayProvider key="f" apiKey="key" routes={{ denied: '/a' }} />,
]

export const elements = [
  <Mask key="1">text</Mask>,
  <Mask key="2" as="p" className="lead" level="light" when={false} />,
  <Mask key="3" asChild>
    <p />
  </Mask>,
  <Block key="4" as={Block} />,

  // @ts-expect-error text cannot carry an attribute
  <Mask key="a" asChild>
    text
  </Mask>,
  // @ts-expect-error several children neither
  <Mask key="b" asChild>
    <p />
    <p />
  </Mask>,
  // @ts-expect-error either the child or an element
  <Mask key="c" asChild as="p">
    <p />
  </Mask>,
  // @ts-expect-error no such level
  <Mask key="d" level="strict" />,
  // @ts-expect-error a block has no level
  <Block key="e" level="light" />,
]

export function useTypes(): void {
  const replay = useSessionReplay()
  const status: ReplayStatus = replay.status
  const isRecording: boolean = useSessionReplay((snapshot) => snapshot.isRecording)
  const kinds: string[] = useSessionReplay(
    (snapshot) => snapshot.reasons.map(({ kind }) => kind),
    (a, b) => a.length === b.length,
  )
  useSessionReplay({ pause: true, detail: 'salary', scope: 'visible' })

  // @ts-expect-error read only
  replay.status = status
  // @ts-expect-error no such scope
  useSessionReplay({ pause: isRecording, scope: 'page' })
  // @ts-expect-error holds are not for buttons
  replay.resume(kinds)
}
