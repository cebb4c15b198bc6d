import { bufferingProxy } from '#server/lab/network/buffering-proxy.ts'
import { expect, type Person, test } from './app.ts'
import { bell, expectLive, expectUnread, openLivePanel, openPanel, panel, rowsOf } from './bell-steps.ts'
import { commentBy, likeBy, postBy, unlikeBy } from './feed-steps.ts'

test.use({ settings: { HEARTBEAT_MS: '1000' } })

test('Every page of somebody who is signed in has the bell, and counts in its title, also after a link', async ({
  person,
  browserPage,
}) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  await likeBy(mira, await postBy(nora, 'to be liked'))
  for (const [path, title] of [
    ['/', 'Wireside'],
    ['/loans', 'Loans · Wireside'],
    ['/account', 'Account · Wireside'],
    ['/states', 'States · Wireside'],
  ] as const) {
    await nora.page.goto(path)
    await expectUnread(nora.page, 1)
    await expect(nora.page).toHaveTitle(`(1) ${title}`)
  }
  await nora.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Feed' }).click()
  await expect(nora.page).toHaveTitle('(1) Feed · Wireside')

  const visitor = await browserPage()
  await visitor.goto('/')
  await expect(visitor.getByRole('link', { name: 'Sign in', exact: true })).toBeVisible()
  await expect(bell(visitor)).toHaveCount(0)
})

test('A like rings once: counted, toasted and spoken; liked again it does not; an unlike takes it back', async ({
  person,
}) => {
  const [nora, mira, ilya] = [await person('customer'), await person('customer'), await person('customer')]
  const id = await postBy(nora, 'to be liked')
  const { page } = nora
  await page.goto('/account')
  await openLivePanel(page)
  await page.keyboard.press('Escape')

  await likeBy(mira, id)
  await expectUnread(page, 1)
  const sentence = `${mira.id} liked your post`
  await expect(page.locator('[aria-live=polite]').filter({ hasText: sentence })).toHaveCount(1)
  await expect(page.getByRole('paragraph').filter({ hasText: sentence })).toHaveCount(2)

  await likeBy(mira, id)
  await unlikeBy(mira, id)
  await likeBy(ilya, id)
  // The fence: Ilya's like came after everything else, and it alone is unread.
  await expect(page.getByText(`${ilya.id} liked your post`).first()).toBeAttached()
  await expectUnread(page, 1)
})

test('Likes of one post are one row with the seqs of all; what arrives in the open panel is not toasted', async ({
  person,
}) => {
  const people = [await person('customer'), await person('customer'), await person('customer')]
  const nora = await person('customer')
  const id = await postBy(nora, 'First loan paid out')
  await nora.page.goto('/account')
  await openLivePanel(nora.page)
  for (const one of people) await likeBy(one, id)
  const row = rowsOf(nora.page, 'Unread')
  await expect(row).toHaveCount(1)
  await expect(row).toContainText(`${people[2]?.id} and 2 others liked your post`)
  await expect(row).toContainText('“First loan paid out”')
  await expect(row).toContainText('1–3')
  await expect(nora.page.getByRole('button', { name: 'Close', exact: true })).toHaveCount(0)
})

