import { expect, test } from './app.ts'
import {
  accountOf,
  cashOn,
  deskView,
  instruments,
  openDesk,
  orderRows,
  ordersOf,
  positionRow,
  restingLimit,
  submitButton,
  tapeOf,
  ticket,
  writeOrder,
} from './trading-steps.ts'

test.use({ viewport: deskView })

test('The desk wants a session', async ({ page }) => {
  await page.goto('/trading')
  await expect(page).toHaveURL(/\/sign-in\?next=%2Ftrading$/)
})

test('An order at market is filled, moves cash and position, and a reload shows the same', async ({
  person,
}) => {
  const nora = await person('customer', { viewport: deskView })
  const { page } = nora
  await openDesk(page)
  const before = await cashOn(page)
  await writeOrder(page, { quantity: 40 })
  await submitButton(page).click()
  await expect(ticket(page).getByRole('status')).toContainText(/^Bought 40 NRDX at [\d.]+\. ack [\d.]+ m?s$/)
  await expect(orderRows(page)).toHaveCount(1)
  await expect(orderRows(page).first()).toContainText(/Buy 40 NRDX.*filled/)
  await expect(positionRow(page, 'NRDX')).toContainText('40')
  const account = await accountOf(nora)
  expect(account.cashMinor).toBe(before - (account.positions[0]?.costMinor ?? 0))
  await expect.poll(() => cashOn(page)).toBe(account.cashMinor)

  await page.reload()
  await expect(orderRows(page).first()).toContainText(/Buy 40 NRDX.*filled/)
  expect(await cashOn(page)).toBe(account.cashMinor)
  await page.getByRole('tab', { name: 'History' }).click()
  await expect(page.getByRole('table', { name: 'Account history' })).toContainText('Bought 40 NRDX at')

  await writeOrder(page, { side: 'Sell', quantity: 40 })
  await submitButton(page).click()
  await expect(positionRow(page, 'NRDX')).toHaveCount(0)
  await expect(page.getByText('No positions yet.')).toBeVisible()
})

test('A limit rests on the list and on the chart, holds its cash, and gives it back when it is cancelled', async ({
  person,
}) => {
  const nora = await person('customer', { viewport: deskView })
  const { page } = nora
  await openDesk(page)
  const before = await cashOn(page)
  const limit = await restingLimit(nora, 'NRDX')
  await writeOrder(page, { quantity: 10, limit })
  await submitButton(page).click()
  await expect(orderRows(page).first()).toContainText(/Buy 10 NRDX.*working/)
  await expect(page.getByRole('application', { name: 'Chart of NRDX' })).toHaveAccessibleDescription(
    new RegExp(`limit buy 10 @ ${limit}`),
  )
  await expect.poll(() => cashOn(page)).toBe(before - Math.round(Number(limit) * 1_000))
  await page.getByRole('button', { name: 'Cancel: Buy 10 NRDX' }).click()
  await expect(orderRows(page).first()).toContainText('cancelled')
  await expect.poll(() => cashOn(page)).toBe(before)
  await expect(page.getByRole('application', { name: 'Chart of NRDX' })).not.toHaveAccessibleDescription(
    /limit buy/,
  )
})

test('Pressed twice, or with the key held down, it is one order', async ({ person }) => {
  const nora = await person('customer', { viewport: deskView })
  const { page } = nora
  await openDesk(page)
  await writeOrder(page, { quantity: 7 })
  await submitButton(page).dblclick()
  await expect(orderRows(page)).toHaveCount(1)
  await writeOrder(page, { quantity: 8, limit: await restingLimit(nora, 'NRDX') })
  await page.keyboard.down('Enter')
  await page.keyboard.down('Enter')
  await page.keyboard.down('Enter')
  await page.keyboard.up('Enter')
  await expect(orderRows(page).first()).toContainText(/Buy 8 NRDX.*working/)
  // The fence: whatever the keys sent came before the cancellation.
  await page.getByRole('button', { name: 'Cancel: Buy 8 NRDX' }).click()
  await expect(orderRows(page).first()).toContainText('cancelled')
  expect((await ordersOf(nora)).map(({ quantity }) => quantity)).toEqual([8, 7])
})

test('What the cash does not cover is refused with its reason, and nothing has moved', async ({ person }) => {
  const nora = await person('customer', { viewport: deskView })
  const { page } = nora
  await openDesk(page)
  const before = await cashOn(page)
  await writeOrder(page, { quantity: 900_000 })
  await submitButton(page).click()
  await expect(ticket(page).getByRole('alert')).toContainText(
    'Not placed. You don’t have enough available cash.',
  )
  await writeOrder(page, { side: 'Sell', quantity: 1 })
  await submitButton(page).click()
  await expect(ticket(page).getByRole('alert')).toContainText('You don’t have enough available shares.')
  await writeOrder(page, { quantity: '1.5', limit: '84.305' })
  await submitButton(page).click()
  await expect(ticket(page).getByText('Enter whole shares, such as 40')).toBeVisible()
  await expect(ticket(page).getByText('Enter a price such as 84.30')).toBeVisible()
  expect(await ordersOf(nora)).toEqual([])
  expect(await cashOn(page)).toBe(before)
})

