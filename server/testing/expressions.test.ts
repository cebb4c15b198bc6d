import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { safeNext } from '#components/account/safe-next.ts'
import { parseAmount, parseCount } from '#components/ui/parse-number.ts'
import { knownCursor } from '#server/deliver/cursor.ts'
import { sessionCookieReader } from '#server/domain/accounts/session.ts'
import { plainRequestIn } from '#server/http/front/plain-request.ts'
import { wantsStream } from '#server/http/front/stream-request.ts'
import { parseJson } from '#server/http/json-body.ts'
import { ResponseHead } from '#server/lab/clients/response-reader.ts'
import { browserName } from '#server/protocol/browser-name.ts'
import { messageLimits } from '#server/protocol/chat.ts'
import { messageSchema } from '#server/protocol/chat-schemas.ts'
import { handleFrom } from '#server/protocol/handles.ts'
import { draftMention, handlesIn, partsOf } from '#server/protocol/mentions.ts'
import { signUpSchema } from '#server/protocol/people-schemas.ts'
import { excerptOf } from '#server/protocol/text.ts'
import { expressionsIn, finding, piecesOf, repeats, superlinear } from './expressions.ts'

const root = resolve(import.meta.dirname, '../..')
const files = globSync('{app,components,server}/**/*.{ts,tsx}', { cwd: root }).filter(
  (path) => !/\.test\.tsx?$|^server\/(testing|lab\/bench)\//.test(path),
)

/** Expressions that no external text reaches, and why: the only ones that may cost more than linear time. */
const inside: Record<string, string> = {
  "components/lab/traps/texts/in-the-browser.ts /^ {4}channel\\.post\\(\\{ type: 'here', unseenSinceMs \\}\\)\\n[\\s\\S]*?^ {6}tell\\(step\\)$/m":
    'One file of our own sources',
  'components/ui/format.ts /\\B(?=(\\d{3})+$)/g': 'The digits of one number: 21 at most',
  'components/source/source-list.ts /\\d+$/': 'The ids of the rules in our own PROTOCOL.md',
  'components/source/source-list.ts /\\s*\\n\\s*/g': 'The rules in our own PROTOCOL.md',
  'server/protocol/handles.ts /-+$/': 'The 24 characters that a handle is cut to',
  'server/lab/verify/capture.ts /(\\d+) packets dropped by kernel/': 'What tcpdump says to who started it',
}
/** The files that compose expressions from their own constants; `readers` covers what they parse. */
const composed = [
  'components/ui/parse-number.ts',
  'server/lab/clients/response-reader.ts',
  'server/protocol/handles.ts',
  'server/protocol/mentions.ts',
]

test('No expression in the sources costs more than linear time, unless no text from outside comes to it', () => {
  const keys = new Set<string>()
  const found: string[] = []
  for (const file of files) {
    for (const { line, pattern } of expressionsIn(readFileSync(resolve(root, file), 'utf8'))) {
      const key = `${file} ${pattern}`
      keys.add(key)
      if (key in inside || !repeats(pattern)) continue
      const growth = superlinear(finding(pattern), piecesOf(pattern))
      if (growth) found.push(`${file}:${line} ${pattern}: ${growth}`)
    }
  }
  assert.deepEqual(found, [])
  assert.ok(keys.size > 120, `only ${keys.size} expressions were read`)
  const gone = Object.keys(inside).filter((key) => !keys.has(key))
  assert.deepEqual(gone, [], 'listed, and not there any more')
})

