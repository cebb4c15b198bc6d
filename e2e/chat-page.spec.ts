import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { axeViolations, isTooWide } from './axe.ts'
import { expectLive } from './bell-steps.ts'
import { conversation, field, message, openRoom, roomLink, roomOf, sayBy, write } from './chat-steps.ts'

test('The whole room is worked by the keyboard', async ({ person }) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  const room = await roomOf(nora, 'keys', mira)
  for (const body of ['one', 'two', 'three']) await sayBy(nora, room, body)
  await openRoom(nora.page, room)
  const { keyboard } = nora.page
  await field(nora.page).focus()
  await keyboard.press('Shift+Tab')
  await expect(message(nora.page, 'three')).toBeFocused()
  await keyboard.press('ArrowUp')
  await expect(message(nora.page, 'two')).toBeFocused()
  await keyboard.press('Home')
  await expect(message(nora.page, 'one')).toBeFocused()
  await keyboard.press('Tab')
  await expect(message(nora.page, 'one').getByRole('button', { name: 'React' })).toBeFocused()
  await keyboard.press('Enter')
  const board = nora.page.getByRole('dialog', { name: 'React' })
  await expect(board.getByRole('button', { name: 'thumbs up' })).toBeFocused()
  await keyboard.press('ArrowRight')
  await keyboard.press('Enter')
  await expect(message(nora.page, 'one').getByRole('button', { name: 'thumbs down, 1' })).toBeVisible()
  await expect(message(nora.page, 'one').getByRole('button', { name: 'React' })).toBeFocused()
  await keyboard.press('Enter')
  await keyboard.press('Escape')
  await expect(board).toHaveCount(0)
  await keyboard.press('Tab')
  await keyboard.press('Enter')
  await expect(field(nora.page)).toBeFocused()
  await keyboard.type('an answer')
  await keyboard.press('Enter')
  await expect(message(nora.page, 'an answer')).toContainText('In reply to')
  await keyboard.press('ArrowUp')
  await keyboard.type(', better')
  await keyboard.press('Enter')
  await expect(message(nora.page, 'an answer, better')).toContainText('edited')
  await expect(field(nora.page)).toBeFocused()
})

test('On a phone the rooms come first, and the people over the room', async ({ person }) => {
  const [nora, mira] = [
    await person('customer', { viewport: { width: 390, height: 844 }, hasTouch: true }),
    await person('customer'),
  ]
  const room = await roomOf(nora, 'pocket', mira)
  await sayBy(mira, room, 'are you on the train?')
  const { page } = nora
  await page.goto('/chat')
  await expectLive(page.getByRole('banner'))
  await expect(page).toHaveURL(/\/chat$/)
  await roomLink(page, 'pocket').tap()
  await expect(message(page, 'are you on the train?')).toBeInViewport()
  await expect(page.getByRole('navigation', { name: 'Rooms' })).toBeHidden()
  await write(page, 'yes')
  await expect(message(mira.page, 'yes')).toHaveCount(0)
  await openRoom(mira.page, room)
  await expect(message(mira.page, 'yes')).toBeVisible()
  for (const each of [field(page), page.getByRole('button', { name: 'Open the wire drawer' })]) {
    await expect(each).toBeInViewport({ ratio: 1 })
  }
  await page.getByRole('button', { name: 'People in pocket' }).tap()
  const sheet = page.getByRole('dialog', { name: 'People and delivery' })
  await expect(sheet).toContainText(mira.id)
  await sheet.getByRole('button', { name: 'Close' }).tap()
  await page.getByRole('link', { name: 'All rooms' }).first().tap()
  await expect(roomLink(page, 'pocket')).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`No state of the chat has a fault that axe finds, or is too wide: ${colorScheme}`, async ({
    person,
  }) => {
    test.slow()
    const [nora, mira] = [await person('customer', { colorScheme }), await person('customer')]
    const room = await roomOf(nora, 'checked', mira)
    await mira.create('/api/rooms', { name: `a ${colorScheme} door`, visibility: 'public' })
    const seq = await sayBy(mira, room, 'see https://example.org, @nora')
    await mira.send('PUT', `/api/rooms/${room}/messages/${seq}/reactions/${encodeURIComponent('🎉')}`)
    const { page } = nora
    await page.goto('/chat')
    await expect(page).toHaveURL(new RegExp(`/chat/${room}$`))
    await expectLive(page.getByRole('banner'))
    await expect(page.getByText('1 new since your last visit')).toBeVisible()
    await conversation(page).getByRole('article').first().hover()
    expect(await faults(page), 'a room').toEqual([])
    await page.getByRole('button', { name: 'React' }).click()
    expect(await faults(page), 'the reactions').toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'New room' }).click()
    expect(await faults(page), 'a new room').toEqual([])
    await page.keyboard.press('Escape')
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await faults(page), 'a room on a phone').toEqual([])
    await page.getByRole('button', { name: 'People in checked' }).click()
    expect(await faults(page), 'the people on a phone').toEqual([])
    await page.keyboard.press('Escape')
    await page.goto('/chat')
    await expectLive(page.getByRole('banner'))
    expect(await faults(page), 'rooms on a phone').toEqual([])
    await roomLink(page, `a ${colorScheme} door`).click()
    await expect(page.getByRole('heading', { name: 'You’re not in this room' })).toBeVisible()
    expect(await faults(page), 'a door').toEqual([])
  })
}

async function faults(page: Page): Promise<string[]> {
  const found = await axeViolations(page)
  return (await isTooWide(page)) ? [...found, 'too wide'] : found
}
