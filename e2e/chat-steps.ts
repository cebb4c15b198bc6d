import { expect, type Locator, type Page } from '@playwright/test'
import type { WireMessage, WireRoom } from '#server/protocol/chat.ts'
import type { Person } from './app.ts'
import { expectLive } from './bell-steps.ts'

/** What people do in the chat, through the page; and the same through the API. */

/** A message that the page knows to be in the room, by its text. */
export function message(page: Page, body: string): Locator {
  return conversation(page).locator('article[id^=message-]').filter({ hasText: body })
}

/** A message that is being sent, or failed. */
export function outgoing(page: Page, body: string): Locator {
  return conversation(page)
    .getByRole('article', { name: /^Your message/ })
    .filter({ hasText: body })
}

export function conversation(page: Page): Locator {
  return page.getByRole('group', { name: 'Messages' })
}

/** The texts of all messages received on the page, oldest first. */
export function said(page: Page): Promise<string[]> {
  return conversation(page).locator('article[id^=message-] bdi[dir=auto].block').allTextContents()
}

export function field(page: Page): Locator {
  return page.getByRole('textbox', { name: /^Message / })
}

/** Types into the field and sends with the keyboard. */
export async function write(page: Page, body: string) {
  await field(page).fill(body)
  await field(page).press('Enter')
}

export async function openRoom(page: Page, roomId: string) {
  await page.goto(`/chat/${roomId}`)
  await expectLive(page.getByRole('banner'))
}

/** A room in the list on the left, by its name. */
export function roomLink(page: Page, name: string): Locator {
  return page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: new RegExp(`^#?${name}`) })
}

/** Opens a message's actions by hovering, and returns the one called `name`. */
export async function tool(page: Page, body: string, name: string): Promise<Locator> {
  await message(page, body).hover()
  return message(page, body).getByRole('toolbar').getByRole('button', { name })
}

/** Creates a room of `owner` through the API, with `members` in it; returns its id. */
export async function roomOf(owner: Person, name: string, ...members: Person[]): Promise<string> {
  const id = await createRoom(owner, name, 'public')
  for (const member of members) {
    expect((await member.send('PUT', `/api/rooms/${id}/membership`)).status).toBe(200)
  }
  return id
}

export async function createRoom(
  owner: Person,
  name: string,
  visibility: WireRoom['visibility'],
): Promise<string> {
  const answer = await owner.create('/api/rooms', { name, visibility })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as WireRoom).id
}

/** Sends a message through the API; returns its seq. */
export async function sayBy(person: Person, roomId: string, body: string): Promise<number> {
  const answer = await person.create(`/api/rooms/${roomId}/messages`, {
    clientId: crypto.randomUUID(),
    body,
  })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as WireMessage).seq
}

/** `number 1` to `number n`, one after the other. */
export async function sayMany(person: Person, roomId: string, n: number) {
  for (let each = 1; each <= n; each += 1) await sayBy(person, roomId, `number ${each}`)
}
