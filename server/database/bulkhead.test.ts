import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBulkhead, Overloaded } from './bulkhead.ts'

const options = { perKind: 2, maxWaiting: 2, maxWaitMs: 200 }

/** Work that runs until it is released, and a record of what has begun. */
function work() {
  const begun: string[] = []
  const held = new Map<string, PromiseWithResolvers<void>>()
  return {
    begun,
    of: (name: string) => async () => {
      begun.push(name)
      const until = Promise.withResolvers<void>()
      held.set(name, until)
      await until.promise
      return name
    },
    end: (name: string) => held.get(name)?.resolve(),
  }
}

const settle = () => new Promise(setImmediate)

test('Of one key one runs at a time, in the order in which they came.', async () => {
  const { run } = createBulkhead(options)
  const { begun, of, end } = work()
  const done = ['first', 'second', 'third'].map((name) => run('room:1', of(name)))
  for (const name of ['first', 'second', 'third']) {
    await settle()
    assert.equal(begun.at(-1), name)
    end(name)
  }
  assert.deepEqual(await Promise.all(done), ['first', 'second', 'third'])
})

test('A key that is held leaves others alone; all keys of a kind together have a part of what there is.', async () => {
  const { run } = createBulkhead(options)
  const { begun, of, end } = work()
  const rooms = ['1', '2', '3'].map((id) => run(`room:${id}`, of(`room ${id}`)))
  const loan = run('loan:1', of('loan'))
  await settle()
  assert.deepEqual(begun, ['room 1', 'room 2', 'loan'])
  end('room 2')
  await settle()
  assert.deepEqual(begun, ['room 1', 'room 2', 'loan', 'room 3'])
  for (const name of begun) end(name)
  await Promise.all([...rooms, loan])
})

test('Who waits too long, or behind too many, is refused before the work begins; a failure gives its turn on.', async () => {
  const { run } = createBulkhead(options)
  const { begun, of, end } = work()
  const first = run('room:1', of('first'))
  const late = [run('room:1', of('late')), run('room:1', of('later'))]
  await assert.rejects(run('room:1', of('one too many')), Overloaded)
  for (const each of late) await assert.rejects(each, Overloaded)
  const failing = run('room:1', () => Promise.reject(new TypeError('failed')))
  const next = run('room:1', of('next'))
  end('first')
  await first
  await assert.rejects(failing, TypeError)
  await settle()
  end('next')
  assert.equal(await next, 'next')
  assert.deepEqual(begun, ['first', 'next'])
})

test('While this process is too busy to look, no time is up.', async () => {
  const { run } = createBulkhead(options)
  const { of, end } = work()
  const first = run('room:1', of('first'))
  const second = run('room:1', async () => 'second')
  setImmediate(() => {
    const until = performance.now() + 3 * options.maxWaitMs
    while (performance.now() < until);
    end('first')
  })
  await first
  assert.equal(await second, 'second')
})

test('When what they wait for cannot be had, all who wait are told so at once.', async () => {
  const { run } = createBulkhead({
    ...options,
    maxWaitMs: 60_000,
    isHeld: (error) => error instanceof RangeError,
  })
  const { begun, of } = work()
  const failing = run('room:1', async () => {
    await settle()
    throw new RangeError('held')
  })
  const waiting = [run('room:1', of('second')), run('room:1', of('third'))]
  await assert.rejects(failing, RangeError)
  for (const each of waiting) await assert.rejects(each, Overloaded)
  assert.deepEqual(begun, [])
  assert.equal(await run('room:1', async () => 'again'), 'again')
})
