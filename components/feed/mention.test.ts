import assert from 'node:assert/strict'
import { test } from 'node:test'
import { draftMention, peopleLike, stretchesOf, withMention } from './mention.ts'

test('a mention is an @handle, not part of a word or of an address', () => {
  const mentions = (text: string) =>
    stretchesOf(text)
      .filter(({ mention }) => mention)
      .map((stretch) => stretch.text)
  assert.deepEqual(mentions('@mira and (@ilya-s), not a@b.example or @@noor'), ['@mira', '@ilya-s'])
})

test('the stretches of a text are the text', () => {
  for (const text of ['', '@a', 'a @b c', '@a@b', 'שלום @mira\n\nevent: x', '😀@mira']) {
    assert.equal(
      stretchesOf(text)
        .map((stretch) => stretch.text)
        .join(''),
      text,
    )
  }
})

test('a mention is being written where the caret follows it', () => {
  assert.deepEqual(draftMention('hello @mi', 9), { at: 6, prefix: 'mi' })
  assert.deepEqual(draftMention('@', 1), { at: 0, prefix: '' })
  assert.equal(draftMention('hello @mi there', 15), undefined)
  assert.equal(draftMention('a@mi', 4), undefined)
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
  ]
  const found = (prefix: string) => peopleLike(people, prefix).map(({ handle }) => handle)
  assert.deepEqual(
    [found('A'), found('to'), found('mira-'), found('x'), found('')],
    [['mira-a', 'tom'], ['tom'], ['mira-a'], [], ['mira-a', 'tom']],
  )
})
