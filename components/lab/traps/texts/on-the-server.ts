import type { TrapText } from '../trap-text.ts'

export const onTheServer: readonly TrapText[] = [
  {
    name: 'slow-readers',
    lane: 'sse',
    title: 'One reader that does not read',
    happens: 'Memory grows for hours, and the process is killed. One client on a bad train was enough.',
    why: 'write never refuses. When the line is full it answers false and queues what it was given, and goes on queueing for as long as it is asked to.',
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
    title: 'The herd that comes back',
    happens: 'The server restarts in two seconds, and is down again in the third.',
    why: 'All clients lost it in the same instant. If all of them wait one second, they come in one instant too, are refused together, and come again together.',
    fallsIn: { path: 'server/lab/traps/reconnect-herds.ts', cite: /^ {6}failing: .*$/m },
    wayRound: { path: 'server/protocol/full-jitter.ts', cite: /^export function fullJitterMs[\s\S]*?^\}$/m },
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
      'The server emits an event, the page listens to the same emitter of the same file, and hears nothing.',
    why: 'Under a custom server Next has bundled the modules of its pages and routes. The server imported the file itself; the bundle has a copy of its own, in the same process.',
    fallsIn: { path: 'app/lab/traps/module-copies/route.ts', cite: /^export function GET[\s\S]*?^\}$/m },
    wayRound: {
      path: 'server/http/front/front.ts',
      cite: /^ {4}if \(isForApi\(request\.url\)\)[\s\S]*?\.end\(\)$/m,
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
      'Under load a client, a proxy or a load test fails with EADDRNOTAVAIL, while CPU and memory are idle.',
    why: 'Each new connection takes a local port, and who closes first keeps it in TIME_WAIT for a minute or so. A few hundred new connections a second to one address use them all up.',
    fallsIn: { path: 'server/lab/traps/ephemeral-ports.ts', cite: /^ {6}failing: .*$/m },
    wayRound: {
      path: 'server/lab/bench/crowd.ts',
      cite: /^ {2}\/\*\* Connects from[\s\S]*?noDelay: true,\n.*$/m,
    },
    notShown:
      'The run stops at 300 connections and counts them: to use up the ports of this machine would hurt everything else on it.',
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