test('Two people see the same trades and deal at the same prices', async ({ person }) => {
  const [nora, mira] = [
    await person('customer', { viewport: deskView }),
    await person('customer', { viewport: deskView }),
  ]
  for (const { page } of [nora, mira]) await openDesk(page)
  // Each connection gets the latest of every batch of its own; what was sent to both must agree.
  await expect
    .poll(async () => {
      const [here, there] = [await tapeOf(nora.page), await tapeOf(mira.page)]
      return here.filter((trade) => there.includes(trade)).length
    })
    .toBeGreaterThan(2)
  for (const { page } of [nora, mira]) await writeOrder(page, { quantity: 5 })
  await Promise.all([nora, mira].map(({ page }) => submitButton(page).click()))
  for (const { page } of [nora, mira]) await expect(positionRow(page, 'NRDX')).toContainText('5')
  const [here, there] = [await ordersOf(nora), await ordersOf(mira)].map(([order]) => order?.priceMinor ?? 0)
  expect(Math.abs((here ?? 0) - (there ?? 0))).toBeLessThan(50)
  expect(await orderRows(mira.page).count()).toBe(1)
})

test('An instrument is chosen and an order placed by the keyboard alone', async ({ person }) => {
  const { page } = await person('customer', { viewport: deskView })
  await openDesk(page)
  await page.getByRole('listbox', { name: 'Instruments' }).focus()
  await page.keyboard.press('ArrowDown')
  await expect(instruments(page, { selected: true })).toContainText('HELX')
  await expect(page).toHaveURL(/symbol=HELX/)
  await page.keyboard.press('s')
  await expect(ticket(page).getByRole('radio', { name: 'Sell' })).toBeChecked()
  await page.keyboard.press('b')
  await expect(ticket(page).getByRole('radio', { name: 'Buy' })).toBeChecked()
  const price = ticket(page).getByLabel('Limit price')
  await page.keyboard.press('Tab')
  while (!(await price.evaluate((field) => field === document.activeElement)))
    await page.keyboard.press('Tab')
  await price.fill('100.00')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Shift+ArrowUp')
  await expect(price).toHaveValue('100.11')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('ArrowUp')
  await expect(ticket(page).getByLabel('Quantity')).toHaveValue('11')
  await page.keyboard.press('Enter')
  await expect(orderRows(page).first()).toContainText(/Buy 11 HELX.*100\.11.*working/)
})

test('The watchlist is filtered, and the chart follows what is chosen, also after a reload', async ({
  person,
}) => {
  const { page } = await person('customer', { viewport: deskView })
  await openDesk(page, '?symbol=KVRN&interval=1h')
  await expect(page.getByRole('application', { name: 'Chart of KVRN' })).toHaveAccessibleDescription(
    /1 hour each/,
  )
  await page.getByRole('searchbox').fill('zen')
  await expect(instruments(page)).toHaveCount(1)
  await instruments(page).click()
  await page.getByRole('radio', { name: '15 m' }).check()
  const chart = page.getByRole('application', { name: 'Chart of ZNTH' })
  await expect(chart).toHaveAccessibleDescription(/15 minutes each/)
  await page.reload()
  await expect(chart).toHaveAccessibleDescription(/15 minutes each/)
})

test('The chart loads the past as one scrolls', async ({ person }) => {
  const { page } = await person('customer', { viewport: deskView })
  await openDesk(page, '?interval=1m')
  const chart = page.getByRole('application', { name: 'Chart of NRDX' })
  const before = await chart.evaluate(summaryOf)
  const older = page.waitForResponse((answer) => /candles\?.*before=\d+/.test(answer.url()))
  await chart.hover()
  await page.mouse.wheel(-4_000, 0)
  expect((await older).ok()).toBe(true)
  await expect.poll(() => chart.evaluate(summaryOf)).not.toBe(before)
  await expect(chart).toHaveAccessibleDescription(/, 1 minute each, from /)
})

/** Where the candles come from, according to the chart's description. */
function summaryOf(chart: Element): string | undefined {
  const id = chart.getAttribute('aria-describedby') ?? ''
  return document.getElementById(id)?.textContent?.match(/from (.*?) to/)?.[1]
}
