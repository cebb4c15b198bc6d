import type { Page } from '@playwright/test'
import { deliveryNames } from '#server/protocol/lab.ts'
import type { RunReport } from '#server/protocol/lab-report.ts'
import type { WireRun } from '#server/protocol/lab-runs.ts'
import type { RunOrder } from '#server/protocol/lab-schemas.ts'
import { expect, test } from './app.ts'
import { axeViolations, isTooWide } from './axe.ts'

test.describe.configure({ mode: 'serial' })
test.slow()

const lanes = ['Short polling', 'Long polling', 'Server-Sent Events', 'WebSocket'] as const
const enough = { timeout: 60_000 }

test('A short run, started by the keyboard, brings every entry down all four lanes to the page, and loses none.', async ({
  page,
}) => {
  await page.goto('/lab')
  await writeScenario(page, { Events: '20', For: '5', 'Poll every': '0.5' })
  await page.getByRole('button', { name: 'Start', exact: true }).press('Enter')
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeVisible()
  await expect(page.getByText('Done.')).toBeVisible(enough)

  for (const lane of lanes) {
    const row = page.getByRole('group', { name: lane })
    await expect(row.getByText('received 100')).toBeVisible()
  }
  const { lanes: crowd, browser, written } = await reportOfNewest(page)
  expect(written).toBe(100)
  for (const lane of deliveryNames) {
    const clean = { lost: 0, repeated: 0, outOfOrder: 0, altered: 0 }
    expect(crowd[lane].ledger, `crowd, ${lane}`).toMatchObject({ ...clean, expected: 200, received: 200 })
    expect(browser?.lanes[lane]?.ledger, `page, ${lane}`).toMatchObject({ ...clean, received: 100 })
    expect(browser?.lanes[lane]?.bytesDown, `page, ${lane}`).toBeGreaterThan(100 * 100)
  }

  // The same entry, byte for byte, on all four wires.
  const marked = page.locator('[data-lane] mark')
  await expect(marked).toHaveCount(4)
  const [first, ...others] = await marked.allTextContents()
  expect(first).toMatch(/^\{"seq":\d+,"type":"lab\.event"/)
  expect(new Set(others)).toEqual(new Set([first]))

  expect(await axeViolations(page)).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await isTooWide(page)).toBe(false)
  expect(await axeViolations(page)).toEqual([])
})

test('At 500 events a second no lane falls behind; stopped by the keyboard, what was measured is kept.', async ({
  page,
}) => {
  await page.goto('/lab')
  await start(page, { eventsPerSecond: 500, burst: 1, payloadBytes: 60, seconds: 120, pollMs: 500 })
  await page.reload()
  const received = (lane: string) => page.getByRole('group', { name: lane }).getByText(/^received [\d,]+$/)
  const count = async (lane: string) =>
    Number((await received(lane).textContent())?.replaceAll(/\D/g, '') ?? 0)
  await expect.poll(() => count('WebSocket'), enough).toBeGreaterThan(4_000)
  await page.getByRole('button', { name: 'Stop', exact: true }).press('Enter')
  await expect(page.getByText('Stopped early. Measurements up to that point are kept.')).toBeVisible(enough)

  const { browser, written } = await reportOfNewest(page)
  expect(browser?.mainThreadShare).toBeGreaterThan(0)
  for (const lane of deliveryNames) {
    expect(browser?.lanes[lane]?.ledger, lane).toMatchObject({ received: written, lost: 0, outOfOrder: 0 })
    // A lane that falls behind gets later with each entry; one that keeps up is late by a poll, or by a busy moment.
    expect(browser?.lanes[lane]?.latency.p50Ms, lane).toBeLessThan(1_000)
  }
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`Before a run the lab has no fault that axe finds, and is not too wide: ${colorScheme}.`, async ({
    browserPage,
  }) => {
    const page = await browserPage({ colorScheme })
    await page.goto('/lab')
    for (const viewport of [
      { width: 1_440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      await page.setViewportSize(viewport)
      await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeEnabled()
      expect(await isTooWide(page)).toBe(false)
      expect(await axeViolations(page)).toEqual([])
    }
  })
}

/** Opens the form and fills in a scenario of the fastest kind, with `fields` changed. */
async function writeScenario(page: Page, fields: Record<string, string>) {
  await page.getByRole('button', { name: 'Change' }).click()
  const form = page.getByRole('region', { name: 'Next run' })
  for (const name of ['Short poll', 'Long poll', 'SSE', 'WebSocket']) {
    await form.getByLabel(name).fill('2')
  }
  await form.getByLabel('each').selectOption('second')
  for (const [label, value] of Object.entries(fields)) {
    await form.getByLabel(label, { exact: true }).first().fill(value)
  }
}

type Scenario = Extract<RunOrder, { kind: 'scenario' }>['scenario']

async function start(page: Page, scenario: Omit<Scenario, 'clients' | 'network'>) {
  const clients = { short: 1, long: 1, sse: 1, socket: 1 }
  const order: RunOrder = {
    kind: 'scenario',
    scenario: { ...scenario, clients, network: { kind: 'clean' } },
  }
  expect((await page.request.post('/api/lab/runs', { data: order })).status()).toBe(201)
}

/** The newest run's report, once the page's own measurements are in it. */
async function reportOfNewest(page: Page): Promise<RunReport> {
  const list = (await (await page.request.get('/api/lab/runs')).json()) as { items: { id: string }[] }
  let report: RunReport | undefined
  await expect
    .poll(async () => {
      const run = (await (await page.request.get(`/api/lab/runs/${list.items[0]?.id}`)).json()) as WireRun
      report = run.outcome?.kind === 'scenario' ? run.outcome.report : undefined
      return report?.browser
    })
    .toBeDefined()
  if (!report) throw new Error('There is no report')
  return report
}
