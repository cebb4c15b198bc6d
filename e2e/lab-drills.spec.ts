import type { Locator, Page } from '@playwright/test'
import { drillWords } from '#components/lab/drills/drill-words.ts'
import { type DrillName, drillNames } from '#server/protocol/lab.ts'
import { emptyLedger } from '#server/protocol/lab-ledger.ts'
import type { DrillReport } from '#server/protocol/lab-report.ts'
import type { WireRun } from '#server/protocol/lab-runs.ts'
import { expect, test } from './app.ts'
import { axeViolations } from './axe.ts'
import { keepRun } from './lab-runs-steps.ts'

const overWithinMs = 90_000
/** Run by this browser. `drills.test.ts` runs all of them; here the reports of the others are only shown. */
const played: readonly DrillName[] = ['cut-everybody', 'revoke-the-session']

// A machine runs one at a time, so both are in one test, and nothing runs beside it in this app.
test('A drill is run from the page: the control loses, and ours does not.', async ({ page }) => {
  test.setTimeout(played.length * overWithinMs)
  await page.goto('/lab')
  for (const drill of played) {
    await test.step(drill, async () => {
      const row = rowOf(page, drill)
      await row.getByRole('button', { name: runName(drill) }).click()
      await expect(row).toHaveAttribute('data-state', 'running')
      await expect(row.getByRole('list', { name: 'Timeline' })).toContainText('writing starts', {
        timeout: 60_000,
      })
      await expect(row).toHaveAttribute('data-state', 'done', { timeout: overWithinMs })
      await expect(figure(row, 'lost')).toHaveText('0')
      await expect(figure(row, 'duplicates')).toHaveText('0')
      await expect(figure(row, 'control result')).toHaveText(/^[1-9]/)
      await expect(figure(row, 'control result')).toHaveClass(/text-danger/)

      const link = row.getByRole('link', { name: /^Run \d+ is stored/ })
      const answer = await page.request.get(`/api${await link.getAttribute('href')}`)
      const { outcome } = (await answer.json()) as WireRun
      if (outcome?.kind !== 'drill') throw new Error('No report is kept')
      const { ours, control, summary } = outcome.report
      expect([ours.kept, control.kept], summary).toEqual([true, false])
      await expect(row.getByText(summary)).toBeVisible()
    })
  }

  // The result is stored for later visitors, and has a page of its own.
  await page.reload()
  const row = rowOf(page, 'cut-everybody')
  await expect(figure(row, 'control result')).toHaveText(/ lost$/)
  await row.getByRole('button', { name: drillWords['cut-everybody'].fault, exact: true }).click()
  expect(await axeViolations(page, 'main')).toEqual([])
  await row.getByRole('link', { name: /^Run \d+ is stored/ }).click()
  await expect(page.getByRole('list', { name: 'Timeline' })).toContainText('Control: Caught up')
  expect(await axeViolations(page, 'main')).toEqual([])
})

test('The report of every drill is shown in its row: what was lost, what the control lost, and how it went.', async ({
  app,
  page,
}) => {
  const kept = new Map<DrillName, string>()
  for (const drill of drillNames)
    kept.set(drill, await keepRun(app, { kind: 'drill', report: reportOf(drill) }))
  await page.goto('/lab')
  for (const drill of drillNames) {
    const row = rowOf(page, drill)
    await expect(row).toHaveAttribute('data-state', 'done')
    await expect(figure(row, 'lost')).toHaveText('0')
    await expect(figure(row, 'duplicates')).toHaveText('0')
    await expect(figure(row, 'back at head')).toHaveText(/^1\.2\ss$/)
    await expect(figure(row, 'control result')).toHaveText(/^17 /)
    await expect(figure(row, 'control result')).toHaveClass(/text-danger/)
    await row.getByRole('button', { name: drillWords[drill].fault, exact: true }).click()
    await expect(row.getByText(reportOf(drill).summary)).toBeVisible()
    await expect(row.getByRole('list', { name: 'Timeline' })).toContainText('It was broken')
    const link = row.getByRole('link', { name: /^Run \d+ is stored/ })
    await expect(link).toHaveAttribute('href', `/lab/runs/${kept.get(drill)}`)
  }
  expect(await axeViolations(page, 'main')).toEqual([])
})

