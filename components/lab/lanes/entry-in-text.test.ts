import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entryInText, excerptOf, seqsInText } from './entry-in-text.ts'

const entry = (seq: number, text = 'x') =>
  `{"seq":${seq},"type":"lab.event","data":{"text":${JSON.stringify(text)}}}`
const marked = (text: string, seq: number) => {
  const place = entryInText(text, seq)
  return place && text.slice(...place)
}

test('An entry is found in a page of polls, a frame and a packet.', () => {
  const page = `HTTP/1.1 200 \n\n{"entries":[${entry(1)},${entry(11)},${entry(12)}],"next":"k7.12"}`
  assert.equal(marked(page, 11), entry(11))
  assert.equal(marked(`id: k7.3\ndata: ${entry(3)}\n`, 3), entry(3))
  assert.equal(marked(`42["entries",{"stream":"lab:x","entries":[${entry(5)}],"next":"k7.5"}]`, 5), entry(5))
  assert.equal(marked(page, 2), undefined)
})

test('What the text of an entry quotes is not taken for the end of it.', () => {
  const odd = entry(7, 'a } in "quotes" and a \\ before "}')
  assert.equal(marked(`[${odd},${entry(8)}]`, 7), odd)
})

test('The first and the last entry of a page, a frame and a packet are found, whatever their texts quote', () => {
  const odd = entry(11, '{"seq":99,')
  assert.deepEqual(
    seqsInText(`{"entries":[${odd},${entry(12)},${odd.replace('11', '13')}],"next":"k7.13"}`),
    [11, 13],
  )
  assert.deepEqual(seqsInText(`id: k7.3\ndata: ${entry(3)}\n`), [3, 3])
  assert.deepEqual(seqsInText(`42["entries",{"stream":"lab:x","entries":[${entry(5)},${entry(6)}]}]`), [5, 6])
  assert.equal(seqsInText('id: k7.3\nevent: beat\ndata: {"at":"x"}\n'), undefined)
})

test('A long text is shown around the entry, and what is left out is counted.', () => {
  const page = `${'a'.repeat(5_000)}${entry(9)}${'b'.repeat(5_000)}`
  const { before, entry: shown, after, cutBefore, cutAfter } = excerptOf(page, 9, 300)
  assert.equal(shown, entry(9))
  assert.equal(cutBefore + before.length + shown.length + after.length + cutAfter, page.length)
  assert.equal(before.length, 100)
  assert.equal(excerptOf('short', undefined).after, 'short')
})
