import type { Page } from '@playwright/test'
import type { WireExchanges } from '../server/protocol/exchanges.ts'
import { expect, type Person, test } from './app.ts'
import { expectUnread, openPanel } from './bell-steps.ts'
import { commentBy, postBy } from './feed-steps.ts'
import type { Quiet } from './quiet.ts'

/** A leader is replaced within 2 s; the rest allows for opening the stream on a busy machine. */
const replacedWithinMs = 4_000

test('Eight tabs on HTTP/1.1: every page loads, one connection carries the bell of all, one toast comes', async ({
  person,
  quiet,
}) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  const id = await postBy(nora, 'seen in eight tabs')
  const tabs = await openTabs(nora, 8, quiet)
  const opened = await openPanel(tabs[7] as Page)
  await expect(opened.getByText('8 tabs share one connection')).toBeVisible()
  await expect(opened.getByRole('status').first()).toContainText('Live')
  await (tabs[7] as Page).keyboard.press('Escape')

  await commentBy(mira, id, 'once')
  for (const tab of tabs) await expectUnread(tab, 1)
  expect(await openStreams(nora)).toBe(1)
  await expect.poll(() => timesTold(tabs, `${mira.id} commented`)).toBe(1)

  // Another page load still gets everything it needs.
  await tabs[3]?.reload()
  await expectUnread(tabs[3] as Page, 1)
})

test('The leader is closed: the next tab leads, and nothing is lost or told twice', async ({
  person,
  quiet,
}) => {
  const [nora, mira, ilya] = [await person('customer'), await person('customer'), await person('customer')]
  const dana = await person('customer')
  const id = await postBy(nora, 'the leader goes')
  const tabs = await openTabs(nora, 4, quiet)
  await commentBy(mira, id, 'before')
  for (const tab of tabs) await expectUnread(tab, 1)

  const [leader, ...rest] = byLead(tabs)
  const next = Promise.race(rest.map((tab) => tab.waitForRequest(/streams\/me/)))
  await leader.close()
  await commentBy(dana, id, 'between')
  await next
  await commentBy(ilya, id, 'after')
  for (const tab of rest) await expectUnread(tab, 3)
  await expect.poll(() => openStreams(nora)).toBe(1)
  await expect.poll(() => timesTold(rest, `${ilya.id} commented`)).toBe(1)
  expect(await timesTold(rest, `${dana.id} commented`)).toBeLessThanOrEqual(1)
})

test('A leader that is about to be frozen lets the lead go; thawed, it follows and has everything', async ({
  person,
  quiet,
}) => {
  const [nora, mira, ilya] = [await person('customer'), await person('customer'), await person('customer')]
  const id = await postBy(nora, 'the leader freezes')
  const tabs = await openTabs(nora, 3, quiet)
  const [leader, ...rest] = byLead(tabs)
  const next = Promise.race(
    rest.map((tab) => tab.waitForRequest(/streams\/me/, { timeout: replacedWithinMs })),
  )
  // A headless browser shows every tab and freezes none, so the test dispatches the event that a browser would.
  await leader.evaluate(() => document.dispatchEvent(new Event('freeze')))
  await next
  await commentBy(mira, id, 'while it was frozen')
  for (const tab of rest) await expectUnread(tab, 1)
  await leader.evaluate(() => document.dispatchEvent(new Event('resume')))
  await expectUnread(leader, 1)
  await commentBy(ilya, id, 'after')
  for (const tab of tabs) await expectUnread(tab, 2)
  await expect.poll(() => openStreams(nora)).toBe(1)
  await expect.poll(() => timesTold(tabs, `${ilya.id} commented`)).toBe(1)
  expect(await timesTold(tabs, `${mira.id} commented`)).toBe(1)
})

