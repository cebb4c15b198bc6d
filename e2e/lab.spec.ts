import type { Page } from '@playwright/test'
import type { WireRun } from '#server/protocol/lab-runs.ts'
import { expect, test } from './app.ts'

test.describe.configure({ mode: 'serial' })
test.slow()

const lanes = ['Short polling', 'Long polling', 'Server-Sent Events', 'WebSocket'] as const

test('A short run brings every entry down all four lanes to the page, and loses none.', async ({ page }) => {
  await page.goto('/lab')
  await writeScenario(page, { Events: '20', For: '5', 'Poll every': '0.5' })
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible()
  await expect(page.getByText('Done.')).toBeVisible({ timeout: 60_000 })

  for (const lane of lanes) {
    const row = page.getByRole('group', { name: lane })
    await expect(row.getByText('received 100')).toBeVisible()
  }
  const run = await newestRun(page)
  expect(run.outcome?.kind).toBe('scenario')
})

/** Opens the form and writes a scenario of the fastest kind, with what is given. */
async function writeScenario(page: Page, fields: Record<string, string>) {
  await page.getByRole('button', { name: 'Change' }).click()
  const form = page.getByRole('region', { name: 'What to run next' })
  for (const name of ['Short poll', 'Long poll', 'SSE', 'WebSocket']) {
    await form.getByLabel(name).fill('2')
  }
  await form.getByLabel('each').selectOption('second')
  for (const [label, value] of Object.entries(fields)) {
    await form.getByLabel(label, { exact: true }).first().fill(value)
  }
}

async function newestRun(page: Page): Promise<WireRun> {
  const list = (await (await page.request.get('/api/lab/runs')).json()) as { items: { id: string }[] }
  return (await (await page.request.get(`/api/lab/runs/${list.items[0]?.id}`)).json()) as WireRun
}
