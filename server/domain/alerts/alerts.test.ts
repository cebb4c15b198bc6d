import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireAlert, WireAlertList } from '#server/protocol/notifications.ts'
import { eventually } from '#server/testing/eventually.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { holdToItsWord, kindsToldTo, notificationsOf, ownEntries } from '#server/testing/posts.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp } from '#server/testing/test-app.ts'
import { alertJobs } from './alerts.ts'

const app = await fileApp({ ALERT_BATCH: '2', ALERTS_PER_MINUTE: '1000' })
const officer = await signedInPerson(app, 'officer')
const people = [await signedInPerson(app), await signedInPerson(app), await signedInPerson(app)] as const
const message = { title: 'Maintenance', body: 'Tonight at ten' }

test('N9: an alert reaches everybody once, the officer too, but for those who want none.', async () => {
  const [one, deaf] = people
  const path = '/api/notifications/preferences'
  const all = (await (await deaf.get(path)).json()) as object
  await deaf.send('PUT', path, { ...all, alert: false })
  const raised = await officer.send('POST', '/api/alerts', message)
  const alert = (await raised.json()) as WireAlert
  assert.equal(raised.status, 201)
  assert.deepEqual({ ...alert, id: 0, at: '' }, { id: 0, at: '', ...message, sent: 0, done: false })
  assert.deepEqual(await spread(alert), { ...alert, sent: 3, done: true })

  const { items } = await notificationsOf(one)
  assert.deepEqual(
    items.map(({ kind, data }) => ({ kind, data })),
    [{ kind: 'alert', data: { alertId: alert.id, ...message } }],
  )
  assert.deepEqual(await kindsToldTo(officer), ['alert'])
  assert.deepEqual(await kindsToldTo(deaf), [])
  await deaf.send('PUT', path, all)
})

test('N9: a batch that is run again, also at the same moment, repeats nothing and starts no second round.', async () => {
  const before = await ownEntries(people[0])
  const alert = (await (await officer.send('POST', '/api/alerts', message)).json()) as WireAlert
  const task = alertJobs({ ...app.context.bell, batch: 2 })['spread-alert']
  await Promise.all(Array.from({ length: 5 }, () => task?.({ alertId: alert.id, after: '' })))
  const { sent } = await spread(alert)
  assert.equal(sent, 4)
  for (const person of [officer, ...people]) await holdToItsWord(person)
  assert.equal((await ownEntries(people[0])).length, before.length + 1)
})

test('Only an officer raises an alert or sees how far it has come.', async () => {
  const [one] = people
  await expectProblem(await one.send('POST', '/api/alerts', message), 403, 'forbidden')
  await expectProblem(await one.get('/api/alerts'), 403, 'forbidden')
})

async function spread({ id }: WireAlert): Promise<WireAlert> {
  return eventually(async () => {
    const { items } = (await (await officer.get('/api/alerts')).json()) as WireAlertList
    return items.find((alert) => alert.id === id && alert.done)
  })
}
