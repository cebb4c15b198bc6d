import type { Page } from '@playwright/test'
import { type UpgradeBehavior, upgradeProxy } from '#server/lab/network/upgrade-proxy.ts'
import type { WireMessageList } from '#server/protocol/chat.ts'
import { expect, type Person, test } from './app.ts'
import { conversation, field, message, openRoom, outgoing, roomOf, said, sayBy, write } from './chat-steps.ts'

/** The error that a browser logs for a refused or cut connection. */
const brokenLine = /net::ERR_|WebSocket connection|Failed to load resource/
const healedMs = 20_000
/** How long a command waits for its acknowledgement, plus some slack. */
const unansweredMs = 15_000
/** The first pause before a socket is retried, plus time to open one on a busy machine. */
const againWithinMs = 50_000

test('A cut: what is written waits and goes once, what was said meanwhile comes, and who is here is right', async ({
  app,
  person,
  quiet,
}) => {
  quiet.expect(brokenLine)
  const { nora, mira, room } = await twoInARoom(person)
  await write(nora.page, 'before')
  await expect(message(mira.page, 'before')).toBeVisible()

  app.line.refuse()
  app.line.cut()
  await expect(banner(nora.page, /^Offline/)).toBeVisible()
  await write(nora.page, 'nora writes')
  await write(nora.page, 'nora writes more')
  await write(mira.page, 'mira writes')
  await expect(outgoing(nora.page, 'nora writes more')).toContainText('Waiting for the connection')
  await sayBy(mira, room, 'past the page')
  expect(await said(nora.page)).toEqual(['before'])
  app.line.accept()

  await expectCompany(nora, mira)
  await expectSame(nora, mira, room, [
    'before',
    'past the page',
    'nora writes',
    'nora writes more',
    'mira writes',
  ])
})

test('A kill -9: what was acknowledged is there, what was not is sent again, once', async ({
  app,
  person,
  quiet,
}) => {
  test.slow()
  quiet.expect(brokenLine)
  const { nora, mira, room } = await twoInARoom(person)
  const expected: string[] = []
  for (let nth = 1; nth <= 3; nth += 1) {
    for (const { page } of [nora, mira]) {
      expected.push(`${page === nora.page ? 'nora' : 'mira'} ${nth}`)
      await write(page, expected.at(-1) ?? '')
    }
    if (nth === 2) {
      const started = app.killAndStart()
      for (const [who, name] of [
        [nora, 'nora'],
        [mira, 'mira'],
      ] as const) {
        expected.push(`${name} while it is away`)
        await write(who.page, `${name} while it is away`)
      }
      await started
    }
  }
  await expectCompany(nora, mira)
  await expectSame(nora, mira, room, expected)
})

test('A lost answer: committed, not acknowledged, cut, sent again: one message', async ({
  app,
  person,
  quiet,
}) => {
  quiet.expect(brokenLine)
  const { nora, mira, room } = await twoInARoom(person)
  await write(nora.page, 'before')
  await expect(message(nora.page, 'before')).toBeVisible()
  app.line.holdAnswers()
  await write(nora.page, 'did you get that?')
  await expect.poll(() => bodiesIn(nora, room)).toEqual(['before', 'did you get that?'])
  await expect(outgoing(nora.page, 'did you get that?')).toContainText('Sending; not acknowledged yet')
  expect(await said(nora.page)).toEqual(['before'])
  app.line.cut()
  app.line.thaw()
  await expectCompany(nora, mira)
  await expectSame(nora, mira, room, ['before', 'did you get that?'])
})

test('A dead line: it is given up, and what was on its way twice is one message', async ({
  app,
  person,
  quiet,
}) => {
  test.slow()
  quiet.expect(brokenLine)
  const { nora, mira, room } = await twoInARoom(person)
  app.line.freeze()
  await write(nora.page, 'hello?')
  await expect(outgoing(nora.page, 'hello?')).toContainText('Sending; not acknowledged yet')
  await expect(outgoing(nora.page, 'hello?')).toContainText('Waiting for the connection', {
    timeout: unansweredMs,
  })
  await expect(banner(nora.page, /^Live/)).toHaveCount(0)
  // Both attempts arrive: the one held in the frozen connection, and the page's retry.
  app.line.thaw()
  await expectCompany(nora, mira)
  await expectSame(nora, mira, room, ['hello?'])
})

