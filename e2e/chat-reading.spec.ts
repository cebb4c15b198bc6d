import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { conversation, field, message, openRoom, roomOf, said, sayBy, sayMany, write } from './chat-steps.ts'

test('Older messages come as one scrolls up, and what one reads does not move', async ({ person }) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  const room = await roomOf(nora, 'long', mira)
  await sayMany(nora, room, 130)
  await openRoom(nora.page, room)
  const { page } = nora
  await expect(message(page, 'number 130')).toBeInViewport()
  const known = (await said(page)).length
  expect(known).toBeLessThan(130)

  // Held back, so that there is a before and an after to compare.
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/messages?before=*', async (route) => {
    await held
    await route.continue()
  })
  const asked = page.waitForRequest('**/messages?before=*')
  await scrollTo(page, -1_400)
  await asked
  const line = await firstInSight(page)
  release()
  await expect.poll(async () => (await said(page)).length).toBeGreaterThan(known)
  expect(await topOf(page, line.id)).toBeCloseTo(line.top, 0)

  // New messages, below, do not move it either.
  await sayBy(mira, room, 'far below')
  await expect(page.getByRole('button', { name: '1 new below' })).toBeVisible()
  expect(await topOf(page, line.id)).toBeCloseTo(line.top, 0)
  await page.getByRole('button', { name: '1 new below' }).click()
  await expect(message(page, 'far below')).toBeInViewport()
  await expect(page.getByRole('button', { name: /below|latest/ })).toHaveCount(0)

  await expect
    .poll(async () => {
      await scrollTo(page, -1_000_000)
      return (await said(page)).length
    })
    .toBe(131)
  // The last page was inserted above what was in view, so the beginning is one more scroll away.
  await scrollTo(page, -1_000_000)
  await expect(page.getByText('This is the beginning of the room.')).toBeInViewport()
  expect((await said(page)).slice(0, 130)).toEqual(Array.from({ length: 130 }, (_, n) => `number ${n + 1}`))
})

test('An address leads to a message however far back it is, and writing leads to the newest', async ({
  person,
}) => {
  const nora = await person('customer')
  const room = await roomOf(nora, 'deep')
  const seq = await sayBy(nora, room, 'the very first')
  await sayMany(nora, room, 100)
  await nora.page.goto(`/chat/${room}?message=${seq}`)
  await expect(message(nora.page, 'the very first')).toBeInViewport()
  await write(nora.page, 'and the last')
  await expect(message(nora.page, 'and the last')).toBeInViewport()
  await expect(field(nora.page)).toBeFocused()
})

/** In px from the newest message, which is 0; further up is negative. */
async function scrollTo(page: Page, top: number) {
  await conversation(page).evaluate((lines, to) => {
    const box = lines.closest('.overflow-y-auto')
    if (box) box.scrollTop = to
  }, top)
}

async function firstInSight(page: Page): Promise<{ id: string; top: number }> {
  return conversation(page).evaluate((lines) => {
    const edge = lines.closest('.overflow-y-auto')?.getBoundingClientRect().top ?? 0
    const line = [...lines.querySelectorAll('article')].find(
      (each) => each.getBoundingClientRect().bottom > edge,
    )
    return { id: line?.id ?? '', top: line?.getBoundingClientRect().top ?? 0 }
  })
}

function topOf(page: Page, id: string): Promise<number> {
  return page.locator(`#${id}`).evaluate((line) => line.getBoundingClientRect().top)
}