test('Expressions are put together in few places, none of them out of a text from outside', () => {
  const composing = files.filter((file) => /\bRegExp\(/.test(readFileSync(resolve(root, file), 'utf8')))
  assert.deepEqual(composing.sort(), composed)
})

const links = ['http', '://', 'a', '.', 'com', '/', '?', '=', '#', '@', ':', '(', '[', '-', 'mailto:', '👋']
const fields = ['text/event-stream', ' ', ';', 'q=0', '.0', ',', '"', '\t', ':', 'a']
const words = ['@', 'a', '-', ' ', '_', '👋', '\u200b']
const cookies = ['a', '=', ';', ' ', 'wireside.session_token', '"', '.']
const readCookie = sessionCookieReader('wireside.session_token')

/** Parsers of external text that use loops and libraries, each with the pieces that its texts consist of. */
const readers: Record<string, [read: (text: string) => unknown, pieces: string[]]> = {
  'the head of a request': [
    (text) => plainRequestIn(Buffer.from(`GET /api/streams/pulse HTTP/1.1\r\nHost: x\r\nA:${text}\r\n\r\n`)),
    [...fields, '\r\n', 'a:'],
  ],
  Accept: [wantsStream, fields],
  Cookie: [readCookie, cookies],
  'the head of an answer': [
    (text) => new ResponseHead(`HTTP/1.1 200 OK\r\n${text}`).field('etag'),
    ['\r\n', 'etag:', ' ', '"', '\t', 'a'],
  ],
  'If-None-Match': [(text) => knownCursor(text, 'viewer'), ['W/', '"', 'k7x2ab.91', '-viewer', ',', ' ']],
  'User-Agent': [browserName, ['Mozilla/', '5', 'Version/', ' ', 'Safari/', 'Chrome/', 'Edg', '(', ';']],
  'Content-Type': [
    (type) => parseJson(Buffer.from('{}'), type),
    ['application/json', ';', ' ', 'charset', '=', '"', '8'],
  ],
  'a JSON body': [
    attempt((text) => parseJson(Buffer.from(text), '', 32)),
    ['{', '[', '"', '\\', ':', ',', '0', 'a'],
  ],
  'a sign-up': [
    (text) => signUpSchema.safeParse({ name: text, email: text, password: text }),
    ['a', '@', '.', '-', '+', ' '],
  ],
  'a message': [(body) => messageSchema.safeParse({ clientId: body, body }), words],
  'the mentions in a text': [(text) => handlesIn(text.slice(0, messageLimits.maxBody)), words],
  'a mention that is being written': [(text) => draftMention(text, text.length), words],
  'a handle out of a name': [handleFrom, [...words, '\u0301', '李', 'x']],
  'an excerpt': [excerptOf, words],
  'an amount': [parseAmount, ['1', '000', ',', '.', ' ', '-', '€']],
  'a quantity': [parseCount, ['1', '000', ',', '.', ' ', '-']],
  'where to go after a sign-in': [safeNext, ['/', '\\', '.', '%2e', '?', '#', ':']],
  // linkify-it is quadratic; a message is at most this long.
  'the links in a message': [(text) => partsOf(text.slice(0, messageLimits.maxBody)), links],
}

for (const [what, [read, pieces]] of Object.entries(readers)) {
  test(`Reading ${what} costs linear time`, () => {
    assert.equal(superlinear(attempt(read), pieces), undefined)
  })
}

test('Growth is found, by which texts is said, and what is linear passes', () => {
  const slow = [
    /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/,
    /Version\/(\d+).*Safari\//,
    /\s+$/,
    /^(?:a+)+$/,
    /^(?:\w+\s?)+$/,
    /(?:x|xx)+y/,
    /--max-[a-z-]+=\d+/g,
  ]
  for (const pattern of slow) assert.ok(superlinear(finding(pattern), piecesOf(pattern)), String(pattern))
  const quick = [/^[a-z]+:[^\r\n]*$/, /(?:^|,)\s*wait\s*=\s*"?([0-9]{1,9})"?\s*(?=$|[,;])/i, /[\r\n]/g]
  for (const pattern of quick) assert.equal(superlinear(finding(pattern), piecesOf(pattern)), undefined)
})

test('Only an expression that repeats something without saying how often can grow, and is tried', () => {
  for (const one of [/a*/, /a+?/, /[*]b+/, /\\+/, /(?:a|b){2,}/, /a{1,9}/, /\[a*/])
    assert.ok(repeats(one), String(one))
  for (const one of [/^(?:a|b)?$/, /\*\+\{/, /[*+{]/, /[\]*]/, /\\\+/]) assert.ok(!repeats(one), String(one))
})

test('Expressions are read wherever they can stand, and nothing else is', () => {
  const source = [
    'const a = /a\\/[/]b/g',
    'f(/c/, text.replace(/d/i, "/no/"))',
    '  /e/,',
    'return /f/u.test(x) ? /g/ : !/h/.test(y)',
    "const path = '/api/loans/'",
    'const half = whole / 2 / 3',
    '// not (/i/)',
    ' * nor (/j/)',
    '<p>{/k/.exec(z)}</p>',
  ]
  const read = expressionsIn(source.join('\n')).map(({ line, pattern }) => `${line} ${pattern}`)
  assert.deepEqual(read, ['1 /a\\/[/]b/g', '2 /c/', '2 /d/i', '3 /e/', '4 /f/u', '4 /g/', '4 /h/', '9 /k/'])
})

/** Refused texts are parsed too. */
function attempt(read: (text: string) => unknown): (text: string) => void {
  return (text) => {
    try {
      read(text)
    } catch {
      // A refusal is a valid outcome.
    }
  }
}
