import type { Locator, Page } from '@playwright/test'
import { readAnswers } from '#components/guide/answers.ts'
import { figuresOf } from '#components/guide/figures.ts'
import { planFor } from '#components/guide/plan.ts'
import { count, planInputsOf } from '#components/guide/plan-inputs.ts'
import { laneNames } from '#components/lab/report/report-words.ts'
import type { WireRun } from '#server/protocol/lab-runs.ts'
import { plausibleRun, scenario } from '#server/testing/plausible-run.ts'
import { expect, test } from './app.ts'
import { axeViolations, isTooWide } from './axe.ts'
import { storedRun } from './lab-runs-steps.ts'

const desk = { width: 1440, height: 1040 }
const phone = { width: 390, height: 844 }

test('A new visitor comes from the home page to a justified choice in under ten clicks.', async ({
  page,
}) => {
  await withRuns(page, [plausibleRun()])
  await page.goto('/')
  let clicks = 0
  const click = async (what: Locator) => {
    clicks += 1
    await what.click()
  }
  await click(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Guide' }))
  await click(answer(page, 'Which side sends?', 'Both sides'))
  await click(answer(page, 'How often does it change?', '1/s'))
  await click(answer(page, 'Proxies you don’t control?', 'No'))
  await click(answer(page, 'What has your team run?', 'Stateful servers'))
  await expect(chosen(page)).toHaveText('WebSocket')
  await expect(reasons(page)).toContainText('Both sides send on one connection')
  await expect(reasons(page)).toContainText(/lost 0 of 24,000/)
  await click(page.getByRole('list', { name: 'How each one scores' }).getByText('WebSocket'))
  await expect(page.getByText(/^50 \+ 20 .* = \d+/)).toBeVisible()
  expect(clicks).toBeLessThan(10)
})

test('An answer that is turned changes the recommendation, the address keeps it, and the back button undoes it.', async ({
  page,
}) => {
  await withRuns(page, [plausibleRun()])
  await page.goto('/guide')
  await expect(chosen(page)).toHaveText('Server-Sent Events')
  await answer(page, 'How stale can data be?', '30 s').click()
  await expect(chosen(page)).toHaveText('Short polling')
  await expect(page).toHaveURL(/\?age=30s$/)
  await expect(page.getByText('1 of 12 answered')).toBeVisible()
  await page.goBack()
  await expect(chosen(page)).toHaveText('Server-Sent Events')
  await page.goForward()
  await expect(chosen(page)).toHaveText('Short polling')
  await page.reload()
  await expect(chosen(page)).toHaveText('Short polling')
  await expect(answer(page, 'How stale can data be?', '30 s')).toBeChecked()
})

test('What would change the answer can be pressed, and does.', async ({ page }) => {
  await withRuns(page, [plausibleRun()])
  await page.goto('/guide')
  await page.getByRole('link', { name: 'both sides send' }).click()
  await expect(chosen(page)).toHaveText('WebSocket')
  await expect(answer(page, 'Which side sends?', 'Both sides')).toBeChecked()
})

test('Functions bring their limits, each with its date and source, and what they make impossible.', async ({
  page,
}) => {
  await withRuns(page, [plausibleRun()])
  await page.goto('/guide')
  await answer(page, 'Can the server hold connections?', 'No, functions only').click()
  const limits = page.getByRole('list', { name: 'Limits of AWS Lambda' })
  await expect(limits.getByRole('listitem')).toHaveText([/900 s.*\d{4}-\d\d/, /1,000 run/, /15 min/, /2 h/])
  await expect(limits.getByRole('link').first()).toHaveAttribute('href', /^https:\/\/docs\.aws\.amazon\.com/)
  await expect(page.getByText(/^not possible: AWS Lambda holds 1,000 concurrent responses/)).toHaveCount(2)
  await page.getByLabel('Which platform?').selectOption('Azure Functions')
  await expect(page.getByText(/^not possible: Azure Functions ends every response after 230 s/)).toBeVisible()
})

test('The figures are those of the newest own run in which all four were measured, and it is said which.', async ({
  page,
}) => {
  const failed = { ...plausibleRun({}, 19), id: 'failed', state: 'failed' as const }
  const onlyTwo = {
    ...plausibleRun({ scenario: { ...scenario, clients: { short: 0, long: 0, sse: 9, socket: 9 } } }, 18),
    id: 'two',
  }
  await withRuns(page, [failed, onlyTwo, plausibleRun()])
  await page.goto('/guide')
  await expect(page.getByRole('link', { name: 'figures from run 17, this machine' })).toBeVisible()
  await expect(page.getByRole('columnheader', { name: 'measured here' })).toBeVisible()
})

test('A run that was made here gives the guide its figures, for every reader.', async ({ app, page }) => {
  test.setTimeout(150_000)
  const run = await storedRun(app, { eventsPerSecond: 10 })
  // Three clients per lane are too few to measure memory, so the reference run supplies it.
  await page.route('**/reference-run.json', (route) => route.fulfill({ json: plausibleRun() }))
  await page.goto('/guide')
  await expect(
    page.getByRole('link', { name: `figures from run ${run.number}, this machine` }),
  ).toHaveAttribute('href', `/lab/runs/${run.id}`)
  const { lost, expected } = run.outcome.report.lanes.sse.ledger
  expect(lost).toBe(0)
  await expect(reasons(page)).toContainText(`lost 0 of ${count(expected)}`)
  await expect(reasons(page)).toContainText('from the reference run: yours had fewer than 100 clients')
  await page.getByRole('link', { name: /^figures from run/ }).click()
  await expect(page).toHaveURL(new RegExp(`/lab/runs/${run.id}$`))
})

test('Without an own run the figures are the reference run’s; without either the guide goes by rules alone.', async ({
  page,
  quiet,
}) => {
  await withRuns(page, [])
  await page.route('**/reference-run.json', (route) => route.fulfill({ json: plausibleRun() }))
  await page.goto('/guide')
  await expect(page.getByText('figures from the reference run, another machine, 24 Nov 2026')).toBeVisible()
  await expect(page.getByRole('columnheader', { name: 'measured there' })).toBeVisible()
  quiet.expect(/404/)
  await page.route('**/reference-run.json', (route) => route.fulfill({ status: 404 }))
  await page.reload()
  await expect(page.getByText('no measurements yet', { exact: true })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Run one' })).toHaveAttribute('href', '/lab')
  await expect(chosen(page)).toHaveText('Server-Sent Events')
  await expect(page.getByRole('table', { name: 'Resources per delivery' })).toBeHidden()
})

test('Runs that cannot be read are said, and read when they can be.', async ({ page, quiet }) => {
  quiet.expect(/503|404/)
  await page.route('**/api/lab/runs', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      json: {
        type: '/problems/unavailable',
        title: 'Unavailable',
        status: 503,
        detail: 'The database is away.',
      },
    }),
  )
  await page.route('**/reference-run.json', (route) => route.fulfill({ status: 404 }))
  await page.goto('/guide')
  await expect(page.getByRole('main').getByRole('alert')).toContainText('Your runs couldn’t be loaded.')
  await expect(chosen(page)).toHaveText('Server-Sent Events')
  await page.unroute('**/api/lab/runs')
  await withRuns(page, [plausibleRun()])
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('link', { name: 'figures from run 17, this machine' })).toBeVisible()
  await expect(page.getByRole('main').getByRole('alert')).toBeHidden()
})

