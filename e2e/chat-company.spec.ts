import type { Locator } from '@playwright/test'
import { expect, type Person, test } from './app.ts'
import { field, openRoom, roomOf, write } from './chat-steps.ts'

test('One sees who is here and who types, and who has gone since when', async ({ person }) => {
  const [nora, mira, ilya] = [await person('customer'), await person('customer'), await person('customer')]
  const room = await roomOf(nora, 'company', mira, ilya)
  for (const { page } of [nora, mira]) await openRoom(page, room)
  const people = nora.page.getByRole('region', { name: 'People' })
  await expect(people).toContainText('2 of 3')
  await expect(people.getByRole('listitem').filter({ hasText: mira.id })).toContainText('online')
  await expect(people.getByRole('listitem').filter({ hasText: ilya.id })).toContainText('offline')

  await openRoom(ilya.page, room)
  await expect(people).toContainText('3 of 3')
  await typeUntil([mira], nora.page.getByText(`${mira.id} is typing`))
  await typeUntil([mira, ilya], nora.page.getByText(/ and .* are typing$/))
  await write(mira.page, 'I am just saying')
  await typeUntil([ilya], nora.page.getByText(`${ilya.id} is typing`))
  await field(ilya.page).fill('')
  await expect(nora.page.getByText(/typing$/)).toHaveCount(0)

  await mira.page.close()
  const gone = people.getByRole('listitem').filter({ hasText: mira.id })
  await expect(gone).toContainText(/offlinesince \d\d:\d\d/)
  await expect(people).toContainText('2 of 3')
})

/** A typing event expires after some seconds, so they keep typing until it is shown. */
async function typeUntil(people: readonly Person[], seen: Locator) {
  await expect(async () => {
    for (const { page } of people) await field(page).press('x')
    await expect(seen).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 20_000 })
}
