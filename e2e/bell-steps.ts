import { expect, type Locator, type Page } from '@playwright/test'

/** The bell, by its accessible name. */

export function bell(page: Page): Locator {
  return page.getByRole('button', { name: /^Notifications/ })
}

/** Resolves once the bell shows `count` unread notifications. */
export async function expectUnread(page: Page, count: number) {
  await expect(bell(page)).toHaveAccessibleName(
    count === 0 ? 'Notifications' : `Notifications, ${count} unread`,
  )
}

export function panel(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Notifications' })
}

export async function openPanel(page: Page): Promise<Locator> {
  await bell(page).click()
  await expect(panel(page)).toBeVisible()
  return panel(page)
}

/** The rows of one section, newest first. */
export function rowsOf(page: Page, section: string): Locator {
  return panel(page).getByRole('region', { name: section }).getByRole('listitem')
}

/** Opens the panel and waits until its stream is connected. */
export async function openLivePanel(page: Page): Promise<Locator> {
  const opened = await openPanel(page)
  await expectLive(opened)
  return opened
}

/** Resolves once the badge in `where` says that the stream is connected. */
export async function expectLive(where: Locator) {
  await expect(where.getByRole('status').filter({ hasText: /^Live/ })).toBeVisible({ timeout: 20_000 })
}