test('A drill is run and stopped by the keyboard, and who comes later follows it.', async ({
  page,
  browserPage,
}) => {
  test.setTimeout(120_000)
  await page.goto('/lab')
  const row = rowOf(page, 'freeze-the-line')
  const run = row.getByRole('button', { name: runName('freeze-the-line') })
  await expect(run).toBeEnabled()
  await run.focus()
  await page.keyboard.press('Enter')
  await expect(row.getByRole('status')).toContainText('Starting')
  const other = await browserPage()
  await other.goto('/lab')
  await expect(rowOf(other, 'freeze-the-line')).toHaveAttribute('data-state', 'running')
  await expect(rowOf(other, 'cut-everybody').getByRole('button', { name: /^Run/ })).toBeDisabled()
  await row.getByRole('button', { name: 'Stop', exact: true }).focus()
  await page.keyboard.press('Enter')
  await expect(row.getByRole('alert')).toContainText('It didn’t finish.', { timeout: 60_000 })
  await expect(run).toBeEnabled()
})

test('A drill that is refused says why, and one that failed too.', async ({ page, quiet }) => {
  quiet.expect(/409 \(Conflict\)/)
  await page.goto('/lab')
  await page.route('**/api/lab/runs', async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    const problem = { type: '/problems/invalid-state', title: 'Conflict', status: 409 }
    await route.fulfill({
      status: 409,
      contentType: 'application/problem+json',
      body: JSON.stringify({ ...problem, detail: 'Another run is in progress' }),
    })
  })
  const row = rowOf(page, 'restart-postgres')
  await row.getByRole('button', { name: runName('restart-postgres') }).click()
  await expect(row.getByRole('alert')).toContainText('Another run is in progress')
  await expect(row.getByRole('button', { name: runName('restart-postgres') })).toBeEnabled()
})

test('Where drills may not be run, their results can still be read.', async ({ page }) => {
  await page.route('**/api/lab/runs', (route) =>
    route.fulfill({ json: { items: [], nextBefore: null, mayRun: false } }),
  )
  await page.goto('/lab')
  await expect(section(page).getByText('Drills can only be run in demo mode')).toBeVisible()
  for (const drill of drillNames) {
    await expect(rowOf(page, drill).getByRole('button', { name: runName(drill) })).toBeDisabled()
    await expect(figure(rowOf(page, drill), 'lost')).toHaveText('—')
  }
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`The drills are accessible, and no wider than a phone, ${colorScheme}.`, async ({ browserPage }) => {
    const page = await browserPage({ colorScheme, viewport: { width: 390, height: 844 } })
    await page.goto('/lab')
    const run = { name: runName('revoke-the-session') }
    await expect(rowOf(page, 'revoke-the-session').getByRole('button', run)).toBeEnabled()
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(await wide()).toBeLessThanOrEqual(0)
    expect(await axeViolations(page, 'main')).toEqual([])
    await page.setViewportSize({ width: 1440, height: 900 })
    expect(await wide()).toBeLessThanOrEqual(0)
    expect(await axeViolations(page, 'main')).toEqual([])
  })
}

/** An invented report: of 100 entries each, the control's five clients miss some, and ours none. */
function reportOf(drill: DrillName): DrillReport {
  const expected = 500
  const ledger = { ...emptyLedger(), expected, received: expected }
  const ours = { title: 'As built', ledger, backAtHeadMs: 1_200, findings: [], kept: true }
  const findings = ['Queued', 'Most connects in 100 ms', 'Shown after the sign-out'].map((name) => ({
    name,
    value: '17',
  }))
  return {
    drill,
    ours,
    control: {
      ...{ title: 'The control', findings, kept: false, backAtHeadMs: null },
      ledger: { ...ledger, received: expected - 17, lost: 17 },
    },
    timeline: [
      { atMs: 0, what: 'All clients are connected; writing starts' },
      { atMs: 500, untilMs: 2_500, what: 'It was broken' },
    ],
    summary: `What came of the drill ${drill}.`,
  }
}

const runName = (drill: DrillName) => new RegExp(`^Run( again)?: ${drillWords[drill].fault}$`)
const section = (page: Page): Locator => page.getByRole('region', { name: 'Drills' })
const rowOf = (page: Page, drill: DrillName): Locator => section(page).locator(`[data-drill="${drill}"]`)
const figure = (row: Locator, label: string): Locator =>
  row
    .getByRole('term')
    .filter({ hasText: new RegExp(`^${label}$`) })
    .locator('xpath=following-sibling::dd')
