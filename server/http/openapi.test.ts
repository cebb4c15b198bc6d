import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ZodType } from 'zod'
import type { WireLoan, WirePayment } from '#server/protocol/loans.ts'
import { preferencesSchema } from '#server/protocol/notifications-schemas.ts'
import { eventually } from '#server/testing/eventually.ts'
import { paidOut } from '#server/testing/loans.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { commentBy, notificationsOf, postBy } from '#server/testing/posts.ts'
import { fileApp } from '#server/testing/test-app.ts'
import { at, buy, place, quote } from '#server/testing/trading.ts'
import {
  commentAnswer,
  commentListAnswer,
  likedAnswer,
  loanAnswer,
  loanListAnswer,
  pageAnswer,
  paymentAnswer,
  peopleAnswer,
  postAnswer,
  postListAnswer,
  problemAnswer,
  wireAnswer,
} from './answers.ts'
import { alertAnswer, alertListAnswer, notificationListAnswer, unreadAnswer } from './routes/notifications.ts'
import {
  accountAnswer,
  candleListAnswer,
  instrumentsAnswer,
  movementListAnswer,
  orderAnswer,
  orderListAnswer,
} from './routes/trading-answers.ts'

type Operation = {
  summary?: string
  parameters?: { name: string; in: string; required?: boolean }[]
  requestBody?: { content: Record<string, { schema: { properties?: object } }> }
  responses: Record<string, { content?: Record<string, { schema: object }> }>
}
type Document = {
  openapi: string
  info: object
  paths: Record<string, Record<string, Operation>>
  components: { schemas: object }
}

const app = await fileApp({ STAGE_MS: '0' })
const url = (path: string) => `http://127.0.0.1:${app.port}${path}`
const document = (await (await fetch(url('/api/openapi.json'))).json()) as Document
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

test('The document names every path of this part, with its methods.', () => {
  assert.equal(document.openapi, '3.1.0')
  assert.deepEqual(operations.map(({ method, path }) => `${method} ${path}`).sort(), [
    'delete /api/lab/runs/{id}',
    'delete /api/loans/{id}/case',
    'delete /api/orders/{id}',
    'delete /api/posts/{id}/like',
    'delete /api/rooms/{id}/members/{userId}',
    'delete /api/rooms/{id}/membership',
    'delete /api/rooms/{id}/messages/{seq}',
    'delete /api/rooms/{id}/messages/{seq}/reactions/{emoji}',
    'get /api/account',
    'get /api/account/history',
    'get /api/alerts',
    'get /api/auth/get-session',
    'get /api/auth/list-sessions',
    'get /api/instruments',
    'get /api/instruments/{symbol}/candles',
    'get /api/lab/backplanes',
    'get /api/lab/runs',
    'get /api/lab/runs/{id}',
    'get /api/lab/runs/{id}/report.csv',
    'get /api/lab/runs/{id}/report.json',
    'get /api/lab/runs/{id}/sign-in',
    'get /api/loans',
    'get /api/loans/{id}',
    'get /api/loans/{id}/assessment',
    'get /api/loans/{id}/payments',
    'get /api/notifications',
    'get /api/notifications/preferences',
    'get /api/orders',
    'get /api/orders/{id}',
    'get /api/payments/{id}',
    'get /api/people',
    'get /api/posts',
    'get /api/posts/{id}',
    'get /api/posts/{id}/comments',
    'get /api/rooms',
    'get /api/rooms/{id}',
    'get /api/rooms/{id}/members',
    'get /api/rooms/{id}/messages',
    'get /api/streams/{name}',
    'get /api/wire',
    'patch /api/lab/runs/{id}',
    'patch /api/rooms/{id}/messages/{seq}',
    'post /api/alerts',
    'post /api/auth/change-password',
    'post /api/auth/revoke-other-sessions',
    'post /api/auth/revoke-session',
    'post /api/auth/sign-in/email',
    'post /api/auth/sign-out',
    'post /api/auth/sign-up/email',
    'post /api/lab/runs',
    'post /api/lab/runs/{id}/actions',
    'post /api/lab/runs/{id}/mode',
    'post /api/lab/runs/{id}/stop',
    'post /api/loans',
    'post /api/loans/{id}/decision',
    'post /api/loans/{id}/payments',
    'post /api/loans/{id}/withdrawal',
    'post /api/notifications/read',
    'post /api/orders',
    'post /api/posts',
    'post /api/posts/{id}/comments',
    'post /api/rooms',
    'post /api/rooms/{id}/invitations',
    'post /api/rooms/{id}/messages',
    'post /api/rooms/{id}/read',
    'post /api/streams/pulse/events',
    'put /api/account/name',
    'put /api/lab/runs/{id}/browser',
    'put /api/loans/{id}/case',
    'put /api/notifications/preferences',
    'put /api/posts/{id}/like',
    'put /api/rooms/{id}/membership',
    'put /api/rooms/{id}/messages/{seq}/reactions/{emoji}',
  ])
})

