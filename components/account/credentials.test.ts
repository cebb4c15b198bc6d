import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusedBy } from './credentials.ts'

const problem = { type: 'http://localhost/problems/x', title: 'No', status: 400, requestId: 'r-1' }

test('a wrong password is said at the password, and does not say which of the two was wrong', () => {
  assert.deepEqual(refusedBy({ ...problem, status: 401 }, undefined).fields, {
    password: 'That email and password don’t match.',
  })
})

test('a taken email is said at the email', () => {
  const taken = { ...problem, status: 422, code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL' }
  assert.match(refusedBy(taken, undefined).fields.email ?? '', /Sign in instead/)
})

test('errors of validation go to the fields that their pointers name', () => {
  const errors = [
    { pointer: '/email', detail: 'Not an e-mail address' },
    { pointer: '/password', detail: 'At least 8 characters' },
  ]
  assert.deepEqual(refusedBy({ ...problem, status: 422, errors }, undefined).fields, {
    email: 'Not an e-mail address.',
    password: 'At least 8 characters.',
  })
})

test('a limit and an absence say when another try makes sense', () => {
  assert.equal(refusedBy({ ...problem, status: 429 }, 42_000, 1_000).retryAtMs, 43_000)
  assert.equal(refusedBy({ ...problem, status: 503 }, 5_000, 1_000).retryAtMs, 6_000)
  assert.equal(refusedBy({ ...problem, status: 503 }, undefined, 1_000).retryAtMs, undefined)
})

test('anything else keeps the words of the server and the id of the request', () => {
  const refused = refusedBy({ ...problem, status: 403, title: 'Not from here' }, undefined)
  assert.deepEqual([refused.summary, refused.requestId], ['Not from here.', 'r-1'])
})
