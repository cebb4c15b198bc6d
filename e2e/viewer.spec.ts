import type { Page } from '@playwright/test'
import { password } from '#server/testing/person.ts'
import type { WirePostList } from '../server/protocol/feed.ts'
import type { Preferences } from '../server/protocol/notifications.ts'
import { expect, type Person, test } from './app.ts'
import { axeViolations } from './axe.ts'
import { expectLive } from './bell-steps.ts'
import { field, openRoom, roomOf, said, write } from './chat-steps.ts'
import { openFeed, post, writePost } from './feed-steps.ts'
import { fillApplication, loanIdOf, readLoans } from './loan-steps.ts'
import { openDesk, ordersOf, writeOrder } from './trading-steps.ts'

const stopped = (page: Page) => page.getByRole('alert').filter({ hasText: /signed in as .* in this browser/ })

test('Somebody else signs in in another tab: every page of the first stops, says so, and nothing is done', async ({
  person,
  quiet,
}) => {
  // Six tabs at once.
  test.setTimeout(120_000)
  quiet.expect(/401|409/)
  const [nora, sam] = [await person('customer'), await person('customer')]
  const roomId = await roomOf(nora, 'stopped', sam)
  const form = nora.page
  const [account, feed, chat, desk, way] = await tabsOf(nora, 5)
  await form.goto('/loans/new')
  await fillApplication(form, {})
  await account.goto('/account')
  await openFeed(feed)
  await feed.getByRole('textbox', { name: 'New post' }).fill('not his')
  await openRoom(chat, roomId)
  await field(chat).fill('not his either')
  await openDesk(desk)
  await writeOrder(desk, { quantity: 1 })

  await signOut(way)
  await signInBy(way, sam)
  for (const page of [form, account, feed, chat, desk]) {
    await expect(stopped(page)).toContainText(`You’re now signed in as ${sam.id} in this browser`)
    await expect(stopped(page)).toContainText(nora.id)
    await expect(page.getByRole('textbox')).toHaveCount(0)
    await expect(page.getByRole('switch')).toHaveCount(0)
    await expect(page.getByRole('button')).toHaveText(['Reload'])
  }
  expect(await axeViolations(form)).toEqual([])
  expect(await readLoans(way.request)).toEqual([])
  expect(await ordersOf(sam)).toEqual([])

  // Nora is back: her pages still show what they did, and continue.
  await signOut(way)
  await signInBy(way, nora)
  await expect(form.getByLabel('Purpose')).toHaveValue('a heat pump')
  await form.getByRole('button', { name: 'Send application' }).click()
  await loanIdOf(form)
  await expect(field(chat)).toHaveValue('not his either')
  await expectLive(chat.getByRole('banner'))
  await field(chat).press('Enter')
  await expect.poll(() => said(chat)).toEqual(['not his either'])
  await expectLive(feed.getByRole('banner'))
  await expect(feed.getByRole('textbox', { name: 'New post' })).toHaveValue('not his')
  // It loads its sessions when it becomes visible, and it was visible while nobody was signed in.
  await expect(account).toHaveURL(/\/sign-in\?ended/)
})

const acts: [name: string, open: (page: Page) => Promise<unknown>, act: (page: Page) => Promise<unknown>][] =
  [
    [
      'a loan',
      async (page) => {
        await page.goto('/loans/new')
        await fillApplication(page, {})
      },
      (page) => page.getByRole('button', { name: 'Send application' }).click(),
    ],
    ['a switch', (page) => page.goto('/account'), (page) => page.getByRole('switch').first().click()],
    ['a post', openFeed, (page) => writePost(page, 'not his')],
    [
      'a sign-out',
      (page) => page.goto('/guide'),
      async (page) => {
        await page.getByRole('button', { name: /^Account of/ }).click()
        await page.getByRole('menuitem', { name: 'Sign out' }).click()
      },
    ],
  ]
for (const [name, open, act] of acts) {
  test(`A page that has heard nothing sends ${name} in its own user’s name or not at all, and then says so`, async ({
    person,
    quiet,
  }) => {
    quiet.expect(/409/)
    const [nora, sam] = [await person('customer'), await person('customer')]
    await open(nora.page)
    await signInPast(nora.page, sam)
    // A stream that reconnects meanwhile reports it too, and then there is nothing left to click.
    const acted = act(nora.page)
    await Promise.race([acted, stopped(nora.page).waitFor()])
    acted.catch(() => undefined)
    await expect(stopped(nora.page)).toContainText(sam.id)
    expect(await readLoans(nora.page.request)).toEqual([])
    const wants = (await (await sam.get('/api/notifications/preferences')).json()) as Preferences
    expect(Object.values(wants).every(Boolean)).toBe(true)
    const { items } = (await (await sam.get('/api/posts')).json()) as WirePostList
    expect(items.filter(({ author }) => author.id === sam.id)).toEqual([])
  })
}

