import type { Socket } from 'node:net'
import type { ProblemSlug } from '#server/protocol/problems.ts'
import type { RawSocket } from './raw-socket.ts'

const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`
const me = '{"stream":"me"}'

/** Well-formed packets whose event (as JSON) must be acknowledged with this problem. */
export const refusedEvents: [name: string, event: string, slug: ProblemSlug][] = [
  ['no argument', '["follow"]', 'bad-request'],
  ['two arguments', `["follow",${me},${me}]`, 'bad-request'],
  ['a hundred arguments', `["follow"${`,${me}`.repeat(100)}]`, 'bad-request'],
  ...['null', '1', 'true', '"me"', '[]', '[{"stream":"me"}]', '{}', deep].map(refused('follow')),
  ...['null', '5', '["me"]', '{"toString":"me"}', deep, `"${'x'.repeat(1_000)}"`]
    .map((stream) => `{"stream":${stream}}`)
    .map(refused('follow')),
  ...['{"stream":"me","more":1}', '{"__proto__":{"stream":"me"}}', '{"constructor":1,"stream":"me"}'].map(
    refused('follow'),
  ),
  ...['{"stream":"me","after":5}', `{"stream":"me","after":${deep}}`].map(refused('follow')),
  ['a bad cursor', '["follow",{"stream":"me","after":"x"}]', 'invalid-cursor'],
  ...[
    '',
    '__proto__',
    'constructor',
    'user:',
    'user:../../etc',
    'room:__proto__',
    'ROOM:x',
    'user:\\u0000',
  ].map((stream): [string, string, ProblemSlug] => [
    `the stream "${stream}"`,
    `["follow",{"stream":"${stream}"}]`,
    'not-found',
  ]),
  ...[
    'nonsense',
    '',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'error',
    'entries',
    'x'.repeat(9_000),
  ].map((event): [string, string, ProblemSlug] => [
    `the event "${event.slice(0, 20)}"`,
    `["${event}",${me}]`,
    'not-found',
  ]),
  ['an event that is a number', `[5,${me}]`, 'not-found'],
  ...[
    '{}',
    deep,
    '{"roomId":"a","clientId":"c"}',
    '{"roomId":"a","clientId":"c","body":""}',
    '{"roomId":"a","clientId":"c","body":"\\u0000"}',
    '{"roomId":"a","clientId":"c","body":"\\ud800"}',
    `{"roomId":"a","clientId":"c","body":"${'x'.repeat(4_001)}"}`,
    `{"roomId":"a","clientId":"c","body":${deep}}`,
    '{"roomId":"a","clientId":"c c","body":"b"}',
    '{"roomId":"../a","clientId":"c","body":"b"}',
    '{"roomId":"a","clientId":"c","body":"b","replyTo":1e400}',
    '{"roomId":"a","clientId":"c","body":"b","replyTo":1.5}',
    '{"roomId":"a","clientId":"c","body":"b","authorId":"somebody else"}',
  ].map(refused('chat:send')),
  ['a room that is not there', '["chat:send",{"roomId":"none","clientId":"c","body":"b"}]', 'not-found'],
  ...['{}', '{"roomId":5}', '{"roomId":"a","typing":"yes"}'].map(refused('chat:typing')),
  ...['{}', '{"roomId":"a","upTo":-1}', '{"roomId":"a","upTo":1e300}'].map(refused('chat:read')),
  ...['{}', '{"symbol":"NRDX","side":"buy","type":"market","quantity":-1,"clientOrderId":"c"}', deep].map(
    refused('order:place'),
  ),
  ...['{}', '{"orderId":""}', `{"orderId":${deep}}`].map(refused('order:cancel')),
  ...['{}', '{"symbols":[]}', '{"symbols":"NRDX"}', `{"symbols":[${'"A",'.repeat(200)}"A"]}`].map(
    refused('prices:watch'),
  ),
]

function refused(event: string) {
  return (argument: string): [string, string, ProblemSlug] => [
    `"${event}" of ${argument.slice(0, 40)}`,
    `["${event}",${argument}]`,
    'validation',
  ]
}

type Attack = (socket: RawSocket) => void

const text =
  (packet: string | Buffer): Attack =>
  ({ line }) =>
    line.send(packet, { binary: false })
const raw =
  (...bytes: number[]): Attack =>
  ({ line }) =>
    void (Reflect.get(line, '_socket') as Socket).write(Buffer.from(bytes))

/** Packets that may end their own connection, and nothing else. */
export const brokenPackets: Record<string, Attack> = {
  'an empty frame': text(''),
  ...Object.fromEntries(
    [
      '4',
      '42',
      '42[',
      '42{}',
      '42"x"',
      '42[]',
      '42[null]',
      '42[{}]',
      '42[[]]',
      '42nonsense',
      '420',
      '42-1["follow"]',
    ].map((packet) => [packet, text(packet)]),
  ),
  'an event without an acknowledgement': text(`42["follow",${me}]`),
  'an event without argument or acknowledgement': text('42["follow"]'),
  'an unknown event without acknowledgement': text('42["nonsense",{}]'),
  ...Object.fromEntries(
    ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'].map(
      (event) => [`the reserved event "${event}"`, text(`420["${event}",${me}]`)],
    ),
  ),
  'a huge acknowledgement id': text(`42${'9'.repeat(400)}["follow",${me}]`),
  'an acknowledgement of nothing': text('437[{"ok":true}]'),
  'an acknowledgement that is none': text('43'),
  'another namespace': text('40/admin,'),
  'a namespace of 10,000 letters': text(`40/${'x'.repeat(10_000)},{}`),
  'an event in a namespace that is not open': text(`42/admin,0["follow",${me}]`),
  'a second connect': text('40'),
  'a connect with nested arrays': text(`40${deep}`),
  'a disconnect': text('41'),
  'a connect error': text('44{"message":"x"}'),
  'types that do not exist': text('49["x"]'),
  'an attachment that never comes': text(`451-0["follow",{"_placeholder":true,"num":0}]`),
  'an attachment, and then a text': ({ line }) => {
    line.send('451-0["follow",{"_placeholder":true,"num":0}]')
    line.send(`420["follow",${me}]`)
  },
  'an attachment with a number of its own': ({ line }) => {
    line.send('451-0["follow",{"_placeholder":true,"num":999999999}]')
    line.send(Buffer.from('x'))
  },
  'an attachment as the stream': ({ line }) => {
    line.send('451-0["follow",{"stream":{"_placeholder":true,"num":0}}]')
    line.send(Buffer.from('me'))
  },
  'a million attachments': text('451000000-0["follow"]'),
  'attachments without a number': text('45-0["follow"]'),
  'a binary acknowledgement': text('461-7[{"_placeholder":true,"num":0}]'),
  'bytes that nothing announced': ({ line }) => line.send(Buffer.alloc(1_000)),
  ...Object.fromEntries(
    [
      '0{"sid":"x"}',
      '1',
      '2probe',
      '3',
      '5',
      '6',
      '7',
      '8',
      '9',
      'b4AAAA',
      'x',
      '\u0000',
      '\u001e42["follow"]',
    ].map((packet) => [`Engine.IO's ${JSON.stringify(packet)}`, text(packet)]),
  ),
  'a megabyte': text(`420["follow","${'x'.repeat(1_000_000)}"]`),
  'a megabyte of nested arrays': text(`420["follow",${'['.repeat(1_000_000)}`),
  'text that is not UTF-8': text(Buffer.from([0x34, 0x32, 0xff, 0xfe, 0xc0, 0x80])),
  'a message in a hundred pieces that never ends': ({ line }) => {
    for (let nth = 0; nth < 100; nth += 1) line.send('4', { fin: false })
  },
  'a frame without a mask': raw(0x81, 0x01, 0x32),
  'a frame with reserved bits': raw(0xf1, 0x80, 0, 0, 0, 0),
  'a frame with a reserved opcode': raw(0x83, 0x80, 0, 0, 0, 0),
  'a frame of 2^63 bytes': raw(0x81, 0xff, 0x7f, ...Array(7).fill(0xff), 0, 0, 0, 0),
  'a control frame of 126 bytes': raw(0x89, 0xfe, 0, 126, 0, 0, 0, 0),
  'a close with a code that does not exist': raw(0x88, 0x82, 0, 0, 0, 0, 0, 1),
}

