import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import { eventually } from '#server/testing/eventually.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'

test('P2 P3 Nobody is told "nothing new" of a log that is out of sight, at the deadline neither', async (t) => {
  const { url } = await testDatabase(t)
  const line = await tcpProxy({ port: Number(new URL(url).port) })
  t.after(line.close)
  const databaseUrl = Object.assign(new URL(url), { port: String(line.port) }).href
  const app = { ...(await appOn(t, databaseUrl, { ROLES: 'web,gateway', STAGE_MS: '3600000' })), databaseUrl }
  const { log, heldRequests } = app.context
  const person = await signedInPerson(app)
  const { id } = (await (await person.create('/api/loans', application)).json()) as WireLoan
  const paths = [`/api/loans/${id}`, `/api/streams/loan:${id}`]
  const tags = await Promise.all(
    paths.map(async (path) => ({ 'if-none-match': (await person.get(path)).headers.get('etag') ?? '' })),
  )
  const ask = (prefer: string) => paths.map((path, n) => person.get(path, { prefer, ...tags[n] }))

  for (const answer of await Promise.all(ask('wait=0'))) assert.equal(answer.status, 304)
  const held = ask('wait=7')
  const survivors = ask('wait=25')
  await eventually(() => heldRequests.size === 4)
  line.refuse()
  line.cut()
  await eventually(() => !log.isFresh())
  for (const answer of await Promise.all([...held, ...ask('')]))
    await expectProblem(answer, 503, 'unavailable')
  assert.equal(heldRequests.size, 2)

  line.accept()
  await log.transact((tx) => log.append(tx, [{ stream: `loan:${id}`, type: 'note', data: null }]))
  for (const answer of await Promise.all(survivors)) assert.equal(answer.status, 200)
})
