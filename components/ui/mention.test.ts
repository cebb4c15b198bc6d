import assert from 'node:assert/strict'
import { test } from 'node:test'
import { draftMention } from '#server/protocol/mentions.ts'
import { peopleLike, withMention } from './mention.ts'

test('a mention is being written where the caret follows it', () => {
  assert.deepEqual(draftMention('hello @mi', 9), { at: 6, prefix: 'mi' })
  assert.deepEqual(draftMention('@', 1), { at: 0, prefix: '' })
  assert.deepEqual(draftMention('@nora-', 6), { at: 0, prefix: 'nora-' })
  assert.equal(draftMention('hello @mi there', 15), undefined)
  assert.equal(draftMention('a@mi', 4), undefined)
  assert.equal(draftMention('x.example/@mi', 13), undefined)
  assert.equal(draftMention('@mi_r', 5), undefined)
  assert.deepEqual(draftMention('你好@李', 4), { at: 2, prefix: '李' })
})

test('finishing a mention leaves one space and the caret behind it', () => {
  const finish = (text: string, caret: number) => {
    const draft = draftMention(text, caret)
    assert.ok(draft)
    return withMention(text, draft, 'mira')
  }
  assert.deepEqual(finish('hi @m', 5), ['hi @mira ', 9])
  assert.deepEqual(finish('hi @m there', 5), ['hi @mira there', 9])
  assert.deepEqual(finish('hi @m, there', 5), ['hi @mira , there', 9])
})

test('people are found by their handle and by each word of their name', () => {
  const people = [
    { id: '1', name: 'Mira Aalto', handle: 'mira-a' },
    { id: '2', name: 'Tom Abara', handle: 'tom' },
    { id: '4', name: 'Zoë Ödegård', handle: 'zoe-odegard' },
    { id: '3', name: 'Игорь Петров', handle: 'игорь-петров' },
  ]
  const found = (prefix: string) => peopleLike(people, prefix).map(({ handle }) => handle)
  assert.deepEqual(
    [
      found('A'),
      found('to'),
      found('mira-'),
      found('x'),
      found('ПЕТ'),

      found('ode'),
      found('öde'),
      found('O\u0308de'),
    ],
    [
      ['mira-a', 'tom'],
      ['tom'],
      ['mira-a'],
      [],
      ['игорь-петров'],
      ['zoe-odegard'],
      ['zoe-odegard'],
      ['zoe-odegard'],
    ],
  )
})
