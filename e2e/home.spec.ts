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
