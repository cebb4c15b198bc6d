import assert from 'node:assert/strict'
import { type Problem, type ProblemSlug, slugOf } from '#server/protocol/problems.ts'

/** Asserts that a response is a well-formed problem; returns the document. */
export async function expectProblem(
  answer: Response,
  status: number,
  slug: ProblemSlug,
): Promise<Problem & Record<string, unknown>> {
  const text = await answer.text()
  assert.equal(answer.status, status, text)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json(;|$)/)
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  const problem = JSON.parse(text) as Problem & Record<string, unknown>
  assert.equal(slugOf(problem), slug)
  assert.match(problem.type, new RegExp(`/problems/${slug}$`))
  assert.equal(problem.status, status)
  assert.ok(problem.title.length > 0)
  const id = answer.headers.get('x-request-id')
  assert.ok(id)
  assert.equal(problem.requestId, id)
  return problem
}
