import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { copyText, openBroadcast, tabLocks, textStorage } from './browser-features.ts'
import type { Locks } from './tab-sharing.ts'

/** Browser storage with `room` for that many characters; with `denied`, merely reading the property throws. */
function browserWith({ room = 1_000, denied = false } = {}) {
  const stored = new Map<string, string>()
  const state = { stored, room, denied }
  const storage = {
    getItem: (name: string) => stored.get(name) ?? null,
    removeItem: (name: string) => void stored.delete(name),
    setItem(name: string, text: string) {
      const others = [...stored].reduce((sum, [other, { length }]) => sum + (other === name ? 0 : length), 0)
      if (others + text.length > state.room) throw new DOMException('full', 'QuotaExceededError')
      stored.set(name, text)
    },
  }
  return Object.assign(state, {
    open() {
      if (state.denied) throw new DOMException('denied', 'SecurityError')
      return storage
    },
  })
}

test('What is kept is there after a reload, and gone once it is removed', () => {
  const { open } = browserWith()
  textStorage(open).setItem('draft', 'a heat pump')
  assert.equal(textStorage(open).getItem('draft'), 'a heat pump')
  textStorage(open).removeItem('draft')
  assert.equal(textStorage(open).getItem('draft'), null)
})

test('Full: the newest text lives as long as the page, and the older one does not come back', () => {
  const browser = browserWith({ room: 12 })
  const storage = textStorage(browser.open)
  storage.setItem('draft', 'the older')
  storage.setItem('draft', 'the newest, and longer')
  assert.equal(storage.getItem('draft'), 'the newest, and longer')
  assert.equal(storage.lasts(), false)
  assert.equal(textStorage(browser.open).getItem('draft'), null)
})

test('Full and then not: the next text is kept again, and it alone', () => {
  const browser = browserWith({ room: 3 })
  const storage = textStorage(browser.open)
  storage.setItem('draft', 'too long')
  browser.room = 100
  storage.setItem('draft', 'short')
  assert.equal(storage.lasts(), true)
  assert.equal(textStorage(browser.open).getItem('draft'), 'short')
})

test('Full for one that would rather keep the older text: it is kept, and it is told so', () => {
  const { open } = browserWith({ room: 5 })
  const storage = textStorage(open)
  assert.equal(storage.trySetItem('outbox', 'older'), true)
  assert.equal(storage.trySetItem('outbox', 'too long'), false)
  assert.equal(storage.getItem('outbox'), 'older')
})

test('Denied: the page goes on with what it has written itself', () => {
  const { open } = browserWith({ denied: true })
  const storage = textStorage(open)
  assert.equal(storage.getItem('draft'), null)
  storage.setItem('draft', 'here')
  assert.equal(storage.getItem('draft'), 'here')
  storage.removeItem('draft')
  assert.equal(storage.getItem('draft'), null)
  assert.equal(storage.lasts(), false)
})

test('Denied while the page stands: what was stored is shadowed by what is newer', () => {
  const browser = browserWith()
  const storage = textStorage(browser.open)
  storage.setItem('draft', 'stored')
  browser.denied = true
  storage.setItem('draft', 'newer')
  assert.equal(storage.getItem('draft'), 'newer')
})

test('Without locks, without channels, or where a channel is refused, there is nothing to share', () => {
  const locks = { request: () => undefined, query: () => undefined } as unknown as Locks
  const Channel = class {
    close = () => undefined
  } as unknown as typeof BroadcastChannel
  const Refused = class {
    constructor() {
      throw new DOMException('denied', 'SecurityError')
    }
  } as unknown as typeof BroadcastChannel
  assert.equal(tabLocks({ navigator: { locks }, BroadcastChannel: Channel }), locks)
  assert.equal(tabLocks({ navigator: {}, BroadcastChannel: Channel }), undefined)
  assert.equal(tabLocks({ navigator: { locks } }), undefined)
  assert.equal(tabLocks({ navigator: { locks }, BroadcastChannel: Refused }), undefined)
  assert.equal(openBroadcast('wireside', { navigator: {}, BroadcastChannel: Refused }), undefined)
})

test('Without a clipboard, or where it refuses, a copy is told to have failed', async () => {
  const refused = { writeText: () => Promise.reject(new DOMException('no', 'NotAllowedError')) }
  const willing = { writeText: () => Promise.resolve() }
  assert.equal(await copyText('text', { navigator: {} }), false)
  assert.equal(await copyText('text', { navigator: { clipboard: refused } }), false)
  assert.equal(await copyText('text', { navigator: { clipboard: willing } }), true)
})

const root = resolve(import.meta.dirname, '../..')
const guarded =
  /\b(localStorage|sessionStorage|indexedDB|sendBeacon|serviceWorker)\b|navigator\.(locks|clipboard)|new BroadcastChannel|crypto\.(subtle|randomUUID)/
const sources = globSync('{app,components}/**/*.{ts,tsx}', { cwd: root }).filter(
  (path) => !/\.test\.ts$/.test(path),
)

test('Nothing that a browser may lack or refuse is used past this module.', () => {
  assert.ok(sources.length > 300)
  const using = sources.filter((path) => guarded.test(readFileSync(resolve(root, path), 'utf8')))
  assert.deepEqual(using.sort(), [
    'components/live/browser-features.ts',
    // It opens a channel only for tabs that have been found to support both.
    'components/live/tab-sharing.ts',
  ])
})

test('No page asks the API but by the fetch that says whose page it is.', () => {
  const fetching = sources.filter((path) => {
    const source = readFileSync(resolve(root, path), 'utf8')
    const isGiven = /\bfetch\s*[,:]|Fetch\)/.test(source)
    return (
      /window\.fetch|XMLHttpRequest|new WebSocket/.test(source) || (!isGiven && /[^.\w]fetch\(/.test(source))
    )
  })
  assert.deepEqual(fetching.sort(), [
    'components/account/credentials.ts',
    // The file is the same for every user.
    'components/guide/use-figures.ts',
    // A run's lanes and traps are other processes, with sessions of their own.
    'components/lab/lanes/enter-lanes.ts',
    'components/lab/lanes/sign-in-at.ts',
    'components/lab/traps/trap-runs.tsx',
    'components/live/page-viewer.ts',
    // The pulse is the same for every user.
    'components/pulse/recorded-fetch.ts',
    'components/shell/page-trouble.tsx',
  ])
})
