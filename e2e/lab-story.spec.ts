import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { axeViolations } from './axe.ts'

const enough = { timeout: 60_000 }

test('The same polls go through each mode, and the counter says what each asks of the database.', async ({
  page,
}) => {
  test.setTimeout(150_000)
  const story = await begin(page)
  const queries = story.getByLabel('Queries per second', { exact: true })
  const figure = async () => Number((await queries.textContent())?.replaceAll(',', ''))

  // 200 polls a second; a busy machine may lag behind.
  await expect(story.getByRole('radio', { name: 'Naive' })).toBeChecked()
  await expect.poll(figure, enough).toBeGreaterThan(100)

  await story.getByRole('radio', { name: 'Shared' }).check()
  await expect(story.getByText('One read per change')).toBeVisible()
  await expect.poll(figure, enough).toBeLessThan(10)
  await expect(story.getByRole('img', { name: /now shared/ })).toBeVisible()

  // The other modes are played to their end, and then all are shown side by side.
  await expect(story.getByRole('button', { name: 'Start polling' })).toBeVisible({ timeout: 90_000 })
  const table = story.getByRole('table', { name: 'Naive, cached, Redis, shared' })
  const cells = (name: string) => table.getByRole('row', { name }).getByRole('cell')
  await expect(cells('Each poll queries the database').nth(1)).toHaveText(/^1\d\d$|^2[01]\d$/)
  await expect(cells('One shared read').nth(1)).toHaveText(/^\d\.\d/)
  await story.getByRole('radio', { name: 'Naive' }).check()
  await expect.poll(figure).toBeGreaterThan(100)
})

test('Who comes later follows the running story, and sees that it was stopped.', async ({
  page,
  browserPage,
}) => {
  test.setTimeout(90_000)
  const story = await begin(page)
  const other = await browserPage()
  await other.goto('/lab')
  // A later visitor follows the run under way.
  await expect(storyOn(other).getByRole('button', { name: 'Stop', exact: true })).toBeVisible(enough)
  await story.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(story.getByRole('button', { name: 'Start polling' })).toBeVisible(enough)
  await expect(storyOn(other).getByRole('button', { name: 'Start polling' })).toBeVisible(enough)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`The section keeps to the rules of accessibility and fits a phone, ${colorScheme}.`, async ({
    browserPage,
  }) => {
    const page = await browserPage({ colorScheme, viewport: { width: 390, height: 844 } })
    await page.goto('/lab')
    const story = storyOn(page)
    await story.scrollIntoViewIfNeeded()
    await expect(story.getByRole('button', { name: 'Start polling' })).toBeEnabled()
    const wide = await story.evaluate((element) => element.scrollWidth > element.clientWidth)
    expect(wide).toBe(false)
    const heading = await story.getAttribute('aria-labelledby')
    expect(await axeViolations(page, `section[aria-labelledby="${heading}"]`)).toEqual([])
  })
}

/** Starts a story of 200 pollers, each once a second. */
async function begin(page: Page) {
  await page.goto('/lab')
  const story = storyOn(page)
  await story.getByLabel('Pollers').selectOption('200')
  await story.getByLabel('Poll every').selectOption('1 s')
  await story.getByRole('button', { name: 'Start polling' }).click()
  await expect(story.getByRole('button', { name: 'Stop', exact: true })).toBeVisible(enough)
  return story
}

function storyOn(page: Page) {
  return page.getByRole('region', { name: 'Naive, cached, Redis, shared' })
}
