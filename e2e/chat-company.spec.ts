import { expect, test } from './app.ts'
import { busyChat, field, openRoom, roomOf, write } from './chat-steps.ts'

test.use({ settings: busyChat })

test('One sees who is here and who types, and who has gone since when', async ({ person }) => {
  const [nora, mira, ilya] = [await person('customer'), await person('customer'), await person('customer')]
  const room = await roomOf(nora, 'company', mira, ilya)
  for (const { page } of [nora, mira]) await openRoom(page, room)
  const people = nora.page.getByRole('region', { name: 'People' })
  await expect(people).toContainText('2 of 3')
  await expect(people.getByRole('listitem').filter({ hasText: mira.id })).toContainText('here')
  await expect(people.getByRole('listitem').filter({ hasText: ilya.id })).toContainText('not here')

  await openRoom(ilya.page, room)
  await expect(people).toContainText('3 of 3')
  await field(mira.page).pressSequentially('I am just')
  await expect(nora.page.getByText(`${mira.id} is typing`)).toBeVisible()
  await field(ilya.page).pressSequentially('me too')
  await expect(nora.page.getByText(/ and .* are typing$/)).toBeVisible()
  await write(mira.page, 'I am just saying')
  await expect(nora.page.getByText(`${ilya.id} is typing`)).toBeVisible()
  await field(ilya.page).fill('')
  await expect(nora.page.getByText(/typing$/)).toHaveCount(0)

  await mira.page.close()
  const gone = people.getByRole('listitem').filter({ hasText: mira.id })
  await expect(gone).toContainText(/not heresince \d\d:\d\d/)
  await expect(people).toContainText('2 of 3')
})
