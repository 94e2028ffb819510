import { type BodyStream, createBodyStream } from './body-stream.ts'
import type { PackAnswer, PackMessage } from './worker-protocol.ts'

/** Obeys the packing protocol: keeps one body stream for each open batch. Its home is the worker or the page. */
export function createPackHost(answer: (answer: PackAnswer) => void): (message: PackMessage) => void {
  const open = new Map<number, { stream: BodyStream; events: number }>()

  return (message) => {
    if (message.kind === 'open') {
      const { channel, from } = message
      open.set(message.batch, { stream: createBodyStream(channel, from), events: from.events })
      return
    }
    const body = open.get(message.batch)
    if (!body) return
    switch (message.kind) {
      case 'add':
        body.stream.add(message.texts)
        body.events += message.texts.length
        return
      case 'flush':
        answer({
          kind: 'piece',
          batch: message.batch,
          events: body.events,
          closed: false,
          ...body.stream.flush(),
        })
        return
      case 'close':
        open.delete(message.batch)
        answer({
          kind: 'piece',
          batch: message.batch,
          events: body.events,
          closed: true,
          ...body.stream.close(),
        })
        return
      case 'forget':
        open.delete(message.batch)
    }
  }
}