test('The panel opens, is walked through and closes by the keyboard, and a row leads to its comment', async ({
  person,
}) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  const id = await postBy(nora, 'Seven stages')
  const comments = [await commentBy(mira, id, 'Which took longest?')]
  await likeBy(mira, id)
  const { page } = nora
  await page.goto('/account')
  await bell(page).focus()
  await page.keyboard.press('Enter')
  await expect(panel(page)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(panel(page)).toBeHidden()
  await expect(bell(page)).toBeFocused()

  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('link', { name: 'commented on your post' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/feed/${id}#comment-${comments[0]}`)
  await expect(panel(page)).toBeHidden()
  await expectUnread(page, 1)

  await openPanel(page)
  await page.getByRole('heading', { level: 1 }).click()
  await expect(panel(page)).toBeHidden()
})

test('What is read in one tab is read in the other and on the other device, one by one and all at once', async ({
  person,
  browserPage,
}) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  const [first, second] = [await postBy(nora, 'one'), await postBy(nora, 'two')]
  await likeBy(mira, first)
  await likeBy(mira, second)
  await commentBy(mira, second, 'yes')
  const tab = await nora.page.context().newPage()
  const device = await browserPage()
  await device.context().addCookies(await nora.page.context().cookies())
  for (const page of [nora.page, tab, device]) {
    await page.goto('/account')
    await expectUnread(page, 3)
  }
  await openLivePanel(tab)
  await expect(tab.getByText('2 tabs share one connection')).toBeVisible()
  await tab.getByRole('button', { name: /^Mark read: .* commented/ }).click()
  for (const page of [nora.page, tab, device]) await expectUnread(page, 2)
  await expect(rowsOf(tab, 'Earlier today')).toHaveCount(1)
  await tab.getByRole('button', { name: 'Mark all read' }).click()
  for (const page of [nora.page, tab, device]) await expectUnread(page, 0)
  await tab.getByRole('radio', { name: 'Unread' }).check()
  await expect(panel(tab)).toContainText('No unread notifications.')
})

test('The history goes back as far as one asks, and a refusal is told with its request', async ({
  person,
  quiet,
}) => {
  quiet.expect(/503/)
  const { nora } = await withHistory(person, 70)
  const { page } = nora
  await page.route('**/api/notifications?before=*', (route) =>
    route.fulfill({
      status: 503,
      headers: { 'content-type': 'application/problem+json', 'x-request-id': 'r-known' },
      body: JSON.stringify({ type: '/problems/unavailable', title: 'Temporarily unavailable', status: 503 }),
    }),
  )
  await page.goto('/account')
  const opened = await openLivePanel(page)
  await opened.getByRole('button', { name: 'Show older' }).click()
  await expect(opened.getByText('r-known')).toBeVisible()
  await page.unroute('**/api/notifications?before=*')
  const older = opened.getByRole('button', { name: 'Show older' })
  await expect(async () => {
    if ((await older.count()) > 0) await older.click({ timeout: 1_000 })
    await expect(opened.getByText('No older notifications.')).toBeAttached({ timeout: 1_000 })
  }).toPass()
  await expect(rowsOf(page, 'Unread')).toHaveCount(70)
})

test('Cut off, the bell says since when and tries again; back, it has what was missed, once', async ({
  app,
  person,
  quiet,
}) => {
  quiet.expect(/net::ERR_/)
  const [nora, mira] = [await person('customer'), await person('customer')]
  const id = await postBy(nora, 'during the cut')
  const { page } = nora
  await page.goto('/account')
  const opened = await openLivePanel(page)
  app.line.refuse()
  app.line.cut()
  await expect(opened.getByRole('status').filter({ hasText: 'Offline' })).toBeVisible()
  await expect(opened).toContainText('You still have everything up to')
  await expect(opened).toContainText(/Retrying in \d+ s\.|Retrying …/)
  for (const body of ['a', 'b', 'c']) await commentBy(mira, id, body)
  await opened.getByRole('button', { name: 'Retry now' }).click()
  app.line.accept()
  await expectLive(opened)
  await expectUnread(page, 3)
  await expect(rowsOf(page, 'Unread')).toContainText('1–3')
})

test('Behind a proxy that holds the stream back, the bell falls back to long polling, says why, and rings', async ({
  app,
  person,
}) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  const id = await postBy(nora, 'behind a proxy')
  const proxy = await bufferingProxy(app.port)
  try {
    await nora.page.goto(`http://localhost:${proxy.port}/account`)
    const opened = await openPanel(nora.page)
    await expect(opened.getByRole('status').filter({ hasText: 'Fallback' })).toBeVisible({ timeout: 40_000 })
    await expect(opened).toContainText('so notifications arrive by long polling')
    await opened.getByText('Why am I seeing this?').click()
    await expect(opened.getByText('Some proxies collect a whole response')).toBeVisible()
    await likeBy(mira, id)
    await expectUnread(nora.page, 1)
    await expect(rowsOf(nora.page, 'Unread')).toContainText('liked your post')
  } finally {
    await nora.page.close()
    await proxy.close()
  }
})

test('Signed out elsewhere, the bell asks to sign in again and asks no more', async ({ person, quiet }) => {
  quiet.expect(/401/)
  const { page } = await person('customer')
  await page.goto('/problems')
  const opened = await openLivePanel(page)
  expect((await page.request.post('/api/auth/sign-out', { data: {} })).ok()).toBe(true)
  await expect(opened.getByRole('heading', { name: 'Your session has ended' })).toBeVisible()
  await expect(opened.getByRole('link', { name: 'Sign in again' })).toBeVisible()
})

test('On a phone the panel is a sheet between the bar and the tabs', async ({ person }) => {
  const { page } = await person('customer', { viewport: { width: 390, height: 844 }, hasTouch: true })
  await page.goto('/account')
  const opened = await openLivePanel(page)
  await expect(opened).toContainText('No notifications yet')
  const box = await opened.boundingBox()
  expect(box).toMatchObject({ x: 0, y: 48, width: 390, height: 844 - 48 - 56 })
})

async function withHistory(person: (role: 'customer') => Promise<Person>, count: number) {
  const [nora, mira] = [await person('customer'), await person('customer')]
  // Each mention has its own row, whereas comments on one post would share one.
  const id = await postBy(mira, 'a long talk')
  for (let n = 0; n < count; n += 1) await commentBy(mira, id, `@${nora.id} ${n}`)
  return { nora, mira }
}
