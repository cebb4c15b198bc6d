import type { TrapText } from '../trap-text.ts'

export const inPostgres: readonly TrapText[] = [
  {
    name: 'sequence-gaps',
    title: 'The order of numbers is not the order of commits',
    happens: 'One event in a few thousand is never delivered, to anybody, and nothing was logged.',
    why: 'A sequence gives its number when a row is inserted, not when it is committed. Whoever asks for “id > 2” after having seen 2 never asks for a 1 that was committed later.',
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
    title: 'NOTIFY is a bell, not a letter',
    happens:
      'A long message is refused, and the order that it belonged to is gone with it. After a failover some events never come.',
    why: 'A payload must be shorter than 8,000 bytes; one that is not aborts the transaction it is sent in. And what is notified while the LISTEN connection is down is kept for nobody.',
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
]
