import { randomInt } from 'node:crypto'
import type { TestContext } from 'node:test'
import { createRandom } from '#server/domain/trading/random.ts'

/**
 * Numbers from 0, included, to 1, excluded, for a test that draws its cases. Prints the seed with the test; with
 * `TEST_SEED` in the environment the same numbers are drawn again.
 */
export function seededRandom(t: Pick<TestContext, 'diagnostic'>): () => number {
  const seed = process.env.TEST_SEED ?? String(randomInt(2 ** 32))
  t.diagnostic(`Drawn with TEST_SEED=${seed}`)
  return createRandom(seed).uniform
}