/** Well-formed traffic, but too much of it. */
export const floods: Record<string, Attack> = {
  pings: ({ line }) => {
    for (let nth = 0; nth < 2_000; nth += 1) line.ping()
  },
  "Engine.IO's pongs": ({ line }) => {
    for (let nth = 0; nth < 2_000; nth += 1) line.send('3')
  },
  'following and unfollowing': ({ line }) => {
    for (let nth = 0; nth < 500; nth += 1) {
      line.send(`42["follow",${me}]`)
      line.send(`42["unfollow",${me}]`)
    }
  },
  'commands with acknowledgements': ({ line }) => {
    for (let nth = 0; nth < 1_000; nth += 1) line.send(`42${nth}["follow",${me}]`)
  },
  'commands that are refused': ({ line }) => {
    for (let nth = 0; nth < 1_000; nth += 1) line.send(`42${nth}["nonsense"]`)
  },
  namespaces: ({ line }) => {
    for (let nth = 0; nth < 1_000; nth += 1) line.send(`40/n${nth},`)
  },
  'prices, watched and unwatched': ({ line }) => {
    for (let nth = 0; nth < 500; nth += 1) {
      line.send('42["prices:watch",{"symbols":["NRDX"]}]')
      line.send('42["prices:unwatch",{}]')
    }
  },
}
