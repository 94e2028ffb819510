import { type BodyStream, createBodyStream } from './body-stream.ts'
import type { PackAnswer, PackMessage } from './worker-protocol.ts'

/** Obeys the packing protocol: keeps one body stream for each open batch. Its home is the worker or the page. */
export function createPackHost(answer: (answer: PackAnswer) => void): (message: PackMessage) => void {
  const open = new Map<number, { stream: BodyStream; events: number }>()

  return (message) => {
    if (message.kind === 'open') {
      const { channel, from } = message
      open.set(message.stream, { stream: createBodyStream(channel, from), events: from.events })
      return
    }
    const body = open.get(message.stream)
    if (!body) return
    switch (message.kind) {
      case 'add':
        body.stream.add(message.texts)
        body.events += message.texts.length
        return
      case 'flush':
        answer({
          kind: 'piece',
          stream: message.stream,
          events: body.events,
          closed: false,
          ...body.stream.flush(),
        })
        return
      case 'close':
        open.delete(message.stream)
        answer({
          kind: 'piece',
          stream: message.stream,
          events: body.events,
          closed: true,
          ...body.stream.close(),
        })
        return
      case 'forget':
        open.delete(message.stream)
    }
  }
}