test('A leader that hangs has the lead taken from it within two seconds, and gives in when it wakes', async ({
  person,
  quiet,
}) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  const id = await postBy(nora, 'the leader hangs')
  const tabs = await openTabs(nora, 3, quiet)
  const [leader, ...rest] = byLead(tabs)
  const next = Promise.race(
    rest.map((tab) => tab.waitForRequest(/streams\/me/, { timeout: replacedWithinMs })),
  )
  const hung = leader.evaluate(() => {
    for (const untilMs = Date.now() + 6_000; Date.now() < untilMs; );
  })
  await commentBy(mira, id, 'while it hung')
  await next
  for (const tab of rest) await expectUnread(tab, 1)
  await hung
  await commentBy(mira, id, 'after')
  for (const tab of tabs) await expectUnread(tab, 2)
  await expect.poll(() => openStreams(nora)).toBe(1)
})

test('Signed out in one tab, every tab is told and none asks again', async ({ person, quiet }) => {
  quiet.expect(/401/)
  const nora = await person('customer')
  const tabs = await openTabs(nora, 3, quiet)
  const asked: string[] = []
  expect((await nora.page.request.post('/api/auth/sign-out', { data: {} })).ok()).toBe(true)
  for (const tab of tabs) {
    const panel = await openPanel(tab)
    await expect(panel.getByRole('link', { name: /sign in/i })).toBeVisible()
    tab.on('request', (request) => asked.push(request.url()))
  }
  // The fence: by now, a tab that could connect would have requested its stream.
  for (const tab of tabs) await tab.evaluate(() => window.dispatchEvent(new Event('online')))
  expect(asked.filter((url) => url.includes('/api/streams/me'))).toEqual([])
})

/** The tab that opened the stream last, then the others: on a busy machine it need not be the first one. */
function byLead(tabs: readonly Page[]): [Page, ...Page[]] {
  const [leader, ...rest] = [...tabs].sort((a, b) => (leads.get(b) ?? 0) - (leads.get(a) ?? 0))
  if (!leader) throw new Error('No tab is open')
  return [leader, ...rest]
}

/** When each tab opened the stream, in ms. */
const leads = new WeakMap<Page, number>()

function noteLead(tab: Page) {
  tab.on('request', (request) => {
    const streams = request.headers().accept === 'text/event-stream'
    if (streams && request.url().includes('/api/streams/me')) leads.set(tab, performance.now())
  })
  return tab
}

/** Opens pages of one browser until there are `count`. */
async function openTabs({ page }: Person, count: number, quiet: Quiet): Promise<Page[]> {
  const tabs = [noteLead(page)]
  await page.context().addInitScript(listen)
  const begun = page.waitForResponse(/streams\/me/)
  await page.goto('/account')
  await begun
  while (tabs.length < count) {
    const tab = noteLead(quiet.listen(await page.context().newPage()))
    await tab.goto(tabs.length % 2 ? '/loans' : '/account')
    await expectUnread(tab, 0)
    // Its list of sessions, if it came after a sign-out, would lead to the sign-in page.
    if (tab.url().endsWith('/account')) await expect(tab.getByText('this browser')).toBeVisible()
    tabs.push(tab)
  }
  return tabs
}

/** How many of this session's streams the server holds open for the bell. */
async function openStreams({ page }: Person): Promise<number> {
  const answer = await page.context().request.get('/api/wire')
  const { exchanges } = (await answer.json()) as WireExchanges
  return exchanges.filter(({ open, path }) => open && path.startsWith('/api/streams/me')).length
}

/** How often, in all tabs together, a text containing `words` was announced. */
async function timesTold(tabs: readonly Page[], words: string): Promise<number> {
  const said = await Promise.all(
    tabs.map((tab) => tab.evaluate(() => Reflect.get(window, 'said') as string[])),
  )
  return said.flat().filter((text) => text.includes(words)).length
}

/** Records each text of the page's live region, because the next one replaces it. */
function listen() {
  const said: string[] = []
  Reflect.set(window, 'said', said)
  new MutationObserver(() => {
    const text = document.querySelector('p[aria-live=polite]')?.textContent
    if (text && text !== said.at(-1)) said.push(text)
  }).observe(document, { subtree: true, childList: true, characterData: true })
}
