import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partsOf } from './message-parts.ts'

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
