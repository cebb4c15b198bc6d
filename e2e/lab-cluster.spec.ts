import { expect, test } from './app.ts'
import { axeViolations, isTooWide } from './axe.ts'

const startsWithinMs = 180_000

test('A cluster is started from its page, traced, loses nothing to a killed gateway, and is stopped.', async ({
  page,
}) => {
  test.setTimeout(2 * startsWithinMs)
  await page.goto('/lab')
  await page.getByRole('link', { name: 'Open the cluster' }).click()
  await page.getByRole('button', { name: 'Start a cluster' }).click()
  const processes = page.getByRole('table', { name: 'Processes' })
  await expect(processes).toBeVisible({ timeout: startsWithinMs })
  for (const part of ['browsers', 'postgres', 'worker-1', 'prices-1']) {
    await expect(processes.locator(`[data-part="${part}"]`)).toHaveAttribute('data-state', 'ready')
  }
  const entrance = page.getByRole('region', { name: 'Through the entrance' })
  await expect(entrance.getByText('committed to Postgres')).toBeVisible()
  await expect(entrance.getByText('received over SSE')).toBeVisible()
  const between = page.getByRole('region', { name: 'Between two gateways' })
  await between.getByRole('button', { name: 'Send a message' }).click()
  await expect(between.getByText('written as an SSE frame')).toBeVisible({ timeout: 30_000 })

  expect(await axeViolations(page, 'main')).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await isTooWide(page)).toBe(false)
  expect(await axeViolations(page, 'main')).toEqual([])

  await page.getByRole('button', { name: 'Kill a gateway' }).click()
  await expect(page.getByRole('list', { name: 'What happened' })).toContainText('SIGKILL', {
    timeout: 60_000,
  })
  await page.getByRole('button', { name: 'Stop the cluster' }).click()
  await expect(page.getByText('none of its processes is left')).toBeVisible({ timeout: 90_000 })
  await expect(page.getByRole('definition').nth(1)).toHaveText('0')
})