const spoilers: { manner: UpgradeBehavior; badge: RegExp; notice: string }[] = [
  {
    manner: 'refuses',
    badge: /^Fallback.*no WebSocket/,
    notice: 'Something between you and the server blocks WebSocket connections',
  },
  {
    manner: 'cuts',
    badge: /^Fallback.*WebSocket cut/,
    notice: 'Something between you and the server closes every WebSocket connection right away',
  },
]
for (const { manner, badge, notice } of spoilers) {
  test(`A proxy that ${manner} WebSockets: the room continues over SSE and HTTP, says so, and takes a socket when it can`, async ({
    app,
    person,
    quiet,
  }) => {
    test.slow()
    quiet.expect(brokenLine)
    const proxy = await upgradeProxy({ port: app.port, origin: app.url }, manner)
    const [nora, mira] = [await person('customer'), await person('customer')]
    const room = await roomOf(nora, 'behind a box', mira)
    await openRoom(mira.page, room)
    await nora.page.goto(`http://localhost:${proxy.port}/chat/${room}`)
    await expect(banner(nora.page, badge)).toBeVisible({ timeout: healedMs })
    await expect(nora.page.getByText(notice)).toBeVisible()
    expect(proxy.spoiled()).toBeGreaterThanOrEqual(2)

    await write(nora.page, 'over HTTP')
    await expect(message(mira.page, 'over HTTP')).toBeVisible()
    await write(mira.page, 'over the socket')
    await expect(message(nora.page, 'over the socket')).toBeVisible()
    await expect(outgoing(nora.page, '')).toHaveCount(0)
    await expectSame(nora, mira, room, ['over HTTP', 'over the socket'])

    proxy.does('passes')
    await expect(banner(nora.page, /^Live/)).toBeVisible({ timeout: againWithinMs })
    await expect(nora.page.getByText(notice)).toHaveCount(0)
    await write(nora.page, 'on a socket again')
    await expectSame(nora, mira, room, ['over HTTP', 'over the socket', 'on a socket again'])
    await nora.page.goto('about:blank')
    await proxy.close()
  })
}

async function twoInARoom(person: (role: 'customer') => Promise<Person>) {
  const [nora, mira] = [await person('customer'), await person('customer')]
  const room = await roomOf(nora, 'faults', mira)
  for (const { page } of [nora, mira]) await openRoom(page, room)
  return { nora, mira, room }
}

function banner(page: Page, state: RegExp) {
  return page.getByRole('banner').getByRole('status').filter({ hasText: state })
}

/** What a reload would load. */
async function bodiesIn(person: Person, room: string): Promise<string[]> {
  const { items } = (await (await person.get(`/api/rooms/${room}/messages`)).json()) as WireMessageList
  return items.map(({ body }) => body)
}

/** Each of `bodies` appears once, in the same order: in the log, on both pages as they are, and after a reload. */
async function expectSame(nora: Person, mira: Person, room: string, bodies: string[]) {
  await expect
    .poll(async () => (await bodiesIn(nora, room)).toSorted(), { timeout: healedMs })
    .toEqual(bodies.toSorted())
  const inOrder = await bodiesIn(nora, room)
  for (const name of ['nora', 'mira']) {
    const own = (all: string[]) => all.filter((body) => body.startsWith(name))
    expect(own(inOrder)).toEqual(own(bodies))
  }
  for (const { page } of [nora, mira]) {
    await expect.poll(() => said(page), { timeout: healedMs }).toEqual(inOrder)
    await expect(conversation(page).getByRole('article', { name: /^Your message/ })).toHaveCount(0)
    const delivery = page.getByRole('region', { name: 'Delivery' })
    await expect(delivery.getByText('lost').locator('..')).toHaveText('lost0')
    await expect(delivery.getByText('duplicates').locator('..')).toHaveText('duplicates0')
    await page.reload()
    await expect.poll(() => said(page)).toEqual(inOrder)
  }
}

/** Presence and typing are right. */
async function expectCompany(nora: Person, mira: Person) {
  for (const { page } of [nora, mira]) {
    await expect(page.getByRole('region', { name: 'People' })).toContainText('2 of 2', { timeout: healedMs })
  }
  // Typing events are not kept for a disconnected page, so they are sent again until shown.
  await expect(async () => {
    await field(mira.page).pressSequentially('I am ')
    await expect(nora.page.getByText(`${mira.id} is typing`)).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: healedMs })
  await field(mira.page).fill('')
  await expect(nora.page.getByText(/is typing$/)).toHaveCount(0)
}
