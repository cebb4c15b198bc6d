import { expect, test } from './app.ts'
import { expectUnread, openPanel } from './bell-steps.ts'
import { field, message, openRoom, roomOf, said, sayBy, tool, write } from './chat-steps.ts'

test('The chat wants a session, and a room that is not there, or not theirs, is not found', async ({
  person,
  browserPage,
  quiet,
}) => {
  quiet.expect(/404/)
  const visitor = await browserPage()
  await visitor.goto('/chat/some-room')
  await expect(visitor).toHaveURL(/\/sign-in\?next=%2Fchat%2Fsome-room$/)
  const [nora, mira] = [await person('customer'), await person('customer')]
  const answer = await mira.create('/api/rooms', { name: 'locked', visibility: 'invite' })
  const { id } = (await answer.json()) as { id: string }
  for (const path of ['none', id, '..%2f']) {
    expect((await nora.page.goto(`/chat/${path}`))?.status()).toBe(404)
    await expect(nora.page.getByRole('heading', { name: /^This room doesn’t exist/ })).toBeVisible()
  }
})

test('Two people talk: each message once and in order, on both sides and after a reload', async ({
  person,
}) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  const room = await roomOf(nora, 'talk', mira)
  await openRoom(nora.page, room)
  await openRoom(mira.page, room)
  const expected: string[] = []
  for (const [n, who] of [nora, mira, nora, nora, mira, nora].entries()) {
    expected.push(`line ${n}`)
    await write(who.page, `line ${n}`)
    await expect(message(who.page === nora.page ? mira.page : nora.page, `line ${n}`)).toBeVisible()
  }
  await field(nora.page).fill('two\nlines')
  await field(nora.page).press('Shift+Enter')
  await expect(field(nora.page)).toHaveValue('two\nlines\n')
  await field(nora.page).press('Enter')
  expected.push('two\nlines')
  for (const { page } of [nora, mira]) {
    await expect.poll(() => said(page)).toEqual(expected)
    await page.reload()
    await expect.poll(() => said(page)).toEqual(expected)
  }
  const delivery = nora.page.getByRole('region', { name: 'Delivery' })
  await expect(delivery.getByText('lost').locator('..')).toHaveText('lost0')
  await expect(delivery.getByText('duplicates').locator('..')).toHaveText('duplicates0')
})

test('A message is edited and deleted in place, for everybody', async ({ person }) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  const room = await roomOf(nora, 'changes', mira)
  await sayBy(mira, room, 'not mine')
  await sayBy(nora, room, 'first thougt')
  await openRoom(nora.page, room)
  await openRoom(mira.page, room)
  await field(nora.page).press('ArrowUp')
  const editor = nora.page.getByRole('textbox', { name: 'Edit your message' })
  await expect(editor).toHaveValue('first thougt')
  await editor.press('Escape')
  await expect(field(nora.page)).toBeFocused()
  await (await tool(nora.page, 'first thougt', 'Edit')).click()
  await editor.fill('first thought')
  await editor.press('Enter')
  for (const { page } of [nora, mira]) {
    await expect(message(page, 'first thought')).toContainText('edited')
  }

  await message(mira.page, 'first thought').hover()
  await expect(
    message(mira.page, 'first thought').getByRole('button', { name: /^(Edit|Delete)$/ }),
  ).toHaveCount(0)
  await (await tool(nora.page, 'first thought', 'Delete')).click()
  const dialog = nora.page.getByRole('dialog', { name: 'Delete this message?' })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(message(nora.page, 'first thought')).toBeVisible()
  await (await tool(nora.page, 'first thought', 'Delete')).click()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  for (const { page } of [nora, mira]) {
    await expect(message(page, 'Message deleted')).toBeVisible()
    await expect(message(page, 'first thought')).toHaveCount(0)
  }
  // The room's owner may delete others' messages.
  await (await tool(nora.page, 'not mine', 'Delete')).click()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await expect(message(mira.page, 'Message deleted')).toHaveCount(2)
})

