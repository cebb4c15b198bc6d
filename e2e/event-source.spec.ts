import type { Page } from '@playwright/test'
import type { WirePage } from '../server/protocol/streams.ts'
import { expect, test } from './app.ts'

const bodies = [
  'one\rtwo\nthree\r\n\r\nfour',
  'one\u2028two\u2029three\u0085four',
  'one\n\nevent: bye\nid: k7x2abcd.99\ndata: {"reason":"drain"}\n\ntwo',
  '👩‍👩‍👧 \uFEFF𝄞\uFEFF.',
]

test('The browser’s own EventSource takes each entry as one event, byte-equal to what a poll gives.', async ({
  person,
}) => {
  const nora = await person('customer')
  await nora.page.goto('/')
  const source = await openSource(nora.page, '/api/streams/feed?after=now')
  const [before = ''] = await source.ready(1)
  for (const body of bodies) expect((await nora.send('POST', '/api/posts', { body })).status).toBe(201)
  const heard = await source.heard(bodies.length)

  const polled = await (await nora.get(`/api/streams/feed?after=${before}`)).text()
  expect(polled).toContain(`{"entries":[${heard.map(({ data }) => data).join(',')}],"next":`)
  expect(heard.map(({ data }) => JSON.parse(data).data.post.body)).toEqual(bodies)
  const { next } = JSON.parse(polled) as WirePage
  expect(heard.at(-1)?.lastEventId).toBe(next)
})

test('The browser’s own EventSource comes back by itself when the line is cut, and misses and repeats nothing.', async ({
  app,
  person,
  quiet,
}) => {
  quiet.expect(/net::ERR_/)
  const nora = await person('customer')
  await nora.page.goto('/')
  const source = await openSource(nora.page, '/api/streams/feed?after=now')
  await source.ready(1)
  const say = async (body: string) =>
    expect((await nora.send('POST', '/api/posts', { body })).status).toBe(201)
  await say('before')
  const [seen] = await source.heard(1)
  app.line.cut()
  await say('while it was away')
  const readies = await source.ready(2)
  expect(readies[1]).toBe(seen?.lastEventId)
  await say('after')
  const heard = await source.heard(3)
  expect(heard.map(({ data }) => JSON.parse(data).data.post.body)).toEqual([
    'before',
    'while it was away',
    'after',
  ])
})

/**
 * Opens an `EventSource` in the page. Both functions wait for `count` of its `ready` ids, or of its messages, and
 * return them.
 */
async function openSource(page: Page, path: string) {
  const handle = await page.evaluateHandle((url) => {
    const readies: string[] = []
    const heard: { data: string; lastEventId: string }[] = []
    const source = new EventSource(url)
    source.addEventListener('ready', ({ lastEventId }) => readies.push(lastEventId))
    source.addEventListener('message', ({ data, lastEventId }) => heard.push({ data, lastEventId }))
    return { readies, heard }
  }, path)
  return {
    async ready(count: number): Promise<string[]> {
      await expect.poll(() => handle.evaluate(({ readies }) => readies.length)).toBe(count)
      return handle.evaluate(({ readies }) => readies)
    },
    async heard(count: number): Promise<{ data: string; lastEventId: string }[]> {
      await expect.poll(() => handle.evaluate(({ heard }) => heard.length)).toBe(count)
      return handle.evaluate(({ heard }) => heard)
    },
  }
}
