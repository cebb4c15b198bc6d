import { readFile } from 'node:fs/promises'
import { expect, test } from './app.ts'
import { applyForLoan, seeStage } from './loan-steps.ts'

test('The drawer shows each poll: a 200 filled, a 304 hollow, with the bytes and queries that the server counted', async ({
  person,
}) => {
  const { page } = await person('customer')
  const id = await applyForLoan(page)
  await seeStage(page, 'Under review')
  await page.getByRole('button', { name: 'Open the wire drawer' }).click()
  await page.getByRole('button', { name: 'Check now' }).click()
  const list = page.getByRole('table', { name: 'This page’s requests, newest first' })
  const same = list.getByRole('row').filter({ hasText: '304' }).first()
  await expect(same).toHaveAttribute('data-gist', 'same')
  const news = list.getByRole('row').filter({ hasText: '200' }).first()
  await expect(news).toHaveAttribute('data-gist', 'news')
  expect(await fillOf(same)).not.toBe(await fillOf(news))

  // ↑ B and ↓ B: what the server counted on the connection for this very request.
  const { exchanges } = await (await page.request.get('/api/wire')).json()
  const counted = exchanges.find((exchange: { status: number; path: string }) => {
    return exchange.status === 304 && exchange.path.includes(id)
  })
  await expect(same.getByRole('cell').nth(4)).toHaveText(String(counted.bytesOut))
  expect(counted.queries).toBe(0)

  await same.getByRole('button').click()
  const detail = list.getByRole('row').filter({ hasText: 'if-none-match:' })
  await expect(detail).toContainText(`GET /api/loans/${id} HTTP/1.1`)
  await expect(detail).toContainText('same cursor, so no body')
  await expect(detail).toContainText('0 database queries')
  await expect(detail).toContainText('session=••••••')
  await expect(page.getByText(/\d+ of \d+ responses counted/)).toBeVisible()
})

test('A held request stands open in long-poll ink, and a hold on the list stops nothing but the list', async ({
  person,
}) => {
  const { page } = await person('customer')
  await applyForLoan(page)
  await seeStage(page, 'Under review')
  await page.getByRole('radio', { name: 'Long' }).check()
  await page.keyboard.press('w')
  const rows = page
    .getByRole('table', { name: /This page’s requests/ })
    .locator('tbody')
    .getByRole('row')
  await expect(rows.first()).toHaveAttribute('data-lane', 'long')
  await expect(rows.first()).toHaveAttribute('data-gist', 'open')
  await expect(rows.first()).toContainText('wait=25')

  await page.getByRole('button', { name: 'Pause the list' }).click()
  const before = await rows.count()
  await page.getByRole('radio', { name: 'Short' }).check()
  await expect(page.getByText('Next poll in')).toBeVisible()
  expect(await rows.count()).toBe(before)
  await page.getByRole('button', { name: 'Resume the list' }).click()
  await expect(rows.first()).toHaveAttribute('data-lane', 'short')
})

test('The letter w opens and closes it, but not while one writes', async ({ person }) => {
  const { page } = await person('customer')
  await page.goto('/loans/new')
  const drawer = page.getByRole('complementary', { name: 'Wire' })
  await page.getByLabel('Purpose').pressSequentially('a window')
  await expect(page.getByLabel('Purpose')).toHaveValue('a window')
  await expect(drawer).toBeHidden()
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('w')
  await expect(drawer).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
  await expect(page.getByRole('button', { name: 'Open the wire drawer' })).toBeFocused()
})

test('The source tab shows the files as they are, and the rules they keep', async ({ person }) => {
  const { page } = await person('customer')
  await page.goto('/loans')
  await expect(page.getByRole('banner').getByText('Polling')).toBeVisible()
  await page.keyboard.press('w')
  await page.getByRole('tab', { name: 'Source' }).click()
  await page.getByRole('button', { name: 'long-poll.ts' }).click()
  for (const path of ['server/deliver/long-poll.ts', 'components/live/clients/long-poll.ts']) {
    const code = page.getByRole('region', { name: path }).locator('pre')
    const shown = ((await code.textContent()) ?? '').split('\n').map((line) => line.replace(/^\s*\d+/, ''))
    const text = (await readFile(path, 'utf8')).trimEnd()
    expect(shown.join('\n').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
  }
  await expect(page.getByRole('term').filter({ hasText: 'LP1' })).toBeVisible()
  await page.getByRole('button', { name: 'compare all' }).click()
  const beside = page.getByRole('dialog', { name: 'Deliveries side by side' })
  await expect(beside.getByRole('region')).not.toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(beside).toBeHidden()
})

test('On a phone the drawer is a sheet, and nothing is wider than the screen', async ({ person }) => {
  const { page } = await person('customer', { viewport: { width: 390, height: 844 } })
  await applyForLoan(page, { purpose: 'a very long purpose that does not fit into one line of a telephone' })
  await seeStage(page, 'Under review')
  await page.getByRole('button', { name: 'Open the wire drawer' }).click()
  const box = await page.getByRole('complementary', { name: 'Wire' }).boundingBox()
  expect(box?.width).toBe(390)
  expect(box?.y).toBeGreaterThan(150)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
})

function fillOf(row: import('@playwright/test').Locator): Promise<string> {
  return row
    .locator('rect')
    .first()
    .evaluate((mark) => getComputedStyle(mark).fill)
}