test('A link in a page that has heard nothing shows nothing of somebody else under its user’s name', async ({
  person,
  quiet,
}) => {
  quiet.expect(/409/)
  const [nora, sam] = [await person('customer'), await person('customer')]
  await nora.page.goto('/guide')
  await expect(nora.page.getByRole('button', { name: `Account of ${nora.id}` })).toBeVisible()
  await signInPast(nora.page, sam)
  await nora.page.getByRole('navigation').getByRole('link', { name: 'Loans' }).first().click()
  await expect(stopped(nora.page)).toContainText(sam.id)
  await nora.page.getByRole('button', { name: 'Reload' }).click()
  await expect(nora.page.getByRole('button', { name: `Account of ${sam.id}` })).toBeVisible()
})

test('Signed out and in again as the same user, in another tab, pages continue without a word', async ({
  person,
  quiet,
}) => {
  quiet.expect(/401/)
  const nora = await person('customer')
  const roomId = await roomOf(nora, 'still hers')
  const [form, chat, way] = await tabsOf(nora, 3)
  await openFeed(nora.page)
  await openRoom(chat, roomId)
  await form.goto('/loans/new')
  await fillApplication(form, {})

  await signOut(way)
  await expect(form.getByText('You’re signed out in this browser.')).toBeVisible()
  await expect(nora.page.getByText('Your session has ended')).toBeVisible()
  await signInBy(way, nora)
  await expect(form.getByText('You’re signed out in this browser.')).toBeHidden()
  await form.getByRole('button', { name: 'Send application' }).click()
  await loanIdOf(form)
  await expectLive(nora.page.getByRole('banner'))
  await writePost(nora.page, 'still here')
  await expect(post(nora.page, 'still here')).toBeVisible()
  await expectLive(chat.getByRole('banner'))
  await write(chat, 'and here')
  await expect.poll(() => said(chat)).toEqual(['and here'])
})

for (const [how, deny] of [
  ['denied', denyAll],
  ['full, with locks that reject', denyRoom],
] as const) {
  test(`With storage ${how}, pages work without it`, async ({ person }) => {
    const nora = await person('customer')
    const roomId = await roomOf(nora, 'without storage')
    await nora.page.addInitScript(deny)
    await nora.page.goto('/loans/new')
    await fillApplication(nora.page, {})
    await nora.page.getByRole('button', { name: 'Send application' }).click()
    await loanIdOf(nora.page)
    await openRoom(nora.page, roomId)
    await field(nora.page).fill('a draft')
    await nora.page.getByRole('banner').getByRole('link', { name: 'Feed' }).click()
    await nora.page.waitForURL('**/feed')
    await expectLive(nora.page.getByRole('banner'))
    await nora.page.goBack()
    await expect(field(nora.page)).toHaveValue('a draft')
    await field(nora.page).press('Enter')
    await expect.poll(() => said(nora.page)).toEqual(['a draft'])
  })
}

test('A draft that there is no room for does not bring back the one before it', async ({ person }) => {
  const { page } = await person('customer')
  await page.goto('/loans/new')
  await fillApplication(page, { purpose: 'the older' })
  await page.evaluate(denyRoom)
  await fillApplication(page, { purpose: 'the newer' })
  await page.reload()
  await expect(page.getByLabel('Term')).toHaveValue('36')
  await expect(page.getByLabel('Purpose')).toHaveValue('')
})

function denyAll() {
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB'] as const) {
    Object.defineProperty(window, name, {
      get() {
        throw new DOMException('denied', 'SecurityError')
      },
    })
  }
  Object.defineProperty(navigator, 'locks', { value: undefined })
  Object.defineProperty(navigator, 'clipboard', { value: undefined })
  Object.defineProperty(window, 'BroadcastChannel', { value: undefined })
  Object.defineProperty(crypto, 'randomUUID', { value: undefined })
  Object.defineProperty(crypto, 'subtle', { value: undefined })
}

function denyRoom() {
  Storage.prototype.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  LockManager.prototype.request = () => Promise.reject(new DOMException('denied', 'SecurityError'))
  LockManager.prototype.query = () => Promise.reject(new DOMException('denied', 'SecurityError'))
}

async function tabsOf(person: Person, count: number) {
  const context = person.page.context()
  return Promise.all(Array.from({ length: count }, () => context.newPage())) as Promise<
    [Page, Page, Page, Page, Page]
  >
}

async function signOut(page: Page) {
  await page.goto('/account')
  await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible()
}

async function signInBy(page: Page, { email }: Person) {
  await page.goto('/sign-in?next=/guide')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  // Before hydration a key press does nothing; and the form's URL ends like the one it leads to.
  await expect(async () => {
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(({ pathname }) => pathname === '/guide', { timeout: 3_000 })
  }).toPass()
}

/** Signs in with the browser's cookies but without a page, so no page learns of it. */
async function signInPast(page: Page, { email }: Person) {
  const answer = await page.request.post('/api/auth/sign-in/email', { data: { email, password } })
  expect(answer.status()).toBe(200)
}
