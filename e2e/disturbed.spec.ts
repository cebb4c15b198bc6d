import type { Page } from '@playwright/test'
import type { WirePostList } from '../server/protocol/feed.ts'
import { expect, type Person, test } from './app.ts'
import { expectUnread, openPanel } from './bell-steps.ts'
import { field, message, openRoom, roomOf, sayBy, write } from './chat-steps.ts'
import { commentBy, likeBy, openFeed, post, writePost } from './feed-steps.ts'
import { applyForLoan } from './loan-steps.ts'
import { cashOn, deskView, openDesk, orderRows, ticket, writeOrder } from './trading-steps.ts'
import { translate } from './translator.ts'

for (const how of ['replace', 'wrap'] as const) {
  test(`A page whose texts are translated stays live, and shows what is, not what was (${how})`, async ({
    person,
  }) => {
    const [nora, mira] = [await person('customer', { viewport: deskView }), await person('customer')]
    const { page } = nora
    const room = await roomOf(nora, 'babel', mira)
    await openRoom(page, room)
    await openRoom(mira.page, room)
    const people = page.getByRole('region', { name: 'People' })
    await expect(people).toContainText('2 of 2')
    await translate(page, how)
    await sayBy(mira, room, 'first words')
    await expect(message(page, 'first words')).toBeVisible()
    await write(page, 'an answer')
    await expect(message(page, 'an answer')).toBeVisible()
    await mira.page.close()
    await expect(people).toContainText(/1 of 2/i)
    await expectSound(page)

    await openDesk(page)
    const before = await cashOn(page)
    await translate(page, how)
    await writeOrder(page, { quantity: 40 })
    await anyCaseSubmit(page).click()
    await expect(ticket(page).getByRole('status')).toContainText(/^Bought 40 NRDX/i)
    await expect(orderRows(page).first()).toContainText(/Buy 40 NRDX.*filled/i)
    await expect.poll(() => page.getByText(/^cash €/i).textContent()).not.toContain(String(before))
    await writeOrder(page, { side: 'Sell', quantity: 40 })
    await anyCaseSubmit(page).click()
    await expect(page.getByText(/^Sold 40 NRDX/i)).toBeVisible()
    await expectSound(page)

    await openFeed(page)
    await translate(page, how)
    await writePost(page, 'what I say')
    await expect(post(page, 'what I say').first()).toBeVisible()
    await expect.poll(() => newestPostOf(nora)).toBeDefined()
    const mine = (await newestPostOf(nora)) ?? 0
    await likeBy(mira, mine)
    await commentBy(mira, mine, 'what she says')
    await expectUnread(page, 2)
    await (await openPanel(page)).getByRole('button', { name: 'Mark all read' }).click()
    await expectUnread(page, 0)
    await expectSound(page)

    await applyForLoan(page)
    await translate(page, how)
    await expect(page.getByRole('heading', { name: /Under review/i }).first()).toBeVisible({
      timeout: 20_000,
    })
    await expectSound(page)
  })
}

/** The id of the person's newest stored post. */
async function newestPostOf(person: Person): Promise<number | undefined> {
  const { items } = (await (await person.get('/api/posts')).json()) as WirePostList
  return items.find(({ author }) => author.id === person.id)?.id
}

function anyCaseSubmit(page: Page) {
  return ticket(page).getByRole('button', { name: /^(Buy|Sell) /i })
}

/** The page has not been replaced by its error page. */
async function expectSound(page: Page) {
  await expect(page.getByRole('heading', { name: 'Something went wrong on this page' })).toHaveCount(0)
}

test('A page that an extension has marked before it came to life is as alive as any', async ({ person }) => {
  const { page } = await person('customer')
  await page.addInitScript(() => {
    new MutationObserver(() => {
      if (!document.body || document.getElementById('extension')) return
      const added = Object.assign(document.createElement('div'), { id: 'extension' })
      document.documentElement.setAttribute('data-darkreader-mode', 'dynamic')
      document.documentElement.style.setProperty('--darkreader', '1')
      document.body.setAttribute('data-gr-ext-installed', '')
      document.body.prepend(added)
      document.documentElement.append(document.createElement('grammarly-desktop-integration'))
      document.head.append(document.createElement('style'))
    }).observe(document, { childList: true, subtree: true })
  })
  await openFeed(page)
  await page.getByRole('textbox', { name: 'New post' }).fill('alive')
  await page.keyboard.press('Control+Enter')
  await expect(post(page, 'alive')).toBeVisible()
  await expect(page.locator('#extension')).toBeAttached()
  await page.evaluate(() => document.getElementById('extension')?.remove())
  await page.getByRole('link', { name: 'Guide' }).first().click()
  await expect(page).toHaveURL(/\/guide$/)
})

test('Without a connection a link keeps the page, says so, and opens once the server answers', async ({
  person,
  quiet,
}) => {
  quiet.expect(/ERR_INTERNET_DISCONNECTED/)
  const { page } = await person('customer')
  await openFeed(page)
  await page.getByRole('textbox', { name: 'New post' }).fill('half a thou')
  await page.context().setOffline(true)
  const documents = watchDocuments(page)
  await page.getByRole('link', { name: 'Loans' }).first().click()
  await expect(page.getByText('The server can’t be reached. This page stays open.')).toBeVisible()
  await expect(page).toHaveURL(/\/feed$/)
  await expect(page.getByRole('textbox', { name: 'New post' })).toHaveValue('half a thou')
  await page.context().setOffline(false)
  await expect(page).toHaveURL(/\/loans$/)
  await expect(page.getByRole('heading', { name: 'Loans', level: 1 })).toBeVisible()
  await expect(page.getByText('The server can’t be reached.')).toHaveCount(0)
  expect(documents).toEqual([])
})

