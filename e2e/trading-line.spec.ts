import { expect, test } from './app.ts'
import { deskView, openDesk, orderRows, ordersOf, submitButton, ticket, writeOrder } from './trading-steps.ts'

/** The connection is cut for the whole worker, so these tests have a file of their own. */

test('While the line is down prices are told to be old, and no order is taken', async ({
  app,
  person,
  quiet,
}) => {
  quiet.expect(/net::ERR_|WebSocket/)
  const nora = await person('customer', { viewport: deskView })
  const { page } = nora
  await openDesk(page)
  await writeOrder(page, { quantity: 3 })
  app.line.refuse()
  app.line.cut()
  const banner = page.getByRole('region', { name: 'Connection', exact: true })
  await expect(banner).toContainText('Offline since')
  await expect(page.getByText(/^as of /)).toBeVisible()
  await expect(submitButton(page)).toBeDisabled()
  await expect(ticket(page)).toContainText('Orders aren’t queued')
  // The page also retries by itself, and the button disappears with the banner as soon as that succeeds.
  await banner.getByRole('button', { name: 'Retry now' }).click()
  await expect(banner).toContainText('Offline since')
  app.line.accept()
  await expect(submitButton(page)).toBeEnabled({ timeout: 30_000 })
  await expect(page.getByText(/^as of /)).toBeHidden()
  expect(await ordersOf(nora)).toEqual([])
})

test('An order whose acknowledgement is lost is found again, and sent twice it is one', async ({
  app,
  person,
  quiet,
}) => {
  quiet.expect(/net::ERR_|WebSocket/)
  const nora = await person('customer', { viewport: deskView })
  const { page } = nora
  await openDesk(page)
  await writeOrder(page, { quantity: 3 })
  // What the page sends arrives, and nothing comes back.
  app.line.freeze()
  await submitButton(page).click()
  await expect(orderRows(page).first()).toContainText('sending')
  app.line.refuse()
  app.line.cut()
  app.line.thaw()
  await expect(orderRows(page).first()).toContainText('not confirmed')
  await expect(ticket(page).getByRole('alert')).toContainText('It’s safe to send again')
  app.line.accept()
  const again = ticket(page).getByRole('button', { name: 'Send again' })
  await expect(again).toBeEnabled({ timeout: 30_000 })
  await again.click()
  await expect(orderRows(page).first()).toContainText('filled')
  await expect(orderRows(page)).toHaveCount(1)
  expect(await ordersOf(nora)).toHaveLength(1)
})

test('A session that is ended elsewhere ends the desk, and says so', async ({ person, quiet }) => {
  quiet.expect(/401|WebSocket/)
  const nora = await person('customer', { viewport: deskView })
  await openDesk(nora.page)
  await nora.send('POST', '/api/auth/sign-out', {})
  await expect(nora.page.getByRole('heading', { name: 'Your session has ended' })).toBeVisible()
  await expect(nora.page.getByRole('listbox', { name: 'Instruments' })).toHaveCount(0)
})
