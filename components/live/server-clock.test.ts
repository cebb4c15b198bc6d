import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noteServerClock, serverLagMs } from './server-clock.ts'

const serverMs = Date.UTC(2026, 10, 24, 10, 44, 6)
const date = new Date(serverMs).toUTCString()
const at = new Date(serverMs).toISOString()

test('A clock that is 8 s ahead is known by an answer’s date, and to the ms by an entry', () => {
  noteServerClock({ openedMs: serverMs + 8_300, answeredMs: serverMs + 8_340, date, entries: [] })
  assert.equal(serverLagMs(), 8_340)
  noteServerClock({ openedMs: serverMs + 8_004, answeredMs: serverMs + 8_004, entries: [{ at }] })
  assert.equal(serverLagMs(), 8_004)
})

test('A clock that was set since is known anew', () => {
  const setMs = serverMs - 60_000
  noteServerClock({ openedMs: setMs, answeredMs: setMs + 5, date, entries: [] })
  assert.equal(serverLagMs(), -59_995)
})
