import { expect, test } from './app.ts'
import { applyForLoan, decideAtDesk, hideTab, readLoan, seeStage, stage, watchPolls } from './loan-steps.ts'

test('Short polling asks as often as the server advises; long polling holds and shows the change at once', async ({
  person,
}) => {
  const nora = await person('customer')
  const ines = await person('officer')
  await applyForLoan(nora.page, { purpose: 'a kiln' })
  await seeStage(nora.page, 'Under review')
  await expect(
    nora.page.getByText('Nothing is due, so the server suggests checking again in 30 s.'),
  ).toBeVisible()
  const polls = watchPolls(nora.page)
  await nora.page.getByRole('radio', { name: 'Long' }).check()
  await expect(nora.page.getByText('Held open for')).toBeVisible()
  await expect(nora.page.getByRole('banner').getByText('held open')).toBeVisible()
  expect(polls.map(({ wait }) => wait)).toEqual(['wait=25'])

  await decideAtDesk(ines.page, 'Approve', 'a kiln')
  // Nothing polls: what arrives now is the response to the held request.
  await seeStage(nora.page, 'Approved')
  await expect(stage(nora.page, 'Approved')).toContainText(/immediately|1 s later/)

  await nora.page.getByRole('radio', { name: 'Short' }).check()
  await expect.poll(() => polls.at(-1)?.wait).toBeUndefined()
})

for (const mode of ['Short', 'Long'] as const) {
  test(`${mode} polling goes offline, says so, and comes back by itself`, async ({ person, quiet }) => {
    quiet.expect(/ERR_INTERNET_DISCONNECTED/)
    const { page } = await person('customer')
    const id = await applyForLoan(page)
    await seeStage(page, 'Under review')
    const { cursor } = await readLoan(page.request, id)
    await page.getByRole('radio', { name: mode }).check()
    await page.context().setOffline(true)
    const banner = page.getByRole('region', { name: 'Connection', exact: true })
    await expect(banner).toContainText('Offline since')
    await expect(banner).toContainText(cursor)
    await expect(page.getByRole('banner').getByText('Offline')).toBeVisible()
    await expect(stage(page, 'Under review')).toBeVisible()
    await page.context().setOffline(false)
    await expect(banner).toBeHidden()
    await expect(page.getByText(mode === 'Long' ? 'Held open for' : 'Next poll in')).toBeVisible()
  })
}

test('A hidden tab asks nothing and holds nothing; shown again it asks at once', async ({ person }) => {
  const nora = await person('customer')
  const ines = await person('officer')
  const id = await applyForLoan(nora.page, { purpose: 'a shed' })
  await seeStage(nora.page, 'Under review')
  await nora.page.getByRole('radio', { name: 'Long' }).check()
  await expect(nora.page.getByText('Held open for')).toBeVisible()
  await hideTab(nora.page, true)
  await expect(nora.page.getByText('hidden tab')).toBeVisible()
  const polls = watchPolls(nora.page)

  await decideAtDesk(ines.page, 'Approve', 'a shed')
  // The fence: by now the loan has been through every stage, and each would have ended a held request.
  await expect.poll(async () => (await readLoan(ines.page.request, id)).status).toBe('paid-out')
  expect(polls).toEqual([])
  await expect(stage(nora.page, 'Approved or declined')).toBeVisible()

  await hideTab(nora.page, false)
  await seeStage(nora.page, 'Paid out')
  expect(polls.length).toBeGreaterThan(0)
})

test('Signed out elsewhere, a held poll ends within two seconds and the page asks no more', async ({
  person,
  quiet,
}) => {
  quiet.expect(/401/)
  const { page } = await person('customer')
  const id = await applyForLoan(page)
  await seeStage(page, 'Under review')
  await page.getByRole('radio', { name: 'Long' }).check()
  await expect(page.getByText('Held open for')).toBeVisible()
  const polls = watchPolls(page)

  // The request context shares the browser's cookies, so it acts as another tab of the same session.
  const signedOutAt = Date.now()
  expect((await page.request.post('/api/auth/sign-out', { data: {} })).ok()).toBe(true)
  await expect(page.getByRole('heading', { name: 'Your session has ended' })).toBeVisible({ timeout: 2_000 })
  expect(Date.now() - signedOutAt).toBeLessThan(2_500)
  await expect(page.getByRole('main').getByText('a heat pump')).toBeHidden()
  await expect(page.getByRole('link', { name: 'Sign in again' })).toHaveAttribute(
    'href',
    `/sign-in?next=%2Floans%2F${id}`,
  )
  await hideTab(page, true)
  await hideTab(page, false)
  expect(polls).toEqual([])
})

test('A server that cannot answer is told with its request id, asked less often, and forgiven', async ({
  person,
  quiet,
}) => {
  quiet.expect(/503/)
  const { page } = await person('customer')
  await applyForLoan(page)
  await seeStage(page, 'Under review')
  await page.route('**/api/loans/L-*', (route) =>
    route.fulfill({
      status: 503,
      headers: { 'content-type': 'application/problem+json', 'retry-after': '3', 'x-request-id': 'r-known' },
      body: JSON.stringify({ type: '/problems/unavailable', title: 'Temporarily unavailable', status: 503 }),
    }),
  )
  await page.getByRole('button', { name: 'Check now' }).click()
  const trouble = page.getByRole('region', { name: 'The loan couldn’t be loaded' })
  await expect(trouble).toContainText('r-known')
  await expect(trouble).toContainText(/in 00:0[1-4]/)
  await expect(stage(page, 'Under review')).toBeVisible()
  await page.unroute('**/api/loans/L-*')
  await trouble.getByRole('button', { name: 'Retry now' }).click()
  await expect(trouble).toBeHidden()
})