test('What it names is there: no path of it is unknown, and no method refused.', async () => {
  const person = await signedInPerson(app)
  const { id } = (await (await person.create('/api/loans', application)).json()) as WireLoan
  for (const { path, method } of operations) {
    const target = path.replace('{id}', id).replace('{name}', 'pulse')
    const answer = await fetch(url(target), { method: method.toUpperCase() })
    const isOther = /^\/api\/(payments|lab\/runs)\//.test(target)
    assert.ok(isOther || ![404, 405].includes(answer.status), `${method} ${target}: ${answer.status}`)
    await answer.bytes()
  }
})

test('Every operation has a summary, an answer, and problems for all else; every create knows its key.', () => {
  for (const { path, method, operation } of operations) {
    assert.ok(operation.summary, path)
    const { default: refusal, ...answers } = operation.responses
    assert.ok(refusal?.content?.['application/problem+json'], path)
    assert.ok(
      Object.keys(answers).every((status) => /^(20[0124]|304)$/.test(status)),
      path,
    )
    if (!path.startsWith('/api/auth')) assert.ok(Object.keys(answers).length > 0, path)
    // A message has its clientId instead; there is one invitation per room and person, one run at a time, and an extra
    // event on the home page does no harm.
    if (answers['201'] && !/\/(messages|invitations|runs|events)$/.test(path)) {
      const key = operation.parameters?.find(({ name }) => name === 'idempotency-key')
      const must = /loans|payments|orders/.test(path)
      assert.deepEqual([key?.in, key?.required ?? false], ['header', must], path)
      assert.equal(method, 'post')
    }
  }
})

test('The bodies that are asked for are told member by member.', () => {
  const membersOf = (path: string) =>
    Object.keys(document.paths[path]?.post?.requestBody?.content['application/json']?.schema.properties ?? {})
  assert.deepEqual(membersOf('/api/loans'), [
    'amountMinor',
    'currency',
    'purpose',
    'termMonths',
    'incomeMinor',
  ])
  assert.deepEqual(membersOf('/api/loans/{id}/decision'), ['decision', 'note'])
  assert.deepEqual(membersOf('/api/loans/{id}/payments'), ['amountMinor'])
  assert.deepEqual(membersOf('/api/auth/sign-up/email'), ['name', 'email', 'password'])
})

test('Every reference of the document leads somewhere in it, and every schema is referred to.', () => {
  assert.deepEqual(Object.keys(document.components.schemas).sort(), [
    'Alert',
    'Assessment',
    'Comment',
    'Instrument',
    'Invitation',
    'ListedRun',
    'Loan',
    'Message',
    'Notification',
    'Order',
    'Payment',
    'Person',
    'Post',
    'Problem',
    'Room',
    'RoomWithMembers',
    'Run',
    'TradingAccount',
  ])
  for (const [, pointer = ''] of JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)) {
    const found = pointer
      .slice(1)
      .split('/')
      .reduce((at: unknown, name) => Reflect.get(Object(at), name), document)
    assert.ok(found, pointer)
  }
})

