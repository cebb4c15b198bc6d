import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { PacketThrottle } from './packet-throttle.ts'

test('WS10 As many packets as a second has are read at once', (t) => {
  const { intake, reads } = intakeOf(t, 100)
  for (let packet = 0; packet < 100; packet += 1) intake.count()
  assert.deepEqual(reads, [])
})

test('WS10 One that sends faster is left unread until half a second’s packets are allowed again', (t) => {
  const { intake, reads } = intakeOf(t, 100)
  for (let packet = 0; packet < 101; packet += 1) intake.count()
  assert.deepEqual(reads, ['paused'])
  // Frames already received are counted, but do not extend the pause.
  for (let packet = 0; packet < 5; packet += 1) intake.count()
  t.mock.timers.tick(400)
  assert.deepEqual(reads, ['paused'])
  t.mock.timers.tick(200)
  assert.deepEqual(reads, ['paused', 'read on'])
})

test('WS10 Nothing is read while what has come is worked on, and no sooner than the rate allows', (t) => {
  const { intake, reads } = intakeOf(t, 100)
  intake.hold(true)
  intake.hold(true)
  assert.deepEqual(reads, ['paused'])
  intake.hold(false)
  assert.deepEqual(reads, ['paused', 'read on'])
  for (let packet = 0; packet < 101; packet += 1) intake.count()
  intake.hold(true)
  t.mock.timers.tick(1_000)
  assert.deepEqual(reads, ['paused', 'read on', 'paused'])
  intake.hold(false)
  assert.deepEqual(reads, ['paused', 'read on', 'paused', 'read on'])
})

test('WS10 One that is closed is not read any more', (t) => {
  const { intake, reads } = intakeOf(t, 1)
  intake.count()
  intake.count()
  intake.close()
  t.mock.timers.tick(10_000)
  assert.deepEqual(reads, ['paused'])
})

function intakeOf(t: TestContext, perSecond: number) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const reads: string[] = []
  const source = { pause: () => void reads.push('paused'), resume: () => void reads.push('read on') }
  return { intake: new PacketThrottle(source, perSecond), reads }
}
