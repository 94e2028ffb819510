/**
 * Bytes that one page may have in flight in `keepalive` requests and beacons, the host's own included.
 * Source: Fetch standard, HTTP-network-or-cache fetch (64 KiB); past it the request fails.
 */
export const KEEPALIVE_LIMIT_BYTES = 64 * 1024

/** Left for the host page's own beacons. */
const HOST_SHARE_BYTES = 4 * 1024

/** Our part of the page's keepalive allowance. All requests of one delivery draw on it. */
export interface KeepaliveBudget {
  freeBytes(): number
  /** Takes the bytes and returns how to give them back, or `null` if they do not fit. */
  take(bytes: number): (() => void) | null
}

export function createKeepaliveBudget(
  limitBytes = KEEPALIVE_LIMIT_BYTES - HOST_SHARE_BYTES,
): KeepaliveBudget {
  let usedBytes = 0
  return {
    freeBytes: () => limitBytes - usedBytes,
    take(bytes) {
      if (usedBytes + bytes > limitBytes) return null
      usedBytes += bytes
      let held = true
      return () => {
        if (held) usedBytes -= bytes
        held = false
      }
    },
  }
}
