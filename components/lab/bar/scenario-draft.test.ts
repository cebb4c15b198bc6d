import assert from 'node:assert/strict'
import { test } from 'node:test'
import { presets } from '#server/protocol/lab-presets.ts'
import { draftOf, readDraft } from './scenario-draft.ts'

const [first] = presets
if (!first) throw new Error('There is no preset')

test('What is written for a preset reads as the preset.', () => {
  for (const { name, scenario } of presets) {
    const read = readDraft(draftOf(scenario)).scenario
    assert.ok(read, name)
    const { eventsPerSecond, ...rest } = read
    assert.ok(Math.abs(eventsPerSecond / scenario.eventsPerSecond - 1) < 1e-4, name)
    assert.deepEqual({ ...rest, eventsPerSecond: scenario.eventsPerSecond }, scenario, name)
  }
})

test('A rare event is written by the hour, and not as a fraction of a second.', () => {
  const { rate, per } = draftOf({ ...first.scenario, eventsPerSecond: 1 / 600 })
  assert.deepEqual({ rate, per }, { rate: '6', per: 'hour' })
})

test('Each field that is wrong has a sentence, by the limits of the server.', () => {
  const draft = draftOf(first.scenario)
  const { scenario, errors } = readDraft({
    ...draft,
    ...{ rate: '501', per: 'second', burst: '0', payloadBytes: 'x', seconds: '1.5', pollSeconds: '' },
    ...{ clients: { ...draft.clients, sse: '5001' }, network: 'slow', line: { ...draft.line, delayMs: '0' } },
  })
  assert.equal(scenario, undefined)
  assert.deepEqual(Object.keys(errors).sort(), [
    ...['burst', 'clients.sse', 'eventsPerSecond', 'network.delayMs', 'payloadBytes', 'pollMs', 'seconds'],
  ])
})

test('Fields of another kind of network do not count.', () => {
  const draft = draftOf(first.scenario)
  const { scenario } = readDraft({ ...draft, network: 'clean', line: { ...draft.line, delayMs: 'nonsense' } })
  assert.deepEqual(scenario?.network, { kind: 'clean' })
})

test('A thousand clients are a thousand, however they are written, and never one.', () => {
  const draft = draftOf(first.scenario)
  const clientsOf = (sse: string) =>
    readDraft({ ...draft, clients: { ...draft.clients, sse } }).scenario?.clients.sse
  for (const text of ['1000', '1,000', '1 000', '1.000,0']) assert.equal(clientsOf(text), 1_000, text)
})
