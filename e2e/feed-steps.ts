import { expect, type Locator, type Page } from '@playwright/test'
import type { WireComment, WirePost } from '../server/protocol/feed.ts'
import type { Person } from './app.ts'
import { expectLive } from './bell-steps.ts'

/** What people do on the feed, through the page; and the same through the API. */

/** A post on the page, by its text. */
export function post(page: Page, body: string): Locator {
  return page.getByRole('article').filter({ hasText: body })
}

export async function openFeed(page: Page) {
  await page.goto('/feed')
  await expectLive(page.getByRole('banner'))
}

/** Types into the field and sends with the keyboard. */
export async function writePost(page: Page, body: string) {
  await page.getByRole('textbox', { name: 'New post' }).fill(body)
  await page.keyboard.press('Control+Enter')
}

/** Creates a post through the API; returns its id. */
export async function postBy(person: Person, body: string): Promise<number> {
  const answer = await person.create('/api/posts', { body })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as WirePost).id
}

export async function commentBy(person: Person, postId: number, body: string): Promise<number> {
  const answer = await person.create(`/api/posts/${postId}/comments`, { body })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as WireComment).id
}

export async function likeBy(person: Person, postId: number) {
  expect((await person.send('PUT', `/api/posts/${postId}/like`)).status).toBe(200)
}

export async function unlikeBy(person: Person, postId: number) {
  expect((await person.send('DELETE', `/api/posts/${postId}/like`)).status).toBe(200)
}
