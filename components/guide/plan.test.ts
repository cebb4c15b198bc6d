import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plausibleRun, plausibleRunWith } from '#server/testing/plausible-run.ts'
import { assumed } from './answers.ts'
import { figuresOf, withCostsOf } from './figures.ts'
import { planFor } from './plan.ts'
import { type PlanInputs, planInputsOf } from './plan-inputs.ts'

const known = figuresOf(plausibleRun(), 'own')
assert.ok(known)
const figures = known
const inputs = planInputsOf(assumed, new URLSearchParams())

const plan = (change: Partial<PlanInputs> = {}, of = figures) => {
  const [short, long, sse, socket] = planFor({ ...inputs, ...change }, of)
  assert.ok(short && long && sse && socket)
  return { short, long, sse, socket }
}
const about = (actual: number | null, expected: number) =>
  assert.ok(actual !== null && Math.abs(actual - expected) < expected * 1e-6, `${actual} is not ${expected}`)

test('Begins with what was answered, and the address may say otherwise.', () => {
  assert.equal(inputs.people, 50_000)
  assert.equal(inputs.pollMs, 1_000)
  about(inputs.eventsPerSecond, 1 / 60)
  const said = planInputsOf(
    assumed,
    new URLSearchParams('pollMs=5000&eventsPerSecond=0.5&spare=95&hears=own'),
  )
  assert.deepEqual([said.pollMs, said.eventsPerSecond, said.spare, said.hears], [5_000, 0.5, 30, 'own'])
})

test('Short pollers hold nothing and ask once an interval.', () => {
  const { held, requestsPerSecond, cores, memoryMiB } = plan({ pollMs: 5_000 }).short
  assert.deepEqual([held, requestsPerSecond, memoryMiB], [0, 10_000, 0])
  about(cores, (10_000 * (600 / 2_400)) / 1_000)
})

test('Long pollers ask again after each event, or after 25 s.', () => {
  about(plan({ eventsPerSecond: 0 }).long.requestsPerSecond, 2_000)
  about(plan({ eventsPerSecond: 10 }).long.requestsPerSecond, 500_000)
  const rate = 1 / 60
  about(plan().long.requestsPerSecond, (50_000 * rate) / (1 - Math.exp(-25 * rate)))
})

test('What is held costs what each connection cost in the run.', () => {
  const { long, sse, socket } = plan()
  about(sse.memoryMiB, (50_000 * 4.1) / 1_024)
  about(long.memoryMiB, (50_000 * 15.2) / 1_024)
  about(socket.memoryMiB, (50_000 * 6.8) / 1_024)
})

test('Deliveries cost CPU and bytes: the run’s without its text, with yours in its place.', () => {
  const { cores, megabitsPerSecond } = plan({ eventsPerSecond: 1, bytes: 1_000 }).sse
  about(cores, (50_000 * 20) / 1_000_000)
  const around = 7_200_000 / 24_000 - 200
  about(megabitsPerSecond, ((50_000 * (around + 1_000) + (50_000 * 400) / 60) * 8) / 1_000_000)
})

test('Processes are as many as the scarcest of CPU, memory and files asks for; nodes have a core for each.', () => {
  const byFiles = plan({ people: 1_000_000, processMiB: 65_536 }).sse
  assert.deepEqual([byFiles.processes, byFiles.nodes], [50, 13])
  const room = 512 * 0.7 - (150 - (200 * 4.1) / 1_024)
  const byMemory = plan({ people: 1_000_000, files: 10_000_000 }).sse
  assert.equal(byMemory.processes, Math.ceil((1_000_000 * 4.1) / 1_024 / room))
  const byCpu = plan({ people: 1_000_000, files: 10_000_000, processMiB: 65_536, eventsPerSecond: 1 }).sse
  assert.equal(byCpu.processes, Math.ceil(20 / 0.7))
})

test('A short poller that comes again within 65 s keeps its connection, and that is an open file.', () => {
  assert.equal(plan({ people: 1_000_000, pollMs: 60_000 }).short.processes, 50)
  assert.ok((plan({ people: 1_000_000, pollMs: 120_000 }).short.processes ?? 0) < 50)
})

test('A process that has no memory left says so instead of a number.', () => {
  const { processes, nodes, steps } = plan({ processMiB: 128 }).sse
  assert.deepEqual([processes, nodes], [null, null])
  assert.ok(steps.some(({ result }) => result === 'no memory left'))
})

test('Each process reads an entry that all hear once; streams of their own are read for each person.', () => {
  about(plan({ people: 1_000_000, processMiB: 65_536 }).sse.queriesPerSecond, (1 / 60) * 50)
  about(plan({ hears: 'own' }).sse.queriesPerSecond, (1 / 60) * 50_000)
})

test('Twice the people need twice of everything, up to millions.', () => {
  const one = plan({ people: 5_000_000 })
  const two = plan({ people: 10_000_000 })
  for (const lane of ['short', 'long', 'sse', 'socket'] as const) {
    for (const need of ['requestsPerSecond', 'cores', 'megabitsPerSecond'] as const) {
      about(two[lane][need], 2 * (one[lane][need] ?? Number.NaN))
    }
  }
})

test('Every figure of a plan has its line of arithmetic, which ends in it.', () => {
  for (const { steps } of planFor(inputs, figures)) {
    const names = steps.map(({ name }) => name)
    for (const name of ['open', 'requests/s', 'cores', 'Mbit/s', 'processes', 'nodes', 'queries/s']) {
      assert.ok(names.includes(name), name)
    }
  }
})

test('What a run could not tell is missing in the plan, or comes from the reference run and is said to.', () => {
  const few = figuresOf(plausibleRunWith('sse', { memoryKibPerConnection: null }), 'own')
  const reference = figuresOf(plausibleRun(), 'reference')
  assert.ok(few && reference)
  assert.deepEqual([plan({}, few).sse.memoryMiB, plan({}, few).sse.processes], [null, null])
  const mended = withCostsOf(few, reference)
  assert.deepEqual([mended.from, mended.costsFrom], ['own', 'reference'])
  about(plan({}, mended).sse.memoryMiB, (50_000 * 4.1) / 1_024)
})

test('A run that failed, or in which a lane heard nothing, gives no figures.', () => {
  assert.equal(figuresOf({ ...plausibleRun(), state: 'failed' }, 'own'), undefined)
  const ledger = {
    expected: 1,
    received: 0,
    lost: 1,
    late: 0,
    repeated: 0,
    outOfOrder: 0,
    declared: 0,
    altered: 0,
    onTheWay: 0,
  }
  assert.equal(figuresOf(plausibleRunWith('long', { ledger }), 'own'), undefined)
})
