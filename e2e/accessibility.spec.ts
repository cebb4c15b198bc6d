import type { Page } from '@playwright/test'
import { expect, type Person, test } from './app.ts'
import { axeViolations, isTooWide } from './axe.ts'
import { openPanel, panel } from './bell-steps.ts'
import { commentBy, likeBy, postBy } from './feed-steps.ts'

const desk = { width: 1440, height: 900 }
const tablet = { width: 820, height: 1100 }
const phone = { width: 390, height: 844 }
const paths = ['/', '/sign-in', '/sign-in?new&ended', '/states', '/problems', '/problems/validation', '/lab']

for (const [size, viewport] of Object.entries({ desk, phone })) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`No page of the shell has a fault that axe finds, or is too wide for its window: ${size}, ${colorScheme}.`, async ({
      browserPage,
      person,
    }) => {
      // Ten pages, each checked in full.
      test.slow()
      const visitor = await browserPage({ viewport, colorScheme })
      for (const path of paths) await check(visitor, path)
      const { page } = await person('officer', { viewport, colorScheme })
      await page.goto('/account')
      await expect(page.getByText('this browser')).toBeVisible()
      await check(page, '/account')
      await page.getByRole('button', { name: /^Account of/ }).click()
      expect(await axeViolations(page)).toEqual([])
      await checkFeed(page, await person('customer'), await person('officer'))
    })
  }
}

test('No page of the shell is too wide for a tablet.', async ({ browserPage }) => {
  const page = await browserPage({ viewport: tablet })
  for (const path of paths) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
    expect(await isTooWide(page), path).toBe(false)
  }
})

async function check(page: Page, path: string) {
  await page.goto(path)
  await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
  expect(await axeViolations(page), path).toEqual([])
  expect(await isTooWide(page), path).toBe(false)
}

/** The feed, a post, the desk, and the bell's panel over them. */
async function checkFeed(page: Page, author: Person, reader: Person) {
  const id = await postBy(author, `For @${reader.id}`)
  await page.context().clearCookies()
  await page.context().addCookies(await reader.page.context().cookies())
  await likeBy(reader, id)
  await commentBy(author, id, `Do you read this, @${reader.id}?`)
  await check(page, '/feed')
  await check(page, `/feed/${id}`)
  await check(page, '/officer')
  await openPanel(page)
  await expect(panel(page).getByRole('listitem').first()).toBeVisible()
  expect(await axeViolations(page)).toEqual([])
}