test('The plan on the page is what the arithmetic says, and follows what is typed.', async ({ page }) => {
  await withRuns(page, [plausibleRun()])
  await page.goto('/guide?age=5s')
  await expectPlan(page, 'age=5s')
  await page.getByRole('region', { name: 'Planner' }).getByLabel('People at peak').fill('3,000,000')
  await page.getByLabel('Events per second, each').fill('0.5')
  await page.getByLabel('Memory per process').fill('4096')
  await answer(page, 'Everyone receives', 'their own events').click()
  await expect(page.getByLabel('People watching at peak')).toHaveValue('3,000,000')
  await expectPlan(page, 'age=5s&people=3000000&eventsPerSecond=0.5&processMiB=4096&hears=own')
  await page.getByText('How SSE is computed').click()
  const arithmetic = page.getByRole('region', { name: 'Planner' }).locator('details[open]')
  await expect(arithmetic).toContainText('3,000,000 × 4.1 KiB')
  await expect(arithmetic).toContainText('= 12,012 MiB')
  await page.getByLabel('Headroom').fill('95')
  await expect(page.getByLabel('Headroom')).toHaveAttribute('aria-invalid', 'true')
  await expect(page).not.toHaveURL(/spare/)
})

test('The decision is copied as a record.', async ({ browserPage, baseURL }) => {
  const page = await browserPage({ permissions: ['clipboard-read', 'clipboard-write'] })
  await withRuns(page, [plausibleRun()])
  await page.goto('/guide?speaks=both')
  await expect(page.getByRole('link', { name: /^figures from run/ })).toBeVisible()
  await page.getByRole('button', { name: 'copy as decision record' }).click()
  await expect(page.getByText('copied', { exact: true })).toBeVisible()
  const record = await page.evaluate(() => navigator.clipboard.readText())
  expect(record).toContain('# Deliver live updates by WebSocket')
  expect(record).toContain(`(${baseURL}/guide?speaks=both)`)
  expect(record).toMatch(/## Reasons[\s\S]*lost 0 of 24,000/)
})

test('With the keyboard alone: a choice is turned by an arrow, and the answer is announced.', async ({
  page,
}) => {
  await withRuns(page, [plausibleRun()])
  await page.goto('/guide')
  await answer(page, 'Which side sends?', 'Server').focus()
  await page.keyboard.press('ArrowRight')
  await expect(chosen(page)).toHaveText('WebSocket')
  const told = page
    .getByRole('region', { name: 'Recommendation' })
    .getByRole('status')
    .filter({ hasText: 'of 100' })
  await expect(told).toContainText('WebSocket')
  await page.keyboard.press('Tab')
  await expect(answer(page, 'How stale can data be?', '1 s')).toBeFocused()
})

test('On a phone the answer stays in sight while the questions are answered, and leads to its reasons.', async ({
  browserPage,
}) => {
  const page = await browserPage({ viewport: phone, hasTouch: true })
  await withRuns(page, [plausibleRun()])
  await page.goto('/guide')
  const strip = page.getByRole('link', { name: /^Server-Sent Events 78$/ })
  await expect(strip).toBeInViewport()
  await answer(page, 'Which side sends?', 'Both sides').tap()
  await page.getByRole('link', { name: /^WebSocket \d+$/ }).tap()
  await expect(chosen(page)).toBeInViewport()
})

for (const [size, viewport] of Object.entries({ desk, phone })) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`The guide has no fault that axe finds, and is not too wide: ${size}, ${colorScheme}.`, async ({
      browserPage,
    }, info) => {
      const page = await browserPage({ viewport, colorScheme, hasTouch: size === 'phone' })
      await withRuns(page, [plausibleRun()])
      await page.goto('/guide')
      await expect(page.getByRole('link', { name: /^figures from run/ })).toBeVisible()
      await page.screenshot({ path: info.outputPath('guide.png'), fullPage: true })
      for (const summary of await page.locator('summary').all()) await summary.click()
      await answer(page, 'Can the server hold connections?', 'No, functions only').click()
      expect(await axeViolations(page)).toEqual([])
      expect(await isTooWide(page)).toBe(false)
      await page.screenshot({ path: info.outputPath('guide-open.png'), fullPage: true })
    })
  }
}

