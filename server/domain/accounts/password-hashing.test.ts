import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createPasswordHashing, HashingBusy, type PasswordHashing } from './password-hashing.ts'

/** A stand-in for scrypt: the queue is under test, and it behaves the same with hashes that take 100 ms of a core. */
const quick = {
  async hash(password: string) {
    await turn()
    return password
  },
  async verify() {
    await turn()
    return true
  },
}

test('A password is verified against its own hash alone.', async () => {
  const hashing = createPasswordHashing()
  const hash = await hashing.hash('correct horse')
  assert.equal(await hashing.verify({ hash, password: 'correct horse' }), true)
  assert.equal(await hashing.verify({ hash, password: 'wrong horse' }), false)
})

test('The crowd of one client delays another by no more than what runs and a turn.', async () => {
  const hashing = createPasswordHashing(1, quick)
  const done: string[] = []
  const crowd = Array.from({ length: 6 }, () => hashedFor(hashing, 'crowd', done))
  await Promise.all([...crowd, hashedFor(hashing, 'other', done)])
  assert.ok(done.indexOf('other') <= 2, done.join(' '))
})

test('So many of a client wait and no more; those that were refused cost nothing.', async () => {
  const hashing = createPasswordHashing(1, quick)
  const done: string[] = []
  const tries = Array.from({ length: 6 }, () => hashedFor(hashing, 'crowd', done, 2))
  const settled = await Promise.allSettled(tries)
  const refused = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  assert.equal(refused.length, 3)
  for (const reason of refused) assert.ok(reason instanceof HashingBusy)
  assert.equal(done.length, 3)
})

test('When all places are taken, the client with most of them makes room for another.', async () => {
  const hashing = createPasswordHashing(1, quick)
  const done: string[] = []
  const crowd = Array.from({ length: 80 }, () => hashedFor(hashing, 'crowd', done, 1_000))
  const settled = Promise.allSettled(crowd)
  await hashedFor(hashing, 'other', done)
  assert.ok(done.length <= 3, done.join(' '))
  const refused = (await settled).filter(({ status }) => status === 'rejected')
  // Of 80, one runs and 64 wait; one of those was displaced.
  assert.equal(refused.length, 16)
})

async function hashedFor(hashing: PasswordHashing, client: string, done: string[], mostWaiting = 10) {
  await hashing.inTurnOf({ client, mostWaiting }, () => hashing.hash('correct horse'))
  done.push(client)
}
