import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceFile, sourceText } from '#components/source/source-file.ts'
import { trapNames } from '#server/protocol/lab.ts'
import { trapGroups } from './trap-groups.ts'

const texts = trapGroups.flatMap(({ traps }) => traps)

test('Every trap is explained, once', () => {
  assert.deepEqual(texts.map(({ name }) => name).toSorted(), trapNames.toSorted())
})

for (const { name, fallsIn, wayRound, proof } of texts) {
  test(`${name}: the lines that are shown are there, and few; so is the test that proves it`, async () => {
    for (const entry of [fallsIn, wayRound]) {
      const [first, last] =
        (await sourceFile(entry))?.cited ?? assert.fail(`Nothing to show of ${entry.path}`)
      assert.ok(last - first < 16, `${entry.path}: ${last - first + 1} lines`)
    }
    assert.ok((await sourceText(proof.path)).includes(proof.name), proof.path)
  })
}
