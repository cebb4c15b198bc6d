import { expect, test } from './app.ts'
import { expectUnread } from './bell-steps.ts'
import { commentBy, likeBy, openFeed, post, postBy, writePost } from './feed-steps.ts'

test.use({ settings: { HEARTBEAT_MS: '1000' } })

test('The feed wants a session, and a post that is not there is not found', async ({
  person,
  browserPage,
  quiet,
}) => {
  quiet.expect(/404/)
  const visitor = await browserPage()
  await visitor.goto('/feed')
  await expect(visitor).toHaveURL(/\/sign-in\?next=%2Ffeed$/)
  const { page } = await person('customer')
  for (const id of ['2000000000', 'none', '99999999999']) {
    expect((await page.goto(`/feed/${id}`))?.status()).toBe(404)
    await expect(page.getByRole('heading', { name: 'This post doesn’t exist' })).toBeVisible()
  }
})

test('A post is written by the keyboard, mentions somebody by handle, stands at once and rings there', async ({
  person,
}) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  await mira.page.goto('/account')
  await openFeed(nora.page)
  const field = nora.page.getByRole('textbox', { name: 'New post' })
  await field.pressSequentially(`Thank you @${mira.id.slice(0, -1)}`)
  const people = nora.page.getByRole('listbox', { name: 'People to mention' })
  await expect(people.getByRole('option', { name: mira.id }).first()).toBeVisible()
  while ((await people.getByRole('option', { selected: true }).textContent()) !== `${mira.id}@${mira.id}`) {
    await nora.page.keyboard.press('ArrowDown')
  }
  await nora.page.keyboard.press('Enter')
  await expect(field).toHaveValue(`Thank you @${mira.id} `)
  await nora.page.keyboard.press('Control+Enter')
  await expect(field).toHaveValue('')
  const written = post(nora.page, 'Thank you')
  await expect(written).toHaveCount(1)
  await expect(written.getByText(`@${mira.id}`)).toHaveCSS('font-weight', '600')
  await expectUnread(mira.page, 1)
  await nora.page.reload()
  await expect(written).toHaveCount(1)
})

test('What others write is offered, and moves nothing until it is taken', async ({ person }) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  await postBy(mira, 'was there before')
  await openFeed(nora.page)
  const before = await post(nora.page, 'was there before').boundingBox()
  await postBy(mira, 'came later')
  await postBy(mira, 'came last')
  await expect(nora.page.getByRole('button', { name: '2 new posts' })).toBeVisible()
  expect(await post(nora.page, 'was there before').boundingBox()).toEqual(before)
  await expect(post(nora.page, 'came later')).toHaveCount(0)
  await nora.page.getByRole('button', { name: '2 new posts' }).click()
  await expect(nora.page.getByRole('article').first()).toContainText('came last')
  await expect(nora.page.getByRole('article').nth(1)).toContainText('came later')
})

test('Likes and comments change in place for everybody who reads', async ({ person }) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  await postBy(nora, 'to be talked about')
  await openFeed(nora.page)
  await openFeed(mira.page)
  const [here, there] = [post(nora.page, 'to be talked about'), post(mira.page, 'to be talked about')]
  await there.getByRole('button', { name: /^Like/ }).click()
  await expect(there.getByRole('button', { name: 'Like, 1 person does', pressed: true })).toBeVisible()
  await expect(here.getByRole('button', { name: 'Like, 1 person does', pressed: false })).toBeVisible()
  await there.getByRole('button', { name: /^Like/ }).click()
  await expect(here.getByRole('button', { name: 'Like, 0 people do' })).toBeVisible()

  await there.getByRole('button', { name: /^Comment,/ }).click()
  await mira.page.getByRole('textbox', { name: /^Comment on post/ }).fill('What does the proxy do?')
  await mira.page.keyboard.press('Meta+Enter')
  await expect(there).toContainText('You What does the proxy do?')
  await expect(here).toContainText(`${mira.id} What does the proxy do?`)
  await expect(here.getByRole('button', { name: 'Comment, 1 so far' })).toBeVisible()
})

test('A like that is refused goes back, and says why', async ({ person, quiet }) => {
  quiet.expect(/429/)
  const [nora, mira] = [await person('customer'), await person('customer')]
  await postBy(mira, 'much liked')
  await openFeed(nora.page)
  const problem = { type: '/problems/rate-limited', title: 'Too many', detail: 'Too many likes', status: 429 }
  await nora.page.route('**/like', (route) =>
    route.fulfill({
      status: 429,
      headers: { 'content-type': 'application/problem+json' },
      body: JSON.stringify(problem),
    }),
  )
  const like = post(nora.page, 'much liked').getByRole('button', { name: /^Like/ })
  await like.click()
  await expect(nora.page.getByText('Not liked. Too many likes.')).toBeVisible()
  await expect(like).toHaveAccessibleName('Like, 0 people do')
  await expect(like).toHaveAttribute('aria-pressed', 'false')
})

