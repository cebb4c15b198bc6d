import { randomInt } from 'node:crypto'
import type { TestContext } from 'node:test'
import { createRandom } from '#server/domain/trading/random.ts'

/**
 * Random numbers in [0, 1) for tests that draw their cases. Prints the seed with the test; `TEST_SEED` in the
 * environment repeats it.
 */
export function seededRandom(t: Pick<TestContext, 'diagnostic'>): () => number {
  const seed = process.env.TEST_SEED ?? String(randomInt(2 ** 32))
  t.diagnostic(`Drawn with TEST_SEED=${seed}`)
  return createRandom(seed).uniform
}
