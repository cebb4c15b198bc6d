import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameText, text } from './text-schemas.ts'

const accepts = (schema: ReturnType<typeof text>, value: string) => schema.safeParse(value).success

test('A text has at least one character that a reader can see.', () => {
  for (const unseen of [
    ...['', ' ', '\u00a0\u3000', '\u200b', '\u200d\u200c', '\u2060', '\ufeff', '\u00ad', '\u034f', '\u061c'],
    ...['\u115f\u1160', '\u17b4', '\u180e', '\u2800', '\u3164', '\uffa0', '\ufe0f', '\u{e0100}', '\u{1d173}'],
    ...['\u202e', '\u0301', '\u0007', '\u2028', '\n\t\u200b\n', '\u{e0041}'],
  ]) {
    assert.equal(accepts(text(80), unseen), false, JSON.stringify(unseen))
    assert.equal(accepts(nameText(80), unseen), false, JSON.stringify(unseen))
  }
  for (const seen of ['.', '你', 'é', 'e\u0301', '👩‍💻', '❤️', 'नि', '\u200bhi', 'می\u200cخواهم', '🇩🇪', '1️⃣']) {
    assert.equal(accepts(text(80), seen), true, JSON.stringify(seen))
    assert.equal(accepts(nameText(80), seen), true, JSON.stringify(seen))
  }
})

test('A name stays on its line and turns nothing round.', () => {
  for (const unsafe of [
    '\u202e',
    '\u202a',
    '\u2066',
    '\u2069',
    '\u200f',
    '\u200e',
    '\u061c',
    '\n',
    '\r',
    '\t',
  ]) {
    assert.equal(accepts(nameText(80), `Sam${unsafe}Okafor`), false, JSON.stringify(unsafe))
  }
  for (const unsafe of ['\u2028', '\u2029', '\u0085', '\u001b', '\u007f']) {
    assert.equal(accepts(nameText(80), `Sam${unsafe}Okafor`), false, JSON.stringify(unsafe))
  }
  assert.equal(accepts(text(80), 'two\nlines, \u202e and back \u202c'), true)
})
