import type { Page } from '@playwright/test'
import { expect, type Person, test } from './app.ts'
import { axeViolations } from './axe.ts'

test.use({ settings: { PING_INTERVAL_MS: '1500' } })

const phone = { width: 390, height: 844 }

test('The drawer shows the upgrade, and beside it what the server saw of it', async ({ person }) => {
  const { page } = await inRoom(await person('customer'))
  await page.getByRole('button', { name: 'Open the wire drawer' }).click()
  const upgrade = list(page).locator('[data-upgrade=granted]')
  await expect(upgrade).toContainText('101 GET /socket.io/?EIO=4&transport=websocket')
  await upgrade.getByRole('button').click()
  const detail = list(page).getByRole('row').filter({ hasText: 'Switching Protocols' })
  await expect(detail).toContainText('upgrade: websocket')
  await expect(detail).toContainText(/sec-websocket-accept: \S{28}/)
  await expect(detail).toContainText('Headers as reported by the server; JavaScript can’t read them')
  await expect(detail).toContainText(/↑ [\d,]+ ↓ [\d,]+ bytes, \d+ database quer/)
  await expect(detail).toContainText('session=••••••')
  await expect(page.getByText(/The server’s count for this connection.*↑ .*B ↓ .*B/)).toBeVisible()
})