test('What is answered is what is told, to the last member.', async () => {
  const [borrower, officer] = [await signedInPerson(app), await signedInPerson(app, 'officer')]
  const loan = await paidOut(borrower, officer)
  const paid = await borrower.create(`/api/loans/${loan.id}/payments`, { amountMinor: 1_013 })
  const payment = (await paid.clone().json()) as WirePayment
  const answers: [ZodType, Response][] = [
    [loanAnswer, await borrower.create('/api/loans', application)],
    [loanAnswer, await borrower.get(`/api/loans/${loan.id}`)],
    [loanListAnswer, await borrower.get('/api/loans')],
    [paymentAnswer, paid],
    [paymentAnswer, await borrower.get(`/api/payments/${payment.id}`)],
    [pageAnswer, await borrower.get(`/api/streams/loan:${loan.id}`)],
    [wireAnswer, await borrower.get('/api/wire')],
    [problemAnswer, await borrower.create('/api/loans', {})],
    [problemAnswer, await borrower.get(`/api/streams/loan:${loan.id}?after=zzzz.1`)],
  ]
  for (const [schema, answer] of answers) schema.parse(await answer.json())
})

test('What is answered of the feed and the bell is what is told, to the last member.', async () => {
  const [author, other] = [await signedInPerson(app), await signedInPerson(app)]
  const officer = await signedInPerson(app, 'officer')
  const post = await postBy(author)
  await commentBy(other, post, `Well said, @${author.id}`)
  await postBy(other, `See @${author.id}`)
  await paidOut(author, officer)
  const comments = `/api/posts/${post.id}/comments`
  const answers: [ZodType, Response][] = [
    [postAnswer, await author.send('POST', '/api/posts', { body: 'Once more' })],
    [commentAnswer, await author.send('POST', comments, { body: 'Thanks' })],
    [likedAnswer, await other.send('PUT', `/api/posts/${post.id}/like`)],
    [postAnswer, await other.get(`/api/posts/${post.id}`)],
    [postListAnswer, await other.get('/api/posts')],
    [commentListAnswer, await other.get(comments)],
    [peopleAnswer, await other.get(`/api/people?handle=${author.id}`)],
    [alertAnswer, await officer.send('POST', '/api/alerts', { title: 'Now', body: 'To all' })],
    [alertListAnswer, await officer.get('/api/alerts')],
    [unreadAnswer, await author.send('POST', '/api/notifications/read', { seqs: [1] })],
    [preferencesSchema, await author.get('/api/notifications/preferences')],
  ]
  for (const [schema, answer] of answers) schema.parse(await answer.json())
  const list = await eventually(async () => {
    const told = await notificationsOf(author)
    return told.items.some(({ kind }) => kind === 'alert') && told
  })
  notificationListAnswer.parse(list)
  const kinds = new Set(list.items.map(({ kind }) => kind))
  assert.deepEqual(kinds, new Set(['alert', 'loan', 'like', 'mention']))
})

test('What is answered of the market and of an account is what is told, to the last member.', async () => {
  quote(app, 'NRDX', 8_441, 8_443)
  const trader = await signedInPerson(app)
  const placed = await trader.create('/api/orders', at(8_000, buy(2)))
  const { id } = (await placed.clone().json()) as { id: string }
  const answers: [ZodType, Response][] = [
    [orderAnswer, placed],
    [orderAnswer, await trader.create('/api/orders', buy(1))],
    [orderListAnswer, await trader.get('/api/orders')],
    [accountAnswer, await trader.get('/api/account')],
    [orderAnswer, await trader.send('DELETE', `/api/orders/${id}`)],
    [orderAnswer, await trader.get(`/api/orders/${id}`)],
    [movementListAnswer, await trader.get('/api/account/history')],
    [instrumentsAnswer, await trader.get('/api/instruments')],
    [candleListAnswer, await trader.get('/api/instruments/NRDX/candles?interval=1d')],
  ]
  for (const [schema, answer] of answers) schema.parse(await answer.json())
  quote(app, 'NRDX', 7_000)
  await place(trader, at(6_000, buy(1)))
  quote(app, 'NRDX', 5_000)
  const list = await eventually(async () => {
    const told = await notificationsOf(trader)
    return told.items.length > 0 && told
  })
  notificationListAnswer.parse(list)
  assert.equal(list.items[0]?.kind, 'order')
})
