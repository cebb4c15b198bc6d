import { expect, test } from './app.ts'

test.use({ settings: { HEARTBEAT_MS: '2000' } })

test('The drawer shows a stream’s frames as they arrive, each with its lines and its bytes', async ({
  person,
}) => {
  const { page } = await person('customer')
  const other = await person('customer')
  await page.goto('/feed')
  await page.getByRole('button', { name: 'Open the wire drawer' }).click()
  await page.getByRole('radio', { name: 'Feed' }).check()
  const list = page.getByRole('table', { name: 'This page’s requests, newest first' })
  await expect(list.locator('[data-frame=ready]')).toBeVisible()
  await expect(list.locator('[data-frame=beat]').first()).toBeVisible()

  await other.create('/api/posts', { body: 'to be seen on the wire' })
  const entry = list.locator('[data-frame=entry]').first()
  await expect(entry).toContainText('post.created')
  await entry.getByRole('button').click()
  const lines = list.getByRole('row').filter({ hasText: 'an empty line ends the frame' })
  await expect(lines).toContainText(/id: [0-9a-z]+\.\d+/)
  await expect(lines).toContainText('data: {"seq":')
  await expect(lines).toContainText('sent back as Last-Event-ID')

  const request = list.locator('[data-lane=sse][data-gist=open]')
  await request.getByRole('button').click()
  const head = list.getByRole('row').filter({ hasText: 'HTTP/1.1 200' })
  await expect(head).toContainText('accept: text/event-stream')
  await expect(head).toContainText('x-accel-buffering: no')
  await expect(head).toContainText('one response for as long as the connection is open')
})

test('The server’s own count of an open stream stands beside it, and grows', async ({ person }) => {
  const { page } = await person('customer')
  await page.goto('/feed')
  // A key pressed before hydration is lost.
  await expect(page.getByRole('banner')).toContainText('Live')
  await page.keyboard.press('w')
  await page.getByRole('radio', { name: 'Feed' }).check()
  const list = page.getByRole('table', { name: 'This page’s requests, newest first' })
  const received = list.locator('[data-lane=sse][data-gist=open]').getByRole('cell').nth(4)
  const sent = list.locator('[data-lane=sse][data-gist=open]').getByRole('cell').nth(3)
  await expect(sent).toHaveText(/^[\d,]+$/)
  const before = await received.textContent()
  await expect(received).not.toHaveText(before ?? '')
})

test('A line that is cut is shown as cut, and the reconnect with the Last-Event-ID that it sent', async ({
  app,
  person,
  quiet,
}) => {
  quiet.expect(/net::ERR_/)
  const { page } = await person('customer')
  const other = await person('customer')
  await page.goto('/feed')
  // A key pressed before hydration is lost.
  await expect(page.getByRole('banner')).toContainText('Live')
  await page.keyboard.press('w')
  await page.getByRole('radio', { name: 'Feed' }).check()
  const list = page.getByRole('table', { name: 'This page’s requests, newest first' })
  await other.create('/api/posts', { body: 'before the cut' })
  const entry = list.locator('[data-frame=entry]').first()
  await expect(entry).toBeVisible()
  app.line.refuse()
  app.line.cut()
  await expect(list.locator('[data-end=cut]')).toContainText('connection lost')
  app.line.accept()
  const open = list.locator('[data-lane=sse][data-gist=open]')
  await expect(open).toContainText(/Last-Event-ID [0-9a-z]+\.\d+/)
  await expect(page.getByRole('definition').nth(1)).not.toHaveText('0')
})

test('On a loan’s page the list is about its polls, and the bell’s stream is a choice', async ({
  person,
}) => {
  const { page } = await person('customer')
  await page.goto('/loans')
  await expect(page.getByRole('banner').getByText('Polling')).toBeVisible()
  await page.keyboard.press('w')
  const list = page.getByRole('table', { name: 'This page’s requests, newest first' })
  await expect(list.locator('[data-lane=short]').first()).toBeVisible()
  await expect(list.locator('[data-frame]')).toHaveCount(0)
  await page.getByRole('radio', { name: 'Bell' }).check()
  await expect(list.locator('[data-frame=ready]')).toBeVisible()
})

test('A tab that listens through another one says so', async ({ person }) => {
  const { page } = await person('customer')
  await page.goto('/feed')
  await expect(page.getByRole('button', { name: 'Open the wire drawer' })).toContainText('connection')
  const second = await page.context().newPage()
  await second.goto('/feed')
  // A key pressed before hydration is lost.
  await expect(second.getByRole('banner')).toContainText('Live')
  await second.keyboard.press('w')
  await expect(second.getByText('This tab shares another tab’s stream')).toBeVisible()
  await second.close()
})

test('The source tab of the feed begins with the event stream, its browser half and its rules', async ({
  person,
}) => {
  const { page } = await person('customer')
  await page.goto('/feed')
  await expect(page.getByRole('banner')).toContainText('Live')
  await page.keyboard.press('w')
  await page.getByRole('tab', { name: 'Source' }).click()
  for (const path of ['server/deliver/event-stream.ts', 'components/live/clients/event-stream.ts']) {
    await expect(page.getByRole('region', { name: path })).toBeVisible()
  }
  await expect(page.getByRole('term').filter({ hasText: 'SSE1' })).toBeVisible()
})
