import { bufferingProxy, type Holding } from '#server/lab/network/buffering-proxy.ts'
import { expect, test } from './app.ts'
import { bell, expectLive, expectUnread, openPanel } from './bell-steps.ts'
import { commentBy, postBy } from './feed-steps.ts'

const beatMs = 5_000
/** The first pause before event streams are retried, plus time to open one on a busy machine. */
const againWithinMs = 45_000

test.use({ settings: { HEARTBEAT_MS: String(beatMs) } })

const boxes: { name: string; holding: Holding; opens: boolean }[] = [
  { name: 'holds an answer until it ends', holding: { hold: 'until-end' }, opens: false },
  {
    name: 'lets the first bytes through, then holds',
    holding: { hold: 'until-end', afterBytes: 1 },
    opens: true,
  },
]

for (const { name, holding, opens } of boxes) {
  test(`A proxy that ${name}: found within three beats, the bell polls, nothing is lost or rung twice`, async ({
    app,
    person,
  }) => {
    const [nora, mira] = [await person('customer'), await person('customer')]
    const id = await postBy(nora, 'through a box')
    const proxy = await bufferingProxy(app.port, holding)
    const { page } = nora
    const asked = page.waitForRequest(/streams\/me/)
    await page.goto(`http://localhost:${proxy.port}/account`)
    await asked
    const panel = await openPanel(page)
    if (opens) await expectLive(panel)
    const heldFromMs = performance.now()
    await commentBy(mira, id, 'while the box holds')
    const fallback = panel.getByRole('status').filter({ hasText: /^Fallback/ })
    await expect(fallback).toBeVisible({ timeout: 3 * beatMs })
    expect(performance.now() - heldFromMs).toBeLessThan(3 * beatMs)
    await expect(panel).toContainText('A proxy is buffering the stream')
    await expectUnread(page, 1)

    for (const body of ['two', 'three']) await commentBy(mira, id, body)
    await expectUnread(page, 3)
    await expect(panel.getByRole('listitem')).toHaveCount(1)
    await expect(panel.getByRole('listitem')).toContainText('1–3')
    await page.goto('about:blank')
    await proxy.close()
  })
}

test('When the proxy no longer holds anything, the bell is live again by itself, and resumes where it was', async ({
  app,
  person,
}) => {
  test.slow()
  const [nora, mira] = [await person('customer'), await person('customer')]
  const id = await postBy(nora, 'through a box that is mended')
  const proxy = await bufferingProxy(app.port)
  const { page } = nora
  await page.goto(`http://localhost:${proxy.port}/account`)
  const panel = await openPanel(page)
  await expect(panel.getByRole('status').filter({ hasText: /^Fallback/ })).toBeVisible({
    timeout: 3 * beatMs,
  })
  await commentBy(mira, id, 'one')
  await expectUnread(page, 1)
  proxy.hold({ hold: 'nothing' })
  const resumed = await page.waitForRequest(
    (request) => request.headers().accept === 'text/event-stream' && request.url().includes('/streams/me'),
    { timeout: againWithinMs },
  )
  expect(resumed.headers()['last-event-id']).toMatch(/\.1$/)
  await expectLive(panel)
  await commentBy(mira, id, 'two')
  await expectUnread(page, 2)
  await expect(bell(page)).toBeVisible()
  await page.goto('about:blank')
  await proxy.close()
})
