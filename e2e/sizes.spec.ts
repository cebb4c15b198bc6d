import type { Locator } from '@playwright/test'
import { expect, test } from './app.ts'
import { isTooWide } from './axe.ts'
import { createRoom, field, message, openRoom, roomLink, roomOf, sayBy } from './chat-steps.ts'
import { postBy } from './feed-steps.ts'

const sizes = {
  360: { width: 360, height: 740 },
  768: { width: 768, height: 1024 },
  1280: { width: 1280, height: 800 },
  1920: { width: 1920, height: 1080 },
}
const widths = Object.keys(sizes).map(Number) as (keyof typeof sizes)[]

for (const width of widths) {
  test(`At ${width} px the home page shows where to go without scrolling, and leads to the guide`, async ({
    browserPage,
  }) => {
    const page = await browserPage({ viewport: sizes[width] })
    await page.goto('/')
    const places = page.getByRole('navigation', { name: 'Destinations' })
    for (const name of ['Loans and payments', 'Feed and notifications', 'Chat', 'Trading']) {
      await expect(places.getByRole('link', { name: new RegExp(`^${name}`) })).toBeInViewport({ ratio: 1 })
    }
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Guide' }).click()
    await expect(page).toHaveURL(/\/guide$/)
    expect(await isTooWide(page)).toBe(false)
  })
}

test('The home page begins with the half minute before it, and a button sends an event', async ({
  app,
  browserPage,
}) => {
  const sent = () => fetch(`http://127.0.0.1:${app.port}/api/streams/pulse/events`, { method: 'POST' })
  for (let n = 0; n < 3; n += 1) expect((await sent()).status).toBe(201)
  const page = await browserPage({ viewport: sizes[1280] })
  await page.goto('/')
  await expect(page.getByText(/^([3-9]|\d\d) events in 30 s$/)).toBeVisible()
  await expect(page.getByText(/^Paler: before this page opened/)).toBeVisible()
  const answered = page.waitForResponse(/\/api\/streams\/pulse\/events$/)
  await page.getByRole('button', { name: 'Send an event' }).click()
  expect((await answered).status()).toBe(201)
  const stream = page.getByRole('group', { name: 'Server-Sent Events' })
  await expect(stream).toContainText(/median wait\s*\d+ ms/)
})

for (const width of [1280, 1920] as const) {
  test(`At ${width} px the feed stands in the middle, and its links are links`, async ({ person }) => {
    const nora = await person('customer', { viewport: sizes[width] })
    await postBy(nora, 'See https://example.org/a, and not javascript:alert(1)')
    const { page } = nora
    await page.goto('/feed')
    const post = page.getByRole('listitem').filter({ hasText: 'and not javascript' }).first()
    const link = post.getByRole('link', { name: 'https://example.org/a' })
    await expect(link).toHaveAttribute('rel', /nofollow/)
    await expect(post.getByRole('link', { name: /javascript/ })).toHaveCount(0)
    const column = page.locator('.feed-column')
    const { left, right } = await column.evaluate((element) => {
      const box = element.getBoundingClientRect()
      return { left: box.left, right: document.documentElement.clientWidth - box.right }
    })
    expect(Math.abs(left - right)).toBeLessThan(2)
  })
}

for (const width of [360, 1280] as const) {
  test(`At ${width} px the chat cuts no name beside free space, and tells people no seqs of the log`, async ({
    person,
  }) => {
    const nora = await person('customer', { viewport: sizes[width] })
    const { page } = nora
    const name = 'The people who look after the lifts and the stairs'
    const room = await createRoom(nora, name, 'public')
    const seq = await sayBy(nora, room, 'Yes')
    await nora.create(`/api/rooms/${room}/messages`, {
      clientId: crypto.randomUUID(),
      body: 'an answer',
      replyTo: seq,
    })
    await openRoom(page, room)
    await expect(message(page, 'an answer')).toBeVisible()
    const quoted = message(page, 'an answer').getByRole('button', { name: /^In reply to/ })
    expect(await isCut(quoted.locator('bdi, span').filter({ hasText: nora.id }).first())).toBe(false)
    await expect(page.getByText(/^head \d+$/)).toHaveCount(0)
    if (width > 1_000) expect(await isCut(page.getByRole('heading', { level: 1 }).locator('bdi'))).toBe(false)
  })
}

test('The chat opens the room that was open last, where there is space beside the list', async ({
  person,
}) => {
  const nora = await person('customer', { viewport: sizes[1280] })
  const { page } = nora
  const [one, other] = [await roomOf(nora, 'a first'), await roomOf(nora, 'b second')]
  await page.goto('/chat')
  await expect(page).toHaveURL(new RegExp(`/chat/${one}$`))
  await roomLink(page, 'b second').click()
  await expect(field(page)).toBeVisible()
  await page.goto('/chat')
  await expect(page).toHaveURL(new RegExp(`/chat/${other}$`))
  await page.setViewportSize(sizes[360])
  await page.goto('/chat')
  await expect(roomLink(page, 'b second')).toBeVisible()
  await expect(page).toHaveURL(/\/chat$/)
})

for (const width of [360, 768, 1280] as const) {
  test(`At ${width} px everything in the bar is in reach`, async ({ person, quiet }) => {
    quiet.expect(/404/)
    const { page } = await person('officer', { viewport: sizes[width] })
    for (const path of ['/loans', '/officer', '/account', '/no/such/page']) {
      await page.goto(path)
      await expect(page.getByRole('button', { name: /^Account of/ })).toBeInViewport({ ratio: 1 })
      expect(await isTooWide(page), path).toBe(false)
    }
    await expect(page.getByRole('main')).toContainText('Nothing that you can open is at this address.')
    if (width < 1_024) {
      await page.getByRole('button', { name: /^Account of/ }).click()
      await page.getByRole('menuitem', { name: 'Pages and commands' }).click()
    } else await page.getByRole('button', { name: 'Pages and commands' }).click()
    await expect(page.getByRole('dialog', { name: 'Commands' })).toBeInViewport({ ratio: 1 })
  })
}

/** Whether its text does not fit. */
function isCut(element: Locator): Promise<boolean> {
  return element.evaluate((one) => one.scrollWidth > one.clientWidth + 1)
}
