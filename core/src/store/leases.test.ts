import { describe, expect, it } from 'vitest'
import { decideClaim, HIDDEN_LEASE_MS, LEASE_MS } from './leases.ts'

const now = 1_000_000_000
const lease = (expiresAt: number, owner = 'other') => ({ tabId: 'tab', owner, expiresAt })

describe('decideClaim', () => {
  it.each([
    ['lets an owner have its own lease', { lease: lease(now + 5, 'me'), lastWriteAt: now }, { free: true }],
    ['frees at once what was given up', { lease: lease(0), lastWriteAt: now }, { free: true }],
    [
      'respects a running lease',
      { lease: lease(now + 5), lastWriteAt: 0 },
      { free: false, askAgainAt: now + 5 },
    ],
    ['frees what has run out', { lease: lease(now - 1), lastWriteAt: 0 }, { free: true }],
    [
      'takes a recent write for a sign of life after the lease',
      { lease: lease(now - 1), lastWriteAt: now - 10 },
      { free: false, askAgainAt: now - 10 + LEASE_MS },
    ],
    ['frees what nobody claims', { lease: undefined, lastWriteAt: 0 }, { free: true }],
    [
      'takes a recent write for a sign of life without a lease',
      { lease: undefined, lastWriteAt: now },
      { free: false, askAgainAt: now + LEASE_MS },
    ],
    [
      'frees what was written long ago without a lease',
      { lease: undefined, lastWriteAt: now - LEASE_MS },
      { free: true },
    ],
    [
      'does not believe a lease from the future',
      { lease: lease(now + HIDDEN_LEASE_MS + 1), lastWriteAt: 0 },
      { free: true },
    ],
  ])('%s', (_case, facts, claim) => {
    expect(decideClaim({ ...facts, owner: 'me', now })).toEqual(claim)
  })
})
