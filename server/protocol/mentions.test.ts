import assert from 'node:assert/strict'
import { test } from 'node:test'
import { handleFrom } from './handles.ts'
import { handlesIn, partsOf } from './mentions.ts'

const linksIn = (body: string) => partsOf(body).flatMap((part) => (part.type === 'link' ? [part.href] : []))

test('Cuts a text at its links and mentions, and loses nothing of it.', () => {
  const body = 'See https://example.org/a_(b), @mira, or write to ilya@example.org.'
  const parts = partsOf(body)
  assert.equal(parts.map(({ text }) => text).join(''), body)
  assert.deepEqual(linksIn(body), ['https://example.org/a_(b)', 'mailto:ilya@example.org'])
  assert.deepEqual(
    parts.filter(({ type }) => type === 'mention').map(({ text }) => text),
    ['@mira'],
  )
})

test('Leads to the web and to mail only.', () => {
  const others = [
    'javascript:alert(1)',
    'data:text/html,<b>',
    'ftp://example.org',
    '//example.org',
    'file:///etc',
  ]
  for (const body of others) assert.deepEqual(linksIn(body), [], body)
})

test('Names the host that is really asked, whatever its letters look like.', () => {
  const [part] = partsOf('https://аpple.com/')
  assert.equal(part?.type === 'link' && part.host, 'xn--pple-43d.com')
})

test('Makes no link of an address that is turned around or holds what is not seen.', () => {
  for (const hidden of ['\u202e', '\u200b', '\u2067']) {
    assert.deepEqual(
      linksIn(`https://example.org/${hidden}gpj.exe`).length,
      0,
      hidden.codePointAt(0)?.toString(16),
    )
  }
})

test('A name before the host does not stand in for it.', () => {
  for (const { type, text } of partsOf('https://bank.example@evil.example/')) {
    assert.ok(type !== 'link' || !text.includes('evil'), text)
  }
})

const nora = ['nora-klein']
for (const [text, handles] of [
  ['@nora-klein, and (@Nora-Klein)', nora],
  ['你好@nora-klein', nora],
  ['@nora-klein你好', nora],
  ['สวัสดี@nora-klein', nora],
  ['안녕@nora-klein님', nora],
  ['@nora-kleinさんへ', nora],
  ['😀@nora-klein', nora],
  ['@nora-klein’s turn', nora],
  ['@nora-klein: look', nora],
  ['Thanks @nora-klein.', nora],
  ['Thanks @nora-klein.Really', nora],
  ['@nora-klein…', nora],
  ['“@nora-klein”', nora],
  ['@李雷 and @игорь-петров', ['李雷', 'игорь-петров']],
  ['@ＮＯＲＡ', ['nora']],
  ['https://social.example/@nora-klein/1', []],
  ['https://social.example/@nora-klein', []],
  ['https://例え.jp/@nora-klein', []],
  ['social.example/@nora-klein', []],
  ['https://social.example/?by=@nora-klein', []],
  ['ftp://social.example/@nora-klein', []],
  ['npm i -D @nora-klein/types', []],
  ['"@nora-klein/client"', []],
  ['@nora-klein_dev', []],
  ['@nora-klein.dev', []],
  ['@nora-klein@social.example', []],
  ['@nora-klein:matrix.example', []],
  ['mail@nora-klein', []],
  ['mail@nora-klein.com', []],
  ['mailé@nora-klein', []],
  ['e\u0301@nora-klein', []],
  ['письмо@nora-klein', []],
  ['@@nora-klein', []],
  ['--to=@nora-klein', []],
  ['@\u200bnora-klein', []],
  ['@-nora', []],
] as const) {
  test(`N4: ${JSON.stringify(text)} mentions ${handles.length === 0 ? 'nobody' : handles.join(' and ')}.`, () => {
    assert.deepEqual(handlesIn(text), handles)
    assert.equal(
      partsOf(text)
        .map((part) => part.text)
        .join(''),
      text,
    )
  })
}

test('A handle that a name gives is mentioned as a whole, in any script.', () => {
  for (const [name, handle] of [
    ['José Ångström', 'jose-angstrom'],
    ['李雷Smith', '李雷-smith'],
    ['Игорь Й', 'игорь-й'],
    ['สมชาย ใจดี', 'สมชาย-ใจดี'],
    ['नमस्ते', 'नमस्ते'],
    ['한글 이름', '한글-이름'],
    ['No\u200bra', 'nora'],
    ['x'.repeat(80), 'x'.repeat(24)],
    ['  --', ''],
  ] as const) {
    assert.equal(handleFrom(name), handle, name)
    if (handle !== '') assert.deepEqual(handlesIn(`(@${handle})`), [handle])
  }
})
