import type { Locator, Page } from '@playwright/test'
import { trapGroups } from '#components/lab/traps/trap-groups.ts'
import { haproxyPath } from '#server/engines/haproxy.ts'
import { programPath } from '#server/engines/program-path.ts'
import { expect, test } from './app.ts'
import { axeViolations } from './axe.ts'
import { keepRun } from './lab-runs-steps.ts'

/** Then HTTP/2 is a second way round six connections. */
const hasBalancer = Boolean(haproxyPath && programPath('openssl'))

const traps = trapGroups.flatMap((group) => group.traps)
/** The traps that the browser itself runs. */
const byBrowser = ['six-connections', 'event-source-ends-on-503', 'offline-tabs', 'somebody-elses-etag']
/** Run from the page: those, and one that only a built app shows fully. `traps.test.ts` runs all of them. */
const [run, kept] = [true, false].map((isRun) =>
  traps.filter(({ name }) => (byBrowser.includes(name) || name === 'module-copies') === isRun),
) as [typeof traps, typeof traps]

// A machine runs one at a time, so all five are in one test, and nothing runs beside it in this app.
test('A trap is run from the page: who does not know it falls in, and the way round stays out', async ({
  page,
  quiet,
}) => {
  test.setTimeout(240_000)
  quiet.expect(/503 \(Service Unavailable\)/)
  await page.goto('/lab/traps')
  for (const { name, title } of run) {
    await test.step(name, async () => {
      await page.getByRole('button', { name: `Run: ${title}` }).click()
      const seen = seenOf(page, name)
      await expect(seen).toHaveAttribute('data-state', 'done', { timeout: 60_000 })
      await expect(seen.getByText('hit the problem', { exact: true })).toHaveCount(1)
      const ways = name === 'six-connections' && hasBalancer ? 2 : 1
      await expect(seen.getByText('avoided it', { exact: true })).toHaveCount(ways)
      await expect(seen.locator('section').first()).toContainText('hit the problem')
      await expect(seen.getByText('No browser took part')).toHaveCount(0)
      if (byBrowser.includes(name)) await expect(seen).toContainText(/This browser|One of 6/)
    })
  }
  await expect(seenOf(page, 'module-copies')).toContainText(
    'The built pages of this app ran under a custom server',
  )
  await expect(
    page.getByRole('navigation', { name: 'The traps' }).getByText('run', { exact: true }),
  ).toHaveCount(run.length)
})

test('The report of a trap that was run is kept: both its arms, and what was seen of each', async ({
  app,
  page,
}) => {
  expect(kept).toHaveLength(13)
  for (const { name } of kept) {
    const id = await keepRun(app, {
      kind: 'trap',
      report: {
        trap: name,
        failing: { title: 'the usual way', fell: true, seen: [`${name}: it went wrong`] },
        working: { title: 'the other way', fell: false, seen: [`${name}: it went well`] },
      },
    })
    await page.goto(`/lab/runs/${id}`)
    const arm = (title: string) => page.getByRole('region', { name: title })
    await expect(arm('Naive: the usual way')).toContainText(`Hit the problem.${name}: it went wrong`)
    await expect(arm('As in this app: the other way')).toContainText(
      `Avoided the problem.${name}: it went well`,
    )
  }
})

test('A run that is refused says why, and another may be begun', async ({ page, quiet }) => {
  quiet.expect(/409 \(Conflict\)/)
  await page.goto('/lab/traps')
  await page.route('**/api/lab/runs', async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    await route.fulfill({
      status: 409,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        type: '/problems/invalid-state',
        title: 'Conflict',
        status: 409,
        detail: 'Another run is in progress',
      }),
    })
  })
  const { name, title } = traps.at(0) ?? { name: '', title: '' }
  await page.getByRole('button', { name: `Run: ${title}` }).click()
  await expect(seenOf(page, name)).toContainText('Another run is in progress')
  await expect(page.getByRole('button', { name: `Run: ${title}` })).toBeEnabled()
})

test('Where runs may not be started the traps can still be read', async ({ page }) => {
  await page.route('**/api/lab/runs', (route) =>
    route.fulfill({ json: { items: [], nextBefore: null, mayRun: false } }),
  )
  await page.goto('/lab/traps')
  await expect(page.getByText('Traps can only be run in demo mode')).toBeVisible()
  for (const button of await page.getByRole('button', { name: /^Run: / }).all())
    await expect(button).toBeDisabled()
  await expect(page.getByRole('article')).toHaveCount(traps.length)
})

test('Every trap has an address, lines, a test and a source, and is reached by the keyboard', async ({
  page,
}) => {
  await page.goto('/lab/traps')
  const { name, title } = traps.at(-1) ?? { name: '', title: '' }
  await page.getByRole('link', { name: title }).focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`#${name}$`))
  await expect(page.getByRole('heading', { name: title })).toBeInViewport()
  for (const trap of traps) {
    const article = page.locator(`#${trap.name}`)
    // Both arms of some are in one file.
    await expect(article.getByRole('region', { name: `${trap.fallsIn.path}, lines` }).first()).toBeAttached()
    await expect(article.getByText(trap.proof.name)).toBeAttached()
    for (const source of trap.sources) {
      await expect(article.getByRole('link', { name: source.name })).toHaveAttribute('href', source.href)
    }
  }
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`The page of traps is accessible, and no wider than a phone (${colorScheme})`, async ({
    browserPage,
  }) => {
    const page = await browserPage({ colorScheme, viewport: { width: 390, height: 844 } })
    await page.goto('/lab/traps')
    await expect(page.getByRole('article')).toHaveCount(traps.length)
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(await wide()).toBeLessThanOrEqual(0)
    await page.setViewportSize({ width: 1440, height: 900 })
    expect(await wide()).toBeLessThanOrEqual(0)
    expect(await axeViolations(page)).toEqual([])
  })
}

const seenOf = (page: Page, name: string): Locator => page.locator(`#${name}`).getByRole('status')
