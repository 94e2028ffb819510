import type { PackedBatch, Transport } from '../types.ts'
import type { Clock } from './clock.ts'
import { beaconUrl, type Destination } from './endpoint.ts'
import type { KeepaliveBudget } from './keepalive.ts'
import type { Outcome } from './outcome.ts'
import { attempt, describeRequest, type Encoding } from './request.ts'
import { canKeepAlive } from './transport.ts'

// What can still be sent while the page goes away. Everything happens before the functions return: the browser takes
// over, and what it does not take stays in the store for the next visit.

export interface ExitDeps extends Encoding {
  readonly destination: Destination
  readonly budget: KeepaliveBudget
  readonly transport?: Transport
  readonly timeoutMs: number
  readonly clock: Clock
}

export interface ExitSender {
  /**
   * Hands one batch to the browser, once. `null`: it does not fit into what is left of the keepalive budget, or can
   * not be read.
   * If the page survives, the promise tells the outcome.
   */
  handOver(batch: PackedBatch): Promise<Outcome> | null
}

/** After so long a beacon counts as a request without an answer. */
const BEACON_ANSWER_MS = 10_000

export function createExitSender(deps: ExitDeps): ExitSender {
  const { destination, budget, transport, timeoutMs, clock } = deps

  function handOver(batch: PackedBatch): Promise<Outcome> | null {
    if (!transport && !canKeepAlive()) return sendAsBeacon(batch)
    const request = describeRequest(destination, batch.header, batch.body, deps)
    const giveBack = budget.take(request.body.byteLength)
    if (!giveBack) return null
    return attempt({ ...request, keepalive: true }, { transport, timeoutMs, clock }).finally(giveBack)
  }

  // Beacons cannot say that they are gzipped, so fewer fit, and version 2 tells the server which way they came.
  function sendAsBeacon({ header, body }: PackedBatch): Promise<Outcome> | null {
    const text = readBody(body)
    if (text === null) return null
    const json = header.channel === 'replay' ? text.replace('{"version":1,', '{"version":2,') : text
    const payload = new Blob([json], { type: 'application/json' })
    const giveBack = budget.take(payload.size)
    if (!giveBack) return null
    if (!sendBeacon(beaconUrl(destination, header), payload)) {
      giveBack()
      return null
    }
    return new Promise((resolve) => {
      clock.after(BEACON_ANSWER_MS, () => {
        giveBack()
        resolve({ kind: 'unknown', reason: 'beacon' })
      })
    })
  }

  function readBody(body: Uint8Array): string | null {
    try {
      return new TextDecoder().decode(deps.gunzip(body))
    } catch {
      // Damaged, or the code for it has not come: it stays in the store.
      return null
    }
  }

  return { handOver }
}

function sendBeacon(url: string, payload: BodyInit): boolean {
  try {
    return navigator.sendBeacon(url, payload)
  } catch {
    return false
  }
}
