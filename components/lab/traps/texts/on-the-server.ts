import type { TrapText } from '../trap-text.ts'

export const onTheServer: readonly TrapText[] = [
  {
    name: 'slow-readers',
    lane: 'sse',
    title: 'A client that doesn’t read',
    happens: 'Memory grows for hours until the process is killed. One client on a bad connection is enough.',
    why: 'write() never refuses data. When the socket buffer is full it returns false, but it still queues the data, without a limit.',
    fallsIn: { path: 'server/lab/traps/slow-readers.ts', cite: /^async function writeOn[\s\S]*?^\}$/m },
    wayRound: { path: 'server/deliver/event-stream.ts', cite: /^ {2}\/\*\* SSE7[\s\S]*?^ {2}\}$/m },
    proof: {
      path: 'server/http/event-streams.test.ts',
      name: 'SSE7 cuts a client that does not read, which resumes without loss',
    },
    sources: [
      {
        name: 'Node.js, writable.write',
        href: 'https://nodejs.org/api/stream.html#writablewritechunk-encoding-callback',
      },
    ],
  },
  {
    name: 'reconnect-herds',
    lane: 'sse',
    title: 'The reconnect storm',
    happens: 'The server restarts in two seconds and is down again in the third.',
    why: 'All clients lost it at the same moment. If they all wait one second, they reconnect at the same moment, are refused together, and try again together.',
    fallsIn: { path: 'server/lab/traps/reconnect-herds.ts', cite: /^ {6}failing: .*$/m },
    wayRound: { path: 'server/protocol/reconnect.ts', cite: /^export function fullJitterMs[\s\S]*?^\}$/m },
    proof: {
      path: 'components/live/shared-socket-and-server.test.ts',
      name: 'A herd whose lines are cut all at once comes back spread out, and misses nothing',
    },
    sources: [
      {
        name: 'AWS, Exponential Backoff And Jitter',
        href: 'https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/',
      },
    ],
  },
  {
    name: 'module-copies',
    title: 'One module, several copies',
    happens:
      'The server emits an event. The page listens to the same emitter from the same file, and receives nothing.',
    why: 'With a custom server, Next bundles the modules of its pages and routes. The server imports the file directly, and the bundle has its own copy in the same process.',
    fallsIn: { path: 'app/lab/traps/module-copies/route.ts', cite: /^export function GET[\s\S]*?^\}$/m },
    wayRound: {
      path: 'server/http/front/front.ts',
      cite: /^ {4}if \(isForApi\(request\.url\)\)[\s\S]*?^ {2}\}$/m,
    },
    proof: {
      path: 'server/lab/traps/traps.test.ts',
      name: 'who does not know it falls in, and the way round stays out',
    },
    sources: [{ name: 'Next.js, issue 65350', href: 'https://github.com/vercel/next.js/issues/65350' }],
  },
  {
    name: 'ephemeral-ports',
    lane: 'short',
    title: 'Running out of ports',
    happens:
      'Under load, a client, proxy or load test fails with EADDRNOTAVAIL while CPU and memory are idle.',
    why: 'Every new connection uses a local port, and the side that closes first keeps it in TIME_WAIT for about a minute. A few hundred new connections a second to one address use up all ports.',
    fallsIn: { path: 'server/lab/traps/ephemeral-ports.ts', cite: /^ {6}failing: .*$/m },
    wayRound: {
      path: 'server/lab/bench/crowd.ts',
      cite: /^ {2}\/\*\* Connects from[\s\S]*?noDelay: true,\n.*$/m,
    },
    notShown:
      'The run stops at 300 connections and counts them: using up all ports would affect everything else on this machine.',
    proof: {
      path: 'server/lab/traps/traps.test.ts',
      name: 'who does not know it falls in, and the way round stays out',
    },
    sources: [
      {
        name: 'RFC 9293, 3.6.1 Half-Closed Connections',
        href: 'https://www.rfc-editor.org/rfc/rfc9293.html#section-3.6.1',
      },
    ],
  },
]
