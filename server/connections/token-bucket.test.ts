import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TokenBucket } from './token-bucket.ts'

test('A full bucket gives all that it holds at once, and then what has come since', () => {
  const bucket = new TokenBucket(3, 2, 0)
  assert.deepEqual([bucket.take(0), bucket.take(0), bucket.take(0)], [2, 1, 0])
  assert.equal(bucket.msUntil(1, 0), 500)
  assert.equal(bucket.msUntil(1, 500), 0)
  assert.equal(bucket.take(500), 0)
  assert.equal(bucket.msUntil(2, 500), 1_000)
})

test('It is never fuller than full, however long nobody takes', () => {
  const bucket = new TokenBucket(3, 2, 0)
  bucket.take(0)
  assert.equal(bucket.take(3_600_000), 2)
})

test('What is taken from an empty one comes off what is to come', () => {
  const bucket = new TokenBucket(1, 1, 0)
  assert.deepEqual([bucket.take(0), bucket.take(0), bucket.take(0)], [0, -1, -2])
  assert.equal(bucket.msUntil(1, 0), 3_000)
  assert.equal(bucket.take(3_000), 0)
})

test('Looking takes nothing, and parts of a token are kept', () => {
  const bucket = new TokenBucket(1, 1, 0)
  bucket.take(0)
  for (let at = 100; at < 1_000; at += 100) assert.ok(Math.abs(bucket.msUntil(1, at) - (1_000 - at)) <= 1)
  assert.ok(Math.abs(bucket.take(1_000)) < 1e-9)
})
