import type { Page } from '@playwright/test'
import { test as base, expect } from './app.ts'
import { axeViolations, isTooWide } from './axe.ts'
import { csvRows, report, type StoredRun, startRun, startScenario, storedRun } from './lab-runs-steps.ts'

type Stored = { a: StoredRun; b: StoredRun }

/** Two short runs in this worker's own app, the second over a connection that is cut. */
const test = base.extend<object, { stored: Stored }>({
  stored: [
    async ({ app }, use) => {
      const a = await storedRun(app, { eventsPerSecond: 5 })
      const b = await storedRun(app, {
        ...{ eventsPerSecond: 5, seconds: 6 },
        network: { kind: 'cut', everySeconds: 2, forMs: 300 },
      })
      await use({ a, b })
    },
    { scope: 'worker', timeout: 240_000 },
  ],
})

// An app of its own, in which no other test has run anything.
test.use({ settings: { STAGE_MS: '400' } })

test('Before the first run the list says that there is none, and where one is made.', async ({ page }) => {
  await page.goto('/lab/runs')
  await expect(page.getByRole('heading', { name: 'No runs yet' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Open the lab' })).toHaveAttribute('href', '/lab')
})

test('A run in progress is shown live, and turns into its report when it is over.', async ({ app, page }) => {
  test.setTimeout(150_000)
  const { id } = await startScenario(app, { eventsPerSecond: 10, seconds: 8 })
  await page.goto(`/lab/runs/${id}`)
  const ledger = page.getByRole('table', { name: 'Ledger' })
  await expect(ledger).toContainText('in flight', { timeout: 60_000 })
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeVisible()
  await expect(page.getByRole('table', { name: 'Observer effect' })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeHidden()
  await expect(ledger.getByRole('row', { name: 'SSE' })).toContainText('0')
  await expect(ledger).not.toContainText('in flight')
})

test('A run is given a name, and anybody with its link reads it, signed in or not.', async ({
  stored,
  page,
  browserPage,
}) => {
  await page.goto('/lab/runs')
  await page.getByRole('button', { name: `Name run ${stored.a.number}` }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Before the cut')
  await page.getByRole('button', { name: 'Save' }).click()
  const link = page.getByRole('link', { name: 'Before the cut' })
  await expect(link).toHaveAttribute('href', `/lab/runs/${stored.a.id}`)
  const other = await browserPage()
  await other.goto(`/lab/runs/${stored.a.id}`)
  await expect(other).toHaveTitle(`Run ${stored.a.number}: Before the cut · Wireside`)
  await expect(other.getByRole('heading', { level: 1, name: 'Before the cut' })).toBeVisible()
  for (const title of ['Latency', 'Ledger', 'Cost', 'Claimed and measured', 'Over time', 'Machine']) {
    await expect(other.getByRole('heading', { level: 2, name: title })).toBeVisible()
  }
})

test('The page, the JSON and the CSV tell the same figures.', async ({ stored, page }) => {
  await page.goto(`/lab/runs/${stored.b.id}`)
  const json = await report(page, stored.b.id, 'json')
  const rows = csvRows(await (await report(page, stored.b.id, 'csv')).text())
  const { outcome } = stored.b
  expect((await json.json()).outcome).toEqual(outcome)
  const { ledger, latency } = outcome.report.lanes.sse
  const row = rows.find(({ lane }) => lane === 'sse')
  expect(Number(row?.['ledger.received'])).toBe(ledger.received)
  expect(Number(row?.['latency.p50Ms'])).toBe(latency.p50Ms)
  const shown = page.getByRole('table', { name: 'Ledger' }).getByRole('row', { name: /^SSE/ })
  await expect(shown.getByRole('cell').nth(1)).toHaveText(String(ledger.received))
  const late = page.getByRole('table', { name: 'Latency, in ms' }).getByRole('row', { name: /^SSE/ })
  const p50 = latency.p50Ms ?? Number.NaN
  await expect(late).toContainText(p50 < 9.95 ? p50.toFixed(1) : String(Math.round(p50)))
  await expect(page.getByRole('list', { name: 'Incidents' }).getByRole('listitem').first()).toBeVisible()
})

test('Every table says how it is measured, and every chart is a table too.', async ({ stored, page }) => {
  await page.goto(`/lab/runs/${stored.a.id}`)
  const how = page.getByRole('button', { name: 'How it’s measured: Latency' })
  await expect(page.getByText('pg_xact_commit_timestamp')).toBeHidden()
  await how.click()
  await expect(how).toHaveAttribute('aria-expanded', 'true')
  await expect(page.getByText('pg_xact_commit_timestamp')).toBeVisible()
  await page.getByRole('button', { name: 'Queries per second as a table' }).click()
  await expect(page.getByRole('table', { name: 'Queries per second' }).getByRole('row').nth(1)).toBeVisible()
  await expect(page.locator('.uplot canvas')).toHaveCount(4)
})

test('Two runs that are ticked stand side by side, and what differs is said.', async ({ stored, page }) => {
  await page.goto('/lab/runs')
  await page.getByRole('checkbox', { name: `Compare run ${stored.a.number}` }).check()
  await page.getByRole('checkbox', { name: `Compare run ${stored.b.number}` }).check()
  await page.getByRole('link', { name: 'Compare' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Two runs compared' })).toBeVisible()
  await expect(page.getByRole('table', { name: 'What differs' })).toContainText('cut every 2 s for 300 ms')
  const p50 = page.getByRole('table', { name: 'Latency p50, ms' }).getByRole('row', { name: /^SSE/ })
  await expect(p50).toContainText(/×|same/)
})

test('A trap shows both its arms, and is not compared with a scenario.', async ({ app, stored, page }) => {
  const { id } = await startRun(app, { kind: 'trap', trap: 'notify-limits' })
  await page.goto(`/lab/runs/${id}`)
  await expect(page.getByText('Hit the problem.')).toBeVisible({ timeout: 40_000 })
  await expect(page.getByText('Avoided the problem.')).toBeVisible()
  await page.goto(`/lab/compare?a=${stored.a.id}&b=${id}`)
  await expect(
    page.getByText('A is a scenario and B is a trap: they have no figures in common'),
  ).toBeVisible()
})

test('On paper the report is A4, says how it is measured, and has nothing to press.', async ({
  stored,
  page,
}) => {
  await page.goto(`/lab/runs/${stored.b.id}`)
  await expect(page.getByRole('table', { name: 'Observer effect' })).toBeVisible()
  const pdf = await page.pdf({ preferCSSPageSize: true })
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  expect(pdf.toString('latin1')).toMatch(/\/MediaBox \[0 0 59[45]\S* 84[12]/)
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  // The width of A4 between its margins.
  await page.setViewportSize({ width: 703, height: 1_000 })
  expect(await isTooWide(page)).toBe(false)
  await expect(page.getByText('pg_xact_commit_timestamp')).toBeVisible()
  await expect(page.getByRole('button').filter({ visible: true })).toHaveCount(0)
  await expect(page.getByRole('navigation')).toHaveCount(0)
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe(
    'rgb(255, 255, 255)',
  )
})

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [size, width] of Object.entries({ desk: 1_440, phone: 390 })) {
    test(`No page of runs has a fault that axe finds, or is too wide: ${size}, ${colorScheme}.`, async ({
      stored,
      browserPage,
    }) => {
      const page = await browserPage({ viewport: { width, height: 900 }, colorScheme })
      const { a, b } = stored
      await check(page, '/lab/runs', 'Runs')
      await check(page, `/lab/runs/${b.id}`, 'Trade-offs')
      await check(page, `/lab/compare?a=${a.id}&b=${b.id}`, 'Two runs compared')
      await check(page, '/lab/compare', 'No runs selected')
    })
  }
}

test('What is no run says so, and leads to those that are.', async ({ page, quiet }) => {
  quiet.expect(/404/)
  const answer = await page.goto('/lab/runs/no-such-run')
  expect(answer?.status()).toBe(404)
  await expect(page.getByRole('heading', { level: 1, name: 'This run isn’t on this machine' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'All runs' })).toHaveAttribute('href', '/lab/runs')
})

test('A list that cannot be had says so, and is had again.', async ({ stored, page, quiet }) => {
  quiet.expect(/net::ERR_/)
  await page.route('**/api/lab/runs', (route) => route.abort())
  await page.goto('/lab/runs')
  await expect(
    page.getByRole('alert').filter({ hasText: 'The list couldn’t be loaded. No response from the server.' }),
  ).toBeVisible()
  await page.unroute('**/api/lab/runs')
  await page.getByRole('button', { name: 'Retry now' }).click()
  await expect(page.getByRole('checkbox', { name: `Compare run ${stored.a.number}` })).toBeVisible()
  await expect(page.getByText('The list couldn’t be loaded.')).toBeHidden()
})

test('A run is deleted once that is confirmed, and its link then leads nowhere.', async ({
  stored,
  page,
  quiet,
}) => {
  quiet.expect(/404/)
  const { number, id } = stored.b
  await page.goto('/lab/runs')
  const remove = page.getByRole('button', { name: `Delete run ${number}` })
  await remove.click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(remove).toBeVisible()
  await remove.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(remove).toBeHidden()
  await expect(page.getByRole('button', { name: `Delete run ${stored.a.number}` })).toBeVisible()
  await page.goto(`/lab/runs/${id}`)
  await expect(page.getByRole('heading', { level: 1, name: 'This run isn’t on this machine' })).toBeVisible()
})

async function check(page: Page, path: string, heading: string) {
  await page.goto(path)
  await expect(page.getByRole('heading', { name: heading })).toBeVisible()
  await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0)
  expect(await axeViolations(page), path).toEqual([])
  expect(await isTooWide(page), path).toBe(false)
}
