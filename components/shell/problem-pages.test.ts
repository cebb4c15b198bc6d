import assert from 'node:assert/strict'
import { test } from 'node:test'
import { problemOf, Refusal } from '#server/http/problem.ts'
import { problemSlugs } from '#server/protocol/problems.ts'
import { problemPage, problemPages } from './problem-pages.ts'

for (const slug of problemSlugs) {
  test(`the page of ${slug} has the status and the title of its document`, () => {
    const { status, title } = problemOf(new Refusal(slug), 'http://localhost', '/', 'r-1')
    assert.deepEqual([problemPages[slug].status, problemPages[slug].title], [status, title])
  })
}

test('what is no slug has no page, whatever objects inherit', () => {
  assert.deepEqual(['constructor', '', 'Validation'].map(problemPage), [undefined, undefined, undefined])
})
