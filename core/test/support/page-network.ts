import type { Page } from 'playwright'

/** The network of one page, under the browser's own control, with its `offline` and `online`. */
export interface PageNetwork {
  offline(is: boolean): Promise<void>
  limit(uploadBytesPerSecond: number): Promise<void>
}

export async function networkOf(page: Page): Promise<PageNetwork> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const emulate = async (offline: boolean, uploadThroughput: number): Promise<void> => {
    const conditions = { offline, latency: 0, downloadThroughput: -1, uploadThroughput }
    await session.send('Network.emulateNetworkConditions', conditions)
  }
  return {
    offline: (is) => emulate(is, -1),
    limit: (uploadBytesPerSecond) => emulate(false, uploadBytesPerSecond),
  }
}