test('An answer quotes what it answers and leads to it; a reaction counts and says whose', async ({
  person,
}) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  const room = await roomOf(nora, 'answers', mira)
  await sayBy(mira, room, 'Who is here?')
  await openRoom(nora.page, room)
  await openRoom(mira.page, room)
  await (await tool(nora.page, 'Who is here?', 'Reply')).click()
  await expect(nora.page.getByText(`Replying to ${mira.id}`)).toBeVisible()
  await nora.page.keyboard.type('I am')
  await nora.page.keyboard.press('Enter')
  await expect(nora.page.getByText(`Replying to ${mira.id}`)).toHaveCount(0)
  const answer = message(mira.page, 'I am')
  await expect(answer).toContainText(`In reply to ${mira.id}Who is here?`)
  await answer.getByRole('button', { name: /^In reply to/ }).click()
  await expect(message(mira.page, 'Who is here?').first()).toBeInViewport()

  const asked = (page: typeof nora.page) => message(page, 'Who is here?').first()
  await asked(nora.page).hover()
  await asked(nora.page).getByRole('button', { name: 'React' }).click()
  await nora.page.getByRole('dialog', { name: 'React' }).getByRole('button', { name: 'party' }).click()
  const theirs = asked(mira.page).getByRole('button', { name: 'party, 1', pressed: false })
  await expect(theirs).toHaveAccessibleDescription(nora.id)
  await theirs.click()
  const both = asked(nora.page).getByRole('button', { name: 'party, 2', pressed: true })
  await expect(both).toHaveAccessibleDescription(`you and ${mira.id}`)
  await both.click()
  await expect(asked(mira.page).getByRole('button', { name: 'party, 1', pressed: true })).toBeVisible()
})

test('A mention rings the bell of who is in the room, and leads to the message', async ({ person }) => {
  const [nora, mira] = [await person('customer'), await person('customer')]
  const room = await roomOf(nora, 'mentions', mira)
  await openRoom(nora.page, room)
  await mira.page.goto('/account')
  await field(nora.page).pressSequentially(`Do you hear this, @${mira.id.slice(-3)}`)
  await field(nora.page).fill('')
  await field(nora.page).pressSequentially(`Do you hear this, @${mira.id.slice(0, -1)}`)
  const offered = nora.page.getByRole('listbox', { name: 'People to mention' })
  await expect(offered.getByRole('option', { name: mira.id }).first()).toBeVisible()
  await offered.getByRole('option', { name: mira.id }).first().click()
  await expect(field(nora.page)).toHaveValue(`Do you hear this, @${mira.id} `)
  await field(nora.page).press('Enter')
  await expectUnread(mira.page, 1)
  const panel = await openPanel(mira.page)
  await panel.getByRole('link', { name: `${nora.id} mentioned you in mentions` }).click()
  await expect(mira.page).toHaveURL(/\/chat\/[^?]+\?message=\d+$/)
  await expect(message(mira.page, 'Do you hear this')).toBeInViewport()
})

test('What somebody writes is text: links lead only to the web, and nothing of it is run', async ({
  person,
}) => {
  const nora = await person('customer')
  const room = await roomOf(nora, 'hostile')
  const bodies = [
    '<img src=x onerror="document.title=\'run\'"> <script>document.title="run"</script>',
    'javascript:alert(1) and https://example.org/a?b=c#d.',
    'https://аpple.com/ looks like another',
    '\u202egnp.exe and a very-long-word-'.padEnd(400, 'x'),
  ]
  for (const body of bodies) await sayBy(nora, room, body)
  await openRoom(nora.page, room)
  await expect.poll(() => said(nora.page)).toHaveLength(4)
  expect((await said(nora.page))[0]).toBe(bodies[0])
  await expect(nora.page).toHaveTitle(/^hostile/)
  const links = nora.page.getByRole('group', { name: 'Messages' }).getByRole('link')
  await expect(links).toHaveCount(2)
  await expect(links.first()).toHaveAttribute('href', 'https://example.org/a?b=c#d')
  await expect(links.first()).toHaveAttribute('rel', 'noopener noreferrer nofollow')
  await expect(links.last()).toHaveAttribute('title', 'xn--pple-43d.com')
  await expect(links.last()).toContainText('(xn--pple-43d.com)')
  expect(await nora.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
})

test('What is too long is not sent and not cut off, and a draft outlives a reload', async ({ person }) => {
  const nora = await person('customer')
  const room = await roomOf(nora, 'limits')
  await openRoom(nora.page, room)
  await field(nora.page).fill('😀'.repeat(4_000))
  await expect(nora.page.getByText('4,000 / 4,000')).toBeVisible()
  await expect(nora.page.getByRole('button', { name: 'Send', exact: true })).toBeEnabled()
  await field(nora.page).fill('😀'.repeat(4_001))
  await expect(nora.page.getByText('1 over the limit.')).toBeVisible()
  await field(nora.page).press('Enter')
  await expect(nora.page.getByRole('button', { name: 'Send', exact: true })).toBeDisabled()
  await nora.page.reload()
  await expect(field(nora.page)).toHaveValue('😀'.repeat(4_001))
  await write(nora.page, 'short')
  await expect.poll(() => said(nora.page)).toEqual(['short'])
})
