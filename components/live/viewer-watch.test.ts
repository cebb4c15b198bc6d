import assert from 'node:assert/strict'
import { test } from 'node:test'
import { request } from './request.ts'
import { sendJson } from './send-json.ts'
import { fakeClock, settled } from './testing/fake-clock.ts'
import { createViewerWatch, fetchAsViewer, type PageViewer } from './viewer-watch.ts'

const nora = { id: 'u-nora', name: 'Nora Klein' }
const sam = { id: 'u-sam', name: 'Sam Ode' }

/** A browser with one cookie for all its tabs, and a server that responds as ours does. */
function fakeBrowser(signedIn: PageViewer | null) {
  const browser = { signedIn, looks: 0, reachable: true, asked: [] as (string | null)[] }
  const tabs = new Set<() => void>()
  const clock = fakeClock()
  const fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    if (!browser.reachable) throw new TypeError('Failed to fetch')
    const { signedIn } = browser
    if (url === '/api/auth/get-session') {
      browser.looks += 1
      return Response.json(signedIn && { session: {}, user: signedIn })
    }
    const viewer = new Headers(init.headers).get('X-Viewer')
    browser.asked.push(viewer)
    if (!signedIn) return problem(401, 'unauthenticated')
    return viewer === null || viewer === signedIn.id
      ? Response.json({})
      : problem(409, 'conflict', { viewer: signedIn.id })
  }
  return Object.assign(browser, {
    clock,
    tab(page: PageViewer | null) {
      const document = Object.assign(new EventTarget(), { hidden: false })
      const window = new EventTarget()
      const watch = createViewerWatch({
        ...{ fetch, clock, browser: { document, window } },
        openChannel(heard) {
          tabs.add(heard)
          return {
            post: () => {
              for (const other of tabs) if (other !== heard) other()
            },
            close: () => void tabs.delete(heard),
          }
        },
      })
      watch.renderedFor(page)
      const tab = {
        watch,
        document,
        window,
        returns: 0,
        stop: watch.start(),
        fetch: fetchAsViewer(watch, fetch),
      }
      watch.onReturn(() => {
        tab.returns += 1
      })
      return tab
    },
  })
}

function problem(status: number, slug: string, members: object = {}): Response {
  const body = JSON.stringify({ type: `/problems/${slug}`, title: slug, status, ...members })
  return new Response(body, { status, headers: { 'content-type': 'application/problem+json' } })
}

test('Somebody else signs in in another tab: the page hears of it at once, by name', async () => {
  const browser = fakeBrowser(nora)
  const [page, other] = [browser.tab(nora), browser.tab(null)]
  browser.signedIn = sam
  other.watch.changed()
  await settled()
  assert.deepEqual(page.watch.view(), { page: nora, signedIn: { type: 'other', name: 'Sam Ode' } })
})

test('Signed out elsewhere the page knows it, and goes on when its own user is back', async () => {
  const browser = fakeBrowser(nora)
  const [page, other] = [browser.tab(nora), browser.tab(nora)]
  browser.signedIn = null
  other.watch.changed()
  await settled()
  assert.deepEqual(page.watch.view().signedIn, { type: 'nobody' })
  browser.signedIn = { ...nora }
  other.watch.changed()
  await settled()
  assert.deepEqual([page.watch.view().signedIn, page.returns], [{ type: 'own' }, 1])
})

test('A page that has heard nothing learns it when it is seen, has the focus, or comes back', async () => {
  for (const seen of [
    ({ document }: { document: EventTarget }) => document.dispatchEvent(new Event('visibilitychange')),
    ({ window }: { window: EventTarget }) => window.dispatchEvent(new Event('focus')),
    ({ window }: { window: EventTarget }) => window.dispatchEvent(new Event('pageshow')),
  ]) {
    const browser = fakeBrowser(nora)
    const page = browser.tab(nora)
    browser.signedIn = sam
    seen(page)
    await settled()
    assert.equal(page.watch.view().signedIn.type, 'other')
    page.stop()
    browser.signedIn = nora
    seen(page)
    await settled()
    assert.equal(browser.looks, 1)
  }
})

test('Any answer that is another’s stops the page before its name is known, and no other conflict does', async () => {
  const browser = fakeBrowser(nora)
  const page = browser.tab(nora)
  assert.equal((await sendJson(page.fetch, '/api/loans', {})).state, 'done')
  browser.signedIn = sam
  const states: string[] = []
  page.watch.watch(() => {
    const { signedIn } = page.watch.view()
    states.push(signedIn.type === 'other' ? String(signedIn.name) : signedIn.type)
  })
  const sent = await sendJson(page.fetch, '/api/loans', {})
  assert.equal(sent.state === 'refused' && sent.problem.viewer, sam.id)
  await settled()
  assert.deepEqual(states, ['undefined', 'Sam Ode'])
  assert.deepEqual(browser.asked, [nora.id, nora.id])

  const full = fetchAsViewer(page.watch, async () => problem(409, 'conflict'))
  const fresh = fakeBrowser(nora).tab(nora)
  await fetchAsViewer(fresh.watch, full)('/api/orders')
  assert.equal(fresh.watch.view().signedIn.type, 'own')
})

test('A session that ended and is back before anybody looked is gone on with', async () => {
  const browser = fakeBrowser(null)
  const page = browser.tab(nora)
  const poll = request(
    { url: '/api/loans' },
    0,
    { fetch: page.fetch, clock: browser.clock },
    new AbortController().signal,
  )
  browser.signedIn = { ...nora }
  assert.equal((await poll).type, 'signed-out')
  await settled()
  assert.deepEqual([page.watch.view().signedIn, page.returns], [{ type: 'own' }, 1])
})

test('A session that seems to end again and again is returned to once a second', async () => {
  const { clock, ...browser } = fakeBrowser(nora)
  const page = browser.tab(nora)
  for (let n = 0; n < 3; n += 1) {
    page.watch.sessionEnded()
    await settled()
  }
  assert.equal(page.returns, 1)
  await clock.pass(2_000)
  await settled()
  assert.equal(page.returns, 3)
})

test('A part that was made for somebody else stops the page for good', async () => {
  const browser = fakeBrowser(nora)
  const page = browser.tab(nora)
  page.watch.renderedFor(nora)
  assert.equal(page.watch.view().signedIn.type, 'own')
  page.watch.renderedFor(sam)
  assert.deepEqual(page.watch.view().signedIn, { type: 'other', name: 'Sam Ode' })
  await settled()
  assert.equal(page.watch.view().signedIn.type, 'other')
})

test('A visitor’s page says nobody’s name, and is told who has signed in', async () => {
  const browser = fakeBrowser(null)
  const page = browser.tab(null)
  await page.fetch('/api/lab/runs')
  assert.deepEqual(browser.asked, [null])
  browser.signedIn = sam
  page.window.dispatchEvent(new Event('focus'))
  await settled()
  assert.deepEqual(page.watch.view(), { page: null, signedIn: { type: 'other', name: 'Sam Ode' } })
  page.watch.renderedFor(sam)
  await page.fetch('/api/loans')
  assert.deepEqual([page.watch.view().signedIn.type, browser.asked], ['own', [null, sam.id]])
})

test('Without an answer nothing is known, and what was known stands', async () => {
  const browser = fakeBrowser(nora)
  const page = browser.tab(nora)
  browser.reachable = false
  page.window.dispatchEvent(new Event('focus'))
  await settled()
  assert.equal(page.watch.view().signedIn.type, 'own')
})