test('Packets are decoded in place, both ways, and a command stands with its acknowledgement', async ({
  person,
}) => {
  const { page } = await inRoom(await person('customer'))
  await page.getByRole('button', { name: 'Open the wire drawer' }).click()
  await say(page, 'to be seen on the wire')
  const command = list(page)
    .locator('[data-direction=sent]')
    .filter({ hasText: /42\d+\["chat:send"/ })
  await expect(command.getByRole('cell').nth(3)).toHaveText(/^\d+$/)
  await expect(
    list(page)
      .locator('[data-direction=received]')
      .filter({ hasText: /42\["entries",\{"stream":"room:/ })
      .first(),
  ).toBeVisible()
  await command.getByRole('button').click()
  const detail = list(page).getByRole('row').filter({ hasText: 'committed, then acknowledged' })
  await expect(detail).toContainText('"body":     "to be seen on the wire" }]')
  await expect(detail).toContainText(/43\d+\[\{ "ok": true, "seq": \d+, "message": \{…\} \}\]/)
  await expect(detail).toContainText(/\d+ ms later/)
})

test('Pings and pongs are faint, and can be listed alone', async ({ person }) => {
  const { page } = await inRoom(await person('customer'))
  await page.getByRole('button', { name: 'Open the wire drawer' }).click()
  const ping = list(page).locator('[data-packet=ping]').first()
  await expect(ping).toContainText('2 ping')
  await expect(list(page).locator('[data-packet=pong]').first()).toContainText('3 pong')
  const ink = (row: typeof ping) => row.evaluate((own) => getComputedStyle(own).color)
  expect(await ink(ping)).not.toBe(await ink(list(page).locator('[data-packet=event]').first()))

  await page.getByRole('radio', { name: 'Pings' }).check()
  await expect(list(page).locator('[data-packet=event]')).toHaveCount(0)
  await expect(list(page).locator('[data-packet=ping]').first()).toBeVisible()
  await page.getByRole('radio', { name: 'Commands' }).check()
  await expect(list(page).locator('[data-packet=ping]')).toHaveCount(0)
  await expect(list(page)).toContainText('["follow"')
})

test('A command under which the line was cut is never acknowledged, and the cut is in the list', async ({
  app,
  person,
  quiet,
}) => {
  quiet.expect(/net::ERR_|WebSocket connection/)
  const { page } = await inRoom(await person('customer'))
  await page.getByRole('button', { name: 'Open the wire drawer' }).click()
  app.line.freeze()
  await say(page, 'with the cable out')
  const command = list(page).locator('[data-direction=sent]').filter({ hasText: 'chat:send' })
  await expect(command.getByRole('cell').nth(3)).toHaveText('…')
  app.line.thaw()
  app.line.refuse()
  app.line.cut()
  await expect(command.getByRole('cell').nth(3)).toContainText('—')
  await expect(list(page).locator('[data-end=cut]')).toContainText('connection lost')
  await expect(list(page).locator('[data-upgrade=refused]').first()).toContainText('no 101')
  app.line.accept()
  // It is resent automatically over the next connection, and acknowledged there.
  await expect(command).toHaveCount(2, { timeout: 20_000 })
  await expect(command.first().getByRole('cell').nth(3)).toHaveText(/^\d+$/)
  await command.nth(1).getByRole('button').click()
  await expect(list(page)).toContainText('it’s safe to send again')
  await expect(page.getByRole('definition').first()).toHaveText('2')
})

test('Ticks are one row that grows, and the strip tells how fast they come', async ({ person }) => {
  const { page } = await person('customer')
  await page.goto('/trading')
  const strip = page.getByRole('button', { name: 'Open the wire drawer' })
  await expect(strip).toContainText(/1 socket · \d+ frames\/s · ↓ [\d.]+ KB\/s/)
  await strip.click()
  await page.getByRole('radio', { name: 'Ticks' }).check()
  const series = list(page).locator('[data-packet=event]').first()
  await expect(series).toContainText(/\d+ × 42\["ticks"/)
  // Far fewer rows than packets: 20 a second share one row, until a ping comes in between.
  await expect(page.getByRole('definition').nth(2)).toHaveText(/^[1-9]\d{2,}$/, { timeout: 20_000 })
  expect(await list(page).getByRole('row').count()).toBeLessThan(20)
  await series.getByRole('button').click()
  const detail = list(page).getByRole('row').filter({ hasText: 'in a row' })
  await expect(detail).toContainText('the latest price of each instrument that changed')
  await expect(detail).toContainText(/[\d.]+ per second, \d+ bytes each/)
})

test('A hold on the list stops nothing but the list', async ({ person }) => {
  const { page } = await person('customer')
  await page.goto('/trading')
  await page.getByRole('button', { name: 'Open the wire drawer' }).click()
  const packets = page.getByRole('definition').nth(2)
  await expect(packets).toHaveText(/^[1-9]\d+$/)
  await page.getByRole('button', { name: 'Pause the list' }).click()
  const held = await packets.textContent()
  await page.getByRole('radio', { name: 'Pings' }).check()
  await expect(packets).toHaveText(held ?? '')
  await page.getByRole('button', { name: 'Resume the list' }).click()
  await expect(packets).not.toHaveText(held ?? '')
})

test('Everything is reached by the keyboard', async ({ person }) => {
  const { page } = await inRoom(await person('customer'))
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('w')
  await expect(page.getByRole('complementary', { name: 'Wire' })).toBeFocused()
  await page.getByRole('radio', { name: 'All' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('radio', { name: 'Commands' })).toBeChecked()
  await page.keyboard.press('Tab')
  const row = list(page).getByRole('button').first()
  await expect(row).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(row).toHaveAttribute('aria-expanded', 'true')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('complementary', { name: 'Wire' })).toBeHidden()
})

test('Where no socket can be had, what goes over HTTP in its place is shown', async ({ person }) => {
  const someone = await person('customer')
  await someone.page.routeWebSocket(/socket\.io/, (socket) => socket.close())
  const { page } = await inRoom(someone, 'Fallback')
  await page.getByRole('button', { name: 'Open the wire drawer' }).click()
  await expect(page.getByRole('radio', { name: 'HTTP' })).toBeChecked()
  const requests = page.getByRole('table', { name: 'This page’s requests, newest first' })
  await expect(requests.locator('[data-lane=sse][data-gist=open]').first()).toBeVisible()
  await page.getByRole('radio', { name: 'All' }).first().check()
  await expect(list(page).locator('[data-end]').first()).toBeVisible()
})

test('The source tab of the chat begins with the socket, its commands, its browser half and its rules', async ({
  person,
}) => {
  const { page } = await inRoom(await person('customer'))
  await page.getByRole('button', { name: 'Open the wire drawer' }).click()
  await page.getByRole('tab', { name: 'Source' }).click()
  for (const path of [
    'server/deliver/socket.ts',
    'server/http/commands.ts',
    'components/live/clients/socket.ts',
  ]) {
    await expect(page.getByRole('region', { name: path })).toBeVisible()
  }
  await expect(page.getByRole('term').filter({ hasText: 'WS1' }).first()).toBeVisible()
  await page.getByRole('button', { name: 'compare all' }).click()
  const beside = page.getByRole('dialog', { name: 'Deliveries side by side' })
  await expect(beside.getByRole('region')).toHaveCount(4)
})

test('On a phone the drawer is a sheet, and nothing is wider than the screen', async ({ person }) => {
  const { page } = await inRoom(await person('customer', { viewport: phone }))
  await say(page, 'a message of some length, which does not fit into one line of a telephone')
  await page.getByRole('button', { name: 'Open the wire drawer' }).click()
  const command = list(page).locator('[data-direction=sent]').filter({ hasText: 'chat:send' })
  await command.getByRole('button').click()
  const box = await page.getByRole('complementary', { name: 'Wire' }).boundingBox()
  expect(box?.width).toBe(390)
  expect(box?.y).toBeGreaterThan(150)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`The open drawer has no fault that axe finds: ${colorScheme}`, async ({ person }) => {
    const { page } = await inRoom(await person('customer', { colorScheme }))
    await page.getByRole('button', { name: 'Open the wire drawer' }).click()
    await say(page, 'to be looked at')
    const command = list(page).locator('[data-direction=sent]').filter({ hasText: 'chat:send' })
    await command.getByRole('button').click()
    await expect(list(page)).toContainText('committed, then acknowledged')
    await expect(list(page).locator('[data-packet=ping]').first()).toBeVisible()
    expect(await axeViolations(page, '#wire')).toEqual([])
  })
}

/** The socket's list in the open drawer. */
function list(page: Page) {
  return page.getByRole('table', { name: 'This page’s socket, newest first' })
}

/** In a new room of their own, with its socket connected. */
async function inRoom(someone: Person, state = 'Live'): Promise<Person> {
  const answer = await someone.create('/api/rooms', { name: 'wire-talk', visibility: 'public' })
  const { id } = await answer.json()
  await someone.page.goto(`/chat/${id}`)
  await expect(someone.page.getByRole('banner')).toContainText(state, { timeout: 30_000 })
  return someone
}

async function say(page: Page, body: string) {
  const field = page.getByRole('textbox', { name: /^Message/ })
  await field.fill(body)
  await field.press('Enter')
}