test('A post whose answer is lost keeps its text, and sent again it is there once', async ({
  person,
  quiet,
}) => {
  quiet.expect(/net::ERR_/)
  const nora = await person('customer')
  await openFeed(nora.page)
  const keys: (string | undefined)[] = []
  // Otherwise the stream would deliver it before anyone could resend it.
  await nora.page.route('**/api/streams/feed*', (route) => route.abort())
  await nora.page.reload()
  await nora.page.route(
    '**/api/posts',
    async (route) => {
      keys.push(route.request().headers()['idempotency-key'])
      await route.fetch()
      await route.abort()
    },
    { times: 1 },
  )
  await writePost(nora.page, 'sent into the dark')
  const failed = nora.page.getByRole('article', { name: 'Your post, not confirmed' })
  await expect(failed).toContainText('sent into the dark')
  const again = nora.page.waitForRequest((request) => request.method() === 'POST')
  await failed.getByRole('button', { name: 'Send again' }).click()
  keys.push((await again).headers()['idempotency-key'])
  await expect(failed).toHaveCount(0)
  await expect(post(nora.page, 'sent into the dark')).toHaveCount(1)
  expect(keys[0]).toBe(keys[1])
  await nora.page.unroute('**/api/streams/feed*')
  await nora.page.reload()
  await expect(post(nora.page, 'sent into the dark')).toHaveCount(1)
})

test('A line that is cut is told; what others wrote meanwhile is offered once it is back', async ({
  app,
  person,
  quiet,
}) => {
  quiet.expect(/net::ERR_/)
  const [nora, mira] = [await person('customer'), await person('customer')]
  await openFeed(nora.page)
  app.line.refuse()
  app.line.cut()
  const banner = nora.page.getByRole('region', { name: 'Connection', exact: true })
  await expect(banner).toContainText('Offline since')
  await postBy(mira, 'written during the cut')
  await banner.getByRole('button', { name: 'Retry now' }).click()
  app.line.accept()
  await expect(nora.page.getByRole('button', { name: '1 new post' })).toBeVisible({ timeout: 30_000 })
  await expect(banner).toBeHidden()
})

test('Older posts come as one scrolls, each once, down to the first', async ({ person }) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  for (let n = 0; n < 45; n += 1) await postBy(mira, `page through ${n}.`)
  await openFeed(nora.page)
  await nora.page.keyboard.press('End')
  const more = nora.page.getByRole('button', { name: /older posts/ })
  while ((await more.count()) > 0) await nora.page.keyboard.press('End')
  await expect(nora.page.getByText('No older posts.')).toBeVisible()
  for (const n of [0, 20, 44]) await expect(post(nora.page, `page through ${n}.`)).toHaveCount(1)
})

test('A link to a comment leads to it, however many came after', async ({ person }) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  const id = await postBy(nora, 'a long talk')
  const first = await commentBy(mira, id, 'the first word')
  for (let n = 0; n < 30; n += 1) await commentBy(mira, id, `word ${n}`)
  await nora.page.goto(`/feed/${id}#comment-${first}`)
  await expect(nora.page.locator(`#comment-${first}`)).toBeInViewport()
  await expect(nora.page.getByRole('list', { name: 'Comments' }).getByRole('listitem')).toHaveCount(31)
})

test('Texts that try to break the wire or the page do neither', async ({ person }) => {
  const phone = { viewport: { width: 390, height: 844 } }
  const [nora, mira] = [await person('customer', phone), await person('customer')]
  const { page } = nora
  await openFeed(page)
  const texts = [
    'one\n\nevent: bye\ndata: {}\n\ntwo',
    'line\u2028paragraph\u2029end',
    'שלום עולם, זה פוסט מימין לשמאל',
    'w'.repeat(1_000),
    '😀'.repeat(400),
  ]
  for (const body of texts) {
    const id = await postBy(mira, body)
    await likeBy(nora, id)
    await commentBy(mira, id, `@${nora.id} ${body.slice(0, 120)}`)
  }
  await page.getByRole('button', { name: '5 new posts' }).click()
  for (const body of texts) {
    await expect
      .poll(() => page.locator('bdi').evaluateAll((all) => all.map((one) => one.textContent)))
      .toContain(body)
  }
  await expectUnread(page, 5)
  await page.getByRole('button', { name: /^Notifications/ }).click()
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth),
  ).toBe(false)
})

test('A kind that is switched off does not ring, and a switch that is not confirmed goes back', async ({
  person,
  quiet,
}) => {
  quiet.expect(/503/)
  const [nora, mira] = [await person('customer'), await person('customer')]
  const id = await postBy(nora, 'quietly')
  const { page } = nora
  await page.goto('/account')
  const likes = page.getByRole('switch', { name: /^Likes/ })
  const saved = page.waitForResponse('**/api/notifications/preferences')
  await likes.click()
  await expect(likes).not.toBeChecked()
  expect((await saved).ok()).toBe(true)
  await likeBy(mira, id)
  // The fence: the comment came after the like.
  await commentBy(mira, id, 'aloud')
  await expectUnread(page, 1)

  await page.route('**/api/notifications/preferences', (route) => route.fulfill({ status: 503 }))
  await page.getByRole('switch', { name: /^Comments/ }).click()
  await expect(page.getByText('Not confirmed.')).toBeVisible()
  await expect(page.getByRole('switch', { name: /^Comments/ })).toBeChecked()
})

test('An officer tells everybody, and sees how many were told', async ({ person }) => {
  const [nora, ines] = [await person('customer'), await person('officer')]
  await nora.page.goto('/account')
  await ines.page.goto('/officer')
  await ines.page.getByLabel('Title').fill('Maintenance tonight')
  await ines.page.getByLabel('Message', { exact: true }).fill('The wires are cut at 22:00.')
  await ines.page.getByRole('button', { name: 'Send to everyone' }).click()
  await expect(ines.page.getByRole('list', { name: 'Alerts' })).toContainText(/sent to \d+ people/, {
    timeout: 20_000,
  })
  await expectUnread(nora.page, 1)
  await nora.page.getByRole('button', { name: /^Notifications/ }).click()
  await nora.page
    .getByRole('dialog')
    .getByRole('button', { name: /^Maintenance tonight/ })
    .click()
  await expectUnread(nora.page, 0)
})
