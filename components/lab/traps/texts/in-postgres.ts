import type { TrapText } from '../trap-text.ts'

export const inPostgres: readonly TrapText[] = [
  {
    name: 'sequence-gaps',
    title: 'Sequence order isn’t commit order',
    happens: 'One event in a few thousand is never delivered to anyone, and nothing is logged.',
    why: 'A sequence assigns its number when a row is inserted, not when it’s committed. A reader that has seen 2 and queries “id > 2” never sees a 1 that was committed later.',
    fallsIn: { path: 'server/lab/traps/sequence-gaps.ts', cite: /^const plainSequence[\s\S]*?^\}$/m },
    wayRound: { path: 'server/log/append.ts', cite: /^ {4}head AS \([\s\S]*?^ {4}\),$/m },
    proof: {
      path: 'server/log/commit-order.test.ts',
      name: 'L1 A live follower sees 1 … n, in order, of 50 writers who dawdle and roll back',
    },
    sources: [
      {
        name: 'PostgreSQL, Sequence Manipulation Functions',
        href: 'https://www.postgresql.org/docs/current/functions-sequence.html',
      },
    ],
  },
  {
    name: 'notify-limits',
    title: 'NOTIFY isn’t a message queue',
    happens:
      'A long message is refused, and its whole transaction is rolled back. After a failover, some events never arrive.',
    why: 'A payload must be shorter than 8,000 bytes; a longer one aborts its transaction. Notifications sent while the LISTEN connection is down are not kept.',
    fallsIn: {
      path: 'server/lab/traps/notify-limits.ts',
      cite: /^ {4}await writer\.query\('BEGIN'\)[\s\S]*?^ {4}await writer\.query\('COMMIT'\)$/m,
    },
    wayRound: {
      path: 'server/database/listener.ts',
      cite: /^ {6}for \(const channel of channels[\s\S]*?catchUp\(\)$/m,
    },
    proof: {
      path: 'server/log/lost-wake-up.test.ts',
      name: 'L4 When LISTEN is cut the check heals within about a second; without it nothing does',
    },
    sources: [
      { name: 'PostgreSQL, NOTIFY', href: 'https://www.postgresql.org/docs/current/sql-notify.html' },
    ],
  },
  {
    name: 'notify-serialises',
    title: 'NOTIFY makes commits wait for each other',
    happens:
      'Writes that have nothing to do with each other get slower the more of them there are, while the CPU and the disk are idle.',
    why: 'A transaction that has called NOTIFY takes one lock for the whole database before it commits, and keeps it until the commit is on disk. So the database commits one such transaction at a time.',
    fallsIn: {
      path: 'server/lab/traps/notify-serialises.ts',
      cite: /^const notifyingWrite = `[\s\S]*?`$/m,
    },
    wayRound: { path: 'server/log/wake-ups.ts', cite: /^ {2}async function send\(\)[\s\S]*?^ {2}\}$/m },
    notShown:
      'A wake-up sent after the commit is lost when the process crashes in between. This app also checks every 800 ms for commits it hasn’t been told about.',
    proof: {
      path: 'server/log/wake-ups.test.ts',
      name: 'Of what waits to be told there is one seq a stream, the highest, whatever the order',
    },
    sources: [
      {
        name: 'PostgreSQL, async.c: “a heavyweight lock on ‘database 0’”',
        href: 'https://github.com/postgres/postgres/blob/master/src/backend/commands/async.c',
      },
    ],
  },
]
