import { expect, test } from './app.ts'
import { expectUnread } from './bell-steps.ts'
import { createRoom, field, message, openRoom, roomLink, roomOf, sayBy, write } from './chat-steps.ts'

test('A room is made, somebody is asked into it, joins, is put out while it is open', async ({ person }) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  await mira.page.goto('/chat')
  await nora.page.goto('/chat')
  await nora.page.getByRole('button', { name: 'New room' }).click()
  const dialog = nora.page.getByRole('dialog', { name: 'New room' })
  await dialog.getByLabel('Name').fill('on-call')
  await dialog.getByRole('radio', { name: 'Invite only' }).check()
  await dialog.getByLabel('Topic (optional)').fill('Who is awake')
  await dialog.getByRole('button', { name: 'Create room' }).click()
  await expect(nora.page.getByRole('heading', { level: 1, name: 'on-call' })).toBeVisible()
  await expect(nora.page.getByText('Who is awake')).toBeVisible()
  await expect(roomLink(mira.page, 'on-call')).toHaveCount(0)

  await nora.page.getByRole('button', { name: 'Invite people' }).click()
  const inviting = nora.page.getByRole('dialog', { name: 'Invite to on-call' })
  await inviting.getByLabel('Handle').fill(mira.id)
  await inviting.getByRole('button', { name: `Invite ${mira.id} (@` }).click()
  await expect(inviting.getByText('Invited', { exact: true })).toBeVisible()
  await inviting.getByRole('button', { name: 'Done' }).click()
  await expectUnread(mira.page, 1)
  const invitations = mira.page.getByRole('region', { name: 'Invitations' })
  await expect(invitations).toContainText(`from ${nora.id}`)
  await invitations.getByRole('button', { name: 'Join on-call' }).click()
  await expect(field(mira.page)).toBeVisible()
  await expect(invitations).toHaveCount(0)
  await write(mira.page, 'I am')
  await expect(message(nora.page, 'I am')).toBeVisible()

  const people = nora.page.getByRole('region', { name: 'People' })
  await people.getByText(mira.id).hover()
  await people.getByRole('button', { name: `Remove ${mira.id} from the room` }).click()
  await nora.page.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(mira.page.getByRole('heading', { name: 'You’re no longer in this room' })).toBeVisible()
  await expect(message(mira.page, 'I am')).toHaveCount(0)
  await expect(roomLink(mira.page, 'on-call')).toHaveCount(0)
  await expect(people.getByText(mira.id)).toHaveCount(0)
})

test('An invitation is declined; a public room is joined, and left', async ({ person }) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  const locked = await createRoom(nora, 'quiet-place', 'invite')
  const open = await createRoom(nora, 'market-place', 'public')
  await nora.send('POST', `/api/rooms/${locked}/invitations`, { userId: mira.id })
  await sayBy(nora, open, 'for members')
  const { page } = mira
  await page.goto(`/chat/${locked}`)
  await expect(page.getByRole('heading', { name: `${nora.id} invited you` })).toBeVisible()
  await page.getByRole('button', { name: 'Decline', exact: true }).click()
  await expect(page).toHaveURL(/\/chat$/)
  await expect(page.getByRole('region', { name: 'Invitations' })).toHaveCount(0)

  await roomLink(page, 'market-place').click()
  await expect(page.getByRole('heading', { name: 'You’re not in this room' })).toBeVisible()
  await expect(page.getByText('for members')).toHaveCount(0)
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(message(page, 'for members')).toBeVisible()
  await page.getByRole('button', { name: 'Leave room' }).click()
  await page.getByRole('button', { name: 'Leave', exact: true }).click()
  await expect(page).toHaveURL(/\/chat$/)
  await expect(page.getByRole('region', { name: 'Open to all' })).toContainText('market-place')
})

test('Unread messages are counted room by room, in the title too, and what is new stands under a line', async ({
  person,
}) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  const [one, other] = [await roomOf(nora, 'one', mira), await roomOf(nora, 'other', mira)]
  await sayBy(mira, one, 'read before')
  await openRoom(nora.page, other)
  await expect(roomLink(nora.page, 'one')).toHaveAccessibleName(/1 unread/)
  await expect(nora.page).toHaveTitle(/^\(1\) other/)
  await roomLink(nora.page, 'one').click()
  await expect(message(nora.page, 'read before')).toBeVisible()
  await expect(nora.page).toHaveTitle(/^one/)
  await expect(roomLink(nora.page, 'one')).not.toHaveAccessibleName(/unread/)

  await roomLink(nora.page, 'other').click()
  await expect(nora.page.getByRole('heading', { level: 1, name: 'other' })).toBeVisible()
  for (const body of ['new one', 'new two', 'new three']) await sayBy(mira, one, body)
  await expect(roomLink(nora.page, 'one')).toHaveAccessibleName(/3 unread/)
  await roomLink(nora.page, 'one').click()
  const line = nora.page.getByText('3 new since your last visit')
  await expect(line).toBeVisible()
  const [above, at, below] = await Promise.all(
    [message(nora.page, 'read before'), line, message(nora.page, 'new one')].map((each) =>
      each.boundingBox(),
    ),
  )
  expect((above?.y ?? 0) < (at?.y ?? 0) && (at?.y ?? 0) < (below?.y ?? 0)).toBe(true)
  await expect(roomLink(nora.page, 'one')).not.toHaveAccessibleName(/unread/)
  // Read, and so no longer new.
  await expect(line).toHaveCount(0)
  await nora.page.reload()
  await expect(message(nora.page, 'new three')).toBeVisible()
  await expect(line).toHaveCount(0)
})
