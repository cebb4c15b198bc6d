import { expect, test } from './app.ts'

test('The home page opens and logs no error.', async ({ page }) => {
  const answer = await page.goto('/')
  expect(answer?.status()).toBe(200)
  await expect(page).toHaveTitle(/Wireside/)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
})

test('A person is signed in, and a visitor is not.', async ({ person, browserPage }) => {
  const nora = await person('customer')
  const session = await nora.page.request.get('/api/auth/get-session')
  expect((await session.json()).user.email).toBe(nora.email)
  const visitor = await browserPage()
  expect(await (await visitor.request.get('/api/auth/get-session')).json()).toBeNull()
})

test('A line that is cut is cut: the page logs it, and the next request goes through.', async ({
  app,
  page,
  quiet,
}) => {
  quiet.expect(/net::ERR_/)
  await page.goto('/')
  app.line.refuse()
  app.line.cut()
  const failed = page.evaluate(() =>
    fetch('/healthz').then(
      () => 'answered',
      () => 'failed',
    ),
  )
  expect(await failed).toBe('failed')
  app.line.accept()
  expect(await page.evaluate(() => fetch('/healthz').then((answer) => answer.status))).toBe(200)
})

test('The stream of the home page is drawn as it lives: entries, bytes, one connection.', async ({
  page,
}) => {
  await page.goto('/')
  const figures = page.getByRole('group', { name: 'Server-Sent Events' })
  await expect(figures).toContainText(/opened in 30 s\s*1/)
  await expect(figures).toContainText(/received in 30 s\s*\d/)
  await expect(figures).toContainText(/median wait\s*\d+ ms/, { timeout: 20_000 })
})

test('A stream that is cut says so beside its wire, and resumes by itself.', async ({ app, page, quiet }) => {
  quiet.expect(/net::ERR_/)
  await page.goto('/')
  const wire = page.getByRole('group', { name: 'Server-Sent Events' })
  await expect(wire).toContainText(/opened in 30 s\s*1/)
  app.line.refuse()
  app.line.cut()
  await expect(wire.getByRole('status')).toContainText('No response since')
  app.line.accept()
  await expect(wire.getByRole('status')).toBeHidden({ timeout: 30_000 })
  await expect(wire).toContainText('Resumes from the last event ID')
})

test('A home page that is paused lets its stream go.', async ({ page }) => {
  await page.goto('/')
  const letGo = page.waitForEvent('requestfailed', (request) => {
    return request.url().includes('/api/streams/pulse') && request.headers().accept === 'text/event-stream'
  })
  await expect(page.getByRole('group', { name: 'Server-Sent Events' })).toContainText(/opened in 30 s\s*1/)
  await page.getByRole('button', { name: 'Pause the connections' }).click()
  await letGo
})

test('For a visitor the socket’s wire is hollow, opens nothing, and says when it will.', async ({ page }) => {
  const sockets: string[] = []
  page.on('websocket', (socket) => sockets.push(socket.url()))
  await page.goto('/')
  const wire = page.getByRole('group', { name: 'WebSocket' })
  await expect(wire).toContainText('Opens when you sign in')
  await expect(wire.getByRole('link', { name: 'sign in' })).toHaveAttribute('href', '/sign-in')
  await expect(page.getByRole('group', { name: 'Server-Sent Events' })).toContainText(
    /median wait\s*\d+ ms/,
    { timeout: 20_000 },
  )
  await expect(wire).toContainText(/median wait\s*—.*opened in 30 s\s*—.*received in 30 s\s*—/)
  expect(sockets).toEqual([])
})

test('Who has signed in has the socket too: one connection, its entries, its bytes.', async ({ person }) => {
  const { page } = await person('customer')
  await page.goto('/')
  const wire = page.getByRole('group', { name: 'WebSocket' })
  await expect(wire).toContainText(/opened in 30 s\s*1/)
  await expect(wire).toContainText(/median wait\s*\d+ ms/, { timeout: 20_000 })
  await expect(wire).toContainText(/received in 30 s\s*\d/)
  await expect(wire).toContainText('Both sides send')
  const places = page.getByRole('navigation', { name: 'Destinations' })
  await expect(places.getByRole('link', { name: /^Chat/ })).toContainText(/ack \d+ ms p50/)
  await expect(places.getByRole('link', { name: /^Trading/ })).toContainText(/an event in \d+ ms/)
})

test('A socket that is cut says so beside its wire, and resumes where it was.', async ({
  app,
  person,
  quiet,
}) => {
  quiet.expect(/net::ERR_|WebSocket connection/)
  const { page } = await person('customer')
  await page.goto('/')
  const wire = page.getByRole('group', { name: 'WebSocket' })
  await expect(wire).toContainText(/opened in 30 s\s*1/)
  app.line.refuse()
  app.line.cut()
  await expect(wire.getByRole('status')).toContainText('No response since')
  app.line.accept()
  await expect(wire.getByRole('status')).toBeHidden({ timeout: 30_000 })
  await expect(wire).toContainText('Both sides send')
})

test('A home page that is paused lets its socket go.', async ({ person }) => {
  const { page } = await person('customer')
  const opened = page.waitForEvent('websocket')
  await page.goto('/')
  const socket = await opened
  await expect(page.getByRole('group', { name: 'WebSocket' })).toContainText(/opened in 30 s\s*1/)
  const closed = socket.waitForEvent('close')
  await page.getByRole('button', { name: 'Pause the connections' }).click()
  await closed
})
