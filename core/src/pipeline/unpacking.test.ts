import { gzipSync } from 'fflate'
import { expect, it } from 'vitest'
import { createUnpacking } from './unpacking.ts'

const text = '{"version":1,"events":[]}'
const body = gzipSync(new TextEncoder().encode(text))

it('reads bodies at once when the code for it came with the page', async () => {
  const unpacking = createUnpacking(true)
  await unpacking.ready
  expect(new TextDecoder().decode(unpacking.gunzip(body))).toBe(text)
})

it('asks again for code that did not come', async () => {
  let isThere = false
  const unpacking = createUnpacking(true, () =>
    isThere ? import('../pack/packed-body.ts') : Promise.reject(new TypeError('Failed to fetch')),
  )
  await unpacking.ready
  expect(() => unpacking.gunzip(body)).toThrow('cannot be read yet')
  isThere = true
  await unpacking.ready
  expect(new TextDecoder().decode(unpacking.gunzip(body))).toBe(text)
})

it('does not wait for code that the exit will not need', async () => {
  const unpacking = createUnpacking(false, () => Promise.reject(new TypeError('Failed to fetch')))
  await unpacking.ready
  expect(await unpacking.split(body)).toBeNull()
})
