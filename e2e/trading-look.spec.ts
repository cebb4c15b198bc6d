import { expect, test } from './app.ts'
import { axeViolations, isTooWide } from './axe.ts'
import {
  deskView,
  openDesk,
  orderRows,
  restingLimit,
  submitButton,
  ticket,
  writeOrder,
} from './trading-steps.ts'

const phone = { width: 390, height: 844 }

test('On a phone one buys in a sheet, and finds the order under its tab', async ({ person }) => {
  const { page } = await person('customer', { viewport: phone })
  await page.goto('/trading')
  await page.getByRole('button', { name: 'Buy' }).click()
  const sheet = page.getByRole('dialog', { name: 'Order NRDX' })
  await sheet.getByLabel('Type').selectOption('market')
  await sheet.getByLabel('Quantity').fill('4')
  const send = sheet.getByRole('button', { name: 'Buy 4 NRDX at market' })
  await expect(send).toBeEnabled()
  await send.click()
  await expect(sheet.getByRole('status')).toContainText('Bought 4 NRDX')
  await sheet.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('tab', { name: 'Orders' }).first().click()
  await expect(orderRows(page).first()).toContainText('Buy 4 NRDX')
  await page.getByRole('tab', { name: 'Positions' }).click()
  await expect(page.getByRole('table', { name: 'Positions' })).toContainText('NRDX')
  await page.getByRole('tab', { name: 'Tape' }).click()
  await expect(
    page
      .getByRole('list', { name: /^Latest trades/ })
      .getByRole('listitem')
      .first(),
  ).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [size, viewport] of Object.entries({ desk: deskView, phone })) {
    test(`The desk has no fault that axe finds, and is not too wide: ${size}, ${colorScheme}.`, async ({
      person,
    }) => {
      const nora = await person('customer', { viewport, colorScheme })
      const { page } = nora
      if (size === 'desk') {
        await openDesk(page)
        await writeOrder(page, { quantity: 2, limit: await restingLimit(nora, 'NRDX') })
        await submitButton(page).click()
        await expect(ticket(page).getByRole('status')).toContainText('is open at')
      } else {
        await page.goto('/trading')
        await page.getByRole('button', { name: 'Sell' }).click()
        await expect(page.getByRole('dialog', { name: 'Order NRDX' })).toBeVisible()
      }
      expect(await axeViolations(page)).toEqual([])
      expect(await isTooWide(page)).toBe(false)
    })
  }
}
