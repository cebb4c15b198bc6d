import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }

test('The wires of the home page bring what the log appends, and are measured.', async ({ page }) => {
  await page.goto('/')
  const long = page.getByRole('group', { name: 'Long polling' })
  const short = page.getByRole('group', { name: 'Short polling' })
  await expect(long).toContainText('median wait —')
  await expect(long).toContainText(/median wait \d+ ms/, { timeout: 25_000 })
  await expect(short).toContainText(/median wait [\d.]+ m?s/, { timeout: 25_000 })
  await expect(short).toContainText(/received in 30 s [\d.]+ K?B/)
  await expect(page.getByText(/\d+ events? in 30 s/)).toBeVisible()
})

test('A cut line is shown on the wires and in the badge, and heals by itself.', async ({
  page,
  app,
  quiet,
}) => {
  quiet.expect(/ERR_/)
  await page.goto('/')
  const short = page.getByRole('group', { name: 'Short polling' })
  await expect(short).toContainText('opened in 30 s 1')
  app.line.refuse()
  app.line.cut()
  await expect(short).toContainText('No response since', { timeout: 20_000 })
  await expect(page.getByRole('banner')).toContainText('Offline')
  app.line.accept()
  await expect(short).toContainText('Poll every 5 s', { timeout: 30_000 })
  // The badge waits for the last of the three, each of which reconnects on its own schedule, within 20 s.
  await expect(page.getByRole('banner')).not.toContainText('Offline', { timeout: 30_000 })
})

test('The drawing can be paused, which stops its wires, and resumes where they were.', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('group', { name: 'Short polling' })).toContainText('opened in 30 s 1')
  const held = page.waitForEvent('requestfailed', (request) => request.url().includes('/api/streams/pulse'))
  await page.getByRole('button', { name: 'Pause the connections' }).click()
  expect((await held).failure()?.errorText).toContain('ERR_ABORTED')
  await expect(page.getByRole('banner')).toContainText('Paused')
  const asked = page.waitForRequest(/\/api\/streams\/pulse\?after=[0-9a-z]+\.\d+/)
  await page.getByRole('button', { name: 'Resume the connections' }).click()
  await asked
  await expect(page.getByRole('banner')).not.toContainText('Paused')
})

test('On a phone the time runs down, and the tabs lie at the thumb.', async ({ browserPage }) => {
  const page = await browserPage(phone)
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Socket' })).toBeVisible()
  await expect(page.getByRole('group', { name: 'Short polling' })).toBeHidden()
  expect(await overflow(page)).toBe(0)
  const tabs = page.getByRole('navigation', { name: 'Main' })
  const box = await tabs.boundingBox()
  expect(box && Math.round(box.y + box.height)).toBe(844)
  await tabs.getByRole('link', { name: 'Chat' }).click()
  await expect(tabs.getByRole('link', { name: 'Chat' })).toHaveAttribute('aria-current', 'page')
})

test('The theme that was chosen is in the page as the server sends it.', async ({ page }) => {
  await page.goto('/states')
  await page.getByRole('button', { name: 'Theme' }).click()
  await page.getByRole('menuitemradio', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  expect(await (await page.request.get('/states')).text()).toMatch(/<html[^>]*data-theme="dark"/)
  await page.getByRole('button', { name: 'Theme' }).click()
  await page.getByRole('menuitemradio', { name: 'System' }).click()
  expect(await (await page.request.get('/states')).text()).not.toMatch(/<html[^>]*data-theme/)
})

test('With the keyboard alone: skip link, menu and theme.', async ({ page }) => {
  await page.goto('/problems')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to main content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
  await page.getByRole('button', { name: 'Theme' }).press('Enter')
  await expect(page.getByRole('menuitemradio', { name: 'System' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('menuitemradio', { name: 'Light' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toBeHidden()
  await expect(page.getByRole('button', { name: 'Theme' })).toBeFocused()
})

test('What does not exist answers 404 and leads on.', async ({ page, quiet }) => {
  quiet.expect(/404/)
  const answer = await page.goto('/no/such/page')
  expect(answer?.status()).toBe(404)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found')
  await expect(page.getByRole('main').getByRole('link', { name: 'Loans' })).toBeVisible()
})

test('No stranger has pictures scaled, or other paths asked for by the server.', async ({ page }) => {
  for (const url of ['/screenshot.png', '/api/lab/runs']) {
    const answer = await page.request.get(`/_next/image?url=${encodeURIComponent(url)}&w=640&q=75`)
    expect(answer.status()).toBe(404)
  }
})

test('The type of a problem leads to the page that explains it.', async ({ page, quiet }) => {
  const refusal = await page.request.get('/api/streams/pulse?after=nonsense')
  const problem = (await refusal.json()) as { type: string; title: string; status: number }
  await page.goto(problem.type)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(problem.title)
  await expect(page.getByRole('main')).toContainText(String(problem.status))
  quiet.expect(/404/)
  expect((await page.goto('/problems/constructor'))?.status()).toBe(404)
})

test('The page of states shows them all, and owns that they are examples.', async ({ page }) => {
  await page.goto('/states')
  for (const name of [
    'Empty',
    'Loading',
    'Error',
    'Page not found',
    'Reset: the log moved on',
    'Signed out elsewhere',
  ]) {
    await expect(page.getByRole('region', { name, exact: true })).toBeVisible()
  }
  await expect(page.getByRole('region', { name: 'Connection', exact: true })).toContainText(
    'Your connection is fine',
  )
  await page.getByRole('link', { name: 'Wireside, home' }).click()
  await expect(page.getByRole('region', { name: 'Connection', exact: true })).toBeHidden()
})

/** By how many px the page is wider than its window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth))
}