/** Answers the lab's API as if these runs were stored: a real run takes longer than all of these tests. */
async function withRuns(page: Page, runs: readonly WireRun[]) {
  const items = runs.map(({ outcome: _, ...run }) => ({ ...run, lost: 0 }))
  await page.route('**/api/lab/runs', (route) =>
    route.fulfill({ json: { items, nextBefore: null, mayRun: true } }),
  )
  for (const run of runs) {
    await page.route(`**/api/lab/runs/${run.id}`, (route) => route.fulfill({ json: run }))
  }
}

function answer(page: Page, question: string, label: string): Locator {
  return page.getByRole('radiogroup', { name: question }).getByRole('radio', { name: label, exact: true })
}

function chosen(page: Page): Locator {
  return page.getByRole('region', { name: 'Recommendation' }).getByRole('heading', { level: 3 })
}

function reasons(page: Page): Locator {
  return page.getByRole('table', { name: 'Reasons' })
}

async function expectPlan(page: Page, address: string) {
  const figures = figuresOf(plausibleRun(), 'own')
  if (!figures) throw new Error('Cannot plan: the run has no figures')
  const said = new URLSearchParams(address)
  const plan = planFor(planInputsOf(readAnswers(said).answers, said), figures)
  for (const one of plan) {
    const row = page
      .getByRole('table', { name: 'Resources per delivery' })
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: laneNames[one.lane].name }) })
    await expect(row.getByRole('cell')).toHaveText(
      [
        ...[one.held, one.requestsPerSecond, one.queriesPerSecond, one.memoryMiB, one.cores],
        ...[one.megabitsPerSecond, one.processes, one.nodes],
      ].map(count),
    )
  }
}
