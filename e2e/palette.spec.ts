import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { axeViolations } from './axe.ts'
import { roomOf } from './chat-steps.ts'

const palette = (page: Page) => page.getByRole('dialog', { name: 'Commands' })
const search = (page: Page) => palette(page).getByRole('combobox')
const options = (page: Page) => palette(page).getByRole('option')

/** Opens the palette as soon as the page is alive, and finds `words` there as soon as their part of the page is. */
async function find(page: Page, words: string) {
  await expect(async () => {
    if (!(await palette(page).isVisible())) await page.keyboard.press('Control+k')
    await search(page).fill('', { timeout: 2_000 })
    await search(page).fill(words)
    await expect(options(page).first()).toContainText(words, { ignoreCase: true, timeout: 500 })
  }).toPass()
}

test('The palette opens by its keys, finds by typing, goes by Enter, and gives the focus back', async ({
  person,
}) => {
  const { page } = await person('customer')
  await page.goto('/problems')
  await page.getByRole('button', { name: 'Theme' }).focus()
  await find(page, 'home')
  await expect(search(page)).toBeFocused()
  await expect(search(page)).toHaveAttribute('aria-expanded', 'true')
  await page.keyboard.press('Escape')
  await expect(palette(page)).toBeHidden()
  await expect(page.getByRole('button', { name: 'Theme' })).toBeFocused()

  await page.keyboard.press('Control+k')
  await page.keyboard.type('no such thing')
  await expect(palette(page)).toContainText('No page or command matches.')
  await search(page).fill('loan')
  await expect(options(page).first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ArrowDown')
  const second = options(page).nth(1)
  await expect(second).toHaveAttribute('aria-selected', 'true')
  await expect(search(page)).toHaveAttribute('aria-activedescendant', (await second.getAttribute('id')) ?? '')
  await search(page).fill('apply')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/loans\/new$/)
})

test('It does what the page can do: the wire drawer, another symbol, a room by its name', async ({
  person,
}) => {
  const nora = await person('customer')
  const { page } = nora
  await roomOf(nora, 'quiet corner')
  const open = async (words: string) => {
    await find(page, words)
    await page.keyboard.press('Enter')
    await expect(palette(page)).toBeHidden()
  }
  await page.goto('/loans')
  await open('wire drawer')
  await expect(page.getByRole('complementary', { name: /wire/i })).toBeVisible()
  await open('trading')
  await expect(page).toHaveURL(/\/trading/)
  await expect(page.getByRole('region', { name: 'Chart' })).toBeVisible()
  await find(page, 'Buy NRDX')
  await search(page).fill('symbols')
  const symbol = options(page)
    .filter({ hasText: /^Symbols/ })
    .first()
  const name = (await symbol.textContent())?.slice('Symbols'.length) ?? ''
  await symbol.click()
  await expect(page).toHaveURL(new RegExp(`symbol=${name.split(' ')[0]}`))
  await page.goto('/chat')
  await open('quiet corner')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('quiet corner')
})

test('Without the server it still opens, and changes the theme', async ({ app, page, quiet }) => {
  quiet.expect(/net::ERR_/)
  await page.goto('/states')
  await find(page, 'guide')
  await page.keyboard.press('Control+k')
  await expect(palette(page)).toBeHidden()
  app.line.refuse()
  app.line.cut()
  await page.keyboard.press('Control+k')
  await search(page).fill('dark')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  app.line.accept()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`The palette and the shortcuts have no fault that axe finds: ${colorScheme}`, async ({
    browserPage,
  }) => {
    const page = await browserPage({ colorScheme, viewport: { width: 1280, height: 800 } })
    await page.goto('/problems')
    await page.getByRole('button', { name: 'Pages and commands' }).click()
    await expect(options(page).first()).toBeVisible()
    expect(await axeViolations(page, 'dialog')).toEqual([])
    await search(page).press('?')
    await expect(palette(page)).toBeVisible()
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('Ctrl')
    expect(await axeViolations(page, 'dialog')).toEqual([])
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })
}
