import { expect as base, test } from '@playwright/test'
import { createTestCollector, replayMatchers } from '@session-replay-kit/core/testing'

const expect = base.extend(replayMatchers)

test('a replay of the account page tells nothing about the person', async ({ page }) => {
  const collector = createTestCollector({
    remoteConfigs: { sessionReplay: { sr_sampling_config: { capture_enabled: true, sample_rate: 1 } } },
  })
  await page.route(/amplitude\.com/, collector.route)
  await page.goto('/account')
  await page.getByLabel('Name').fill('Jane Doe')
  await page.getByLabel('Card number').fill('4111 1111 1111 1111')
  await page.getByRole('button', { name: 'Save' }).click()
  await collector.waitForUpload(({ decoded }) => decoded.text.includes('Saved.'))

  expect(collector).toShowText('Your account', 'Saved.')
  expect(collector).toHideText('Jane Doe', '4111 1111 1111 1111')
})