test('While the server is down links, back and pushes wait; the last one wins, once', async ({
  person,
  app,
  quiet,
}) => {
  quiet.expect(/ERR_/)
  const { page } = await person('officer')
  await page.goto('/guide')
  await page.getByRole('link', { name: 'Loans' }).first().click()
  await expect(page).toHaveURL(/\/loans$/)
  const documents = watchDocuments(page)
  app.line.refuse()
  app.line.cut()
  await page.getByRole('link', { name: 'Feed' }).first().click()
  await expect(page.getByText(/\/feed opens as soon as the server responds/)).toBeVisible()
  await page.getByRole('link', { name: 'Trading' }).first().click()
  await expect(page.getByText(/\/trading opens as soon as the server responds/)).toBeVisible()
  await page.evaluate(() => history.back())
  await expect(page).toHaveURL(/\/guide$/)
  await expect(page.getByText('The server can’t be reached.')).toHaveCount(0)
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Loan desk' }).click()
  await expect(page.getByText(/\/officer opens as soon as the server responds/)).toBeVisible()
  app.line.accept()
  await expect(page).toHaveURL(/\/officer$/, { timeout: 30_000 })
  await expect(page.getByText('The server can’t be reached.')).toHaveCount(0)
  expect(documents).toEqual([])
})

test('What only a gateway answers is no page', async ({ person, quiet }) => {
  quiet.expect(/502/)
  const { page } = await person('customer')
  await page.goto('/guide')
  const documents = watchDocuments(page)
  await page.route(
    (url) => url.searchParams.has('_rsc') || url.pathname === '/guide',
    (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }),
  )
  await page.getByRole('link', { name: 'Loans' }).first().click()
  await expect(page.getByText(/\/loans opens as soon as the server responds/)).toBeVisible()
  await page.unrouteAll()
  await expect(page).toHaveURL(/\/loans$/)
  await expect(page.getByRole('heading', { name: 'Loans', level: 1 })).toBeVisible()
  expect(documents).toEqual([])
})

test('The Enter that accepts a candidate sends nothing, in the order of any browser', async ({ person }) => {
  const nora = await person('customer')
  const { page } = nora
  const room = await roomOf(nora, 'writing')
  await openRoom(page, room)
  await field(page).fill('にほ')
  const press = (init: { keyCode: number; isComposing?: boolean }) =>
    field(page).evaluate((area, how) => {
      const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...how })
      area.dispatchEvent(event)
      return event.defaultPrevented
    }, init)
  // Safari, after `compositionend`; then Chrome and Firefox, before it.
  expect(await press({ keyCode: 229 })).toBe(false)
  expect(await press({ isComposing: true, keyCode: 13 })).toBe(false)
  await expect(field(page)).toHaveValue('にほ')
  expect(await press({ keyCode: 13 })).toBe(true)
  await expect(message(page, 'にほ')).toBeVisible()

  // A shortcut of the whole page, pressed while no field has the focus.
  await field(page).blur()
  const shortcut = (keyCode: number) =>
    page.evaluate(
      (code) => window.dispatchEvent(new KeyboardEvent('keydown', { key: 'w', keyCode: code })),
      keyCode,
    )
  const drawer = page.getByRole('complementary', { name: 'Wire' })
  await shortcut(229)
  await expect(drawer).toHaveCount(0)
  await shortcut(87)
  await expect(drawer).toBeVisible()
})

test('What the bell tells of a loan its page and the list of loans show at once, not with the next poll', async ({
  person,
}) => {
  const [nora, ines] = [await person('customer'), await person('officer')]
  const { page } = nora
  const id = await applyForLoan(page)
  await expect(page.getByRole('timer')).toContainText(/00:(2\d|30)/, { timeout: 20_000 })
  const list = await page.context().newPage()
  await list.goto('/loans')
  await expect(list.getByRole('list', { name: 'Loans' })).toContainText('Under review')
  const decided = await ines.send('POST', `/api/loans/${id}/decision`, { decision: 'decline' })
  expect(decided.status).toBe(200)
  await expect(page.getByRole('heading', { name: 'Declined' })).toBeVisible({ timeout: 4_000 })
  await expect(list.getByRole('list', { name: 'Loans' })).toContainText('Declined', { timeout: 4_000 })
})

test('A page whose clock is 8 s ahead sees who types, and how late it was by the server’s clock', async ({
  person,
}) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  await nora.page.addInitScript(() => {
    const aheadMs = 8_000
    window.Date = class extends Date {
      constructor(...args: [] | [number]) {
        if (args.length === 0) super(Date.now())
        else super(...args)
      }
    } as unknown as DateConstructor
    const real = Object.getPrototypeOf(window.Date) as DateConstructor
    const now = real.now.bind(real)
    real.now = () => now() + aheadMs
  })
  const room = await roomOf(nora, 'clocks', mira)
  for (const { page } of [nora, mira]) await openRoom(page, room)
  await field(mira.page).press('x')
  await expect(nora.page.getByText(/is typing$/)).toBeVisible()

  await applyForLoan(nora.page)
  const stages = nora.page.getByRole('list', { name: 'Stages of the loan' })
  await expect(stages.getByText('Under review')).toBeVisible({ timeout: 20_000 })
  await expect(stages).not.toContainText(/[89] s later/)
})

/** The documents that the page loads from now on: none, as long as it stays. */
function watchDocuments(page: Page): string[] {
  const documents: string[] = []
  page.on('request', (request) => {
    if (request.isNavigationRequest()) documents.push(request.url())
  })
  return documents
}
