import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '#server/testing/eventually.ts'
import { watchViewers } from './watch-viewers.ts'

test('LAB10 A cluster is given up when nobody has followed it for so long, and not before.', async (t) => {
  let looks = 0
  let followers = 1
  let forsaken = 0
  const seen: boolean[] = []
  const viewers = watchViewers({
    followers() {
      looks += 1
      return followers
    },
    unwatchedMs: 1,
    onChange: (isWatched) => seen.push(isWatched),
    onForsaken() {
      forsaken += 1
    },
  })
  t.after(viewers.end)
  await eventually(() => looks >= 3)
  assert.deepEqual([seen, forsaken], [[true], 0])
  followers = 0
  await eventually(() => forsaken)
  assert.deepEqual(seen, [true, false])
})
