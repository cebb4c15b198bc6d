/** A figure, and how it is measured. */
export type Measured = { figure: string; how: string }

/** How each figure of a table is measured, so that anyone can question it. */
export const howMeasured = {
  latency: [
    {
      figure: 'latency',
      how: 'From the commit, by Postgres’s clock (pg_xact_commit_timestamp), until a client has parsed the entry. Same machine, same clock. Entries committed before a client connected don’t count.',
    },
    {
      figure: 'p50, p95, p99',
      how: 'Over every entry received by every client: 50 %, 95 % and 99 % arrived sooner.',
    },
    { figure: 'bars', how: '20 per decade on a logarithmic axis, each lane scaled to its own highest bar.' },
  ],
  ledger: [
    {
      figure: 'expected',
      how: 'Entries in the database times the clients connected when they were committed. The database is the reference, not what clients report.',
    },
    {
      figure: 'lost',
      how: 'Skipped: a later entry arrived without it, and no reset announced it. Also entries that a permanently refused client will never get.',
    },
    {
      figure: 'late',
      how: 'Not received when the run ended, but only because the client was behind; its cursor would have fetched it.',
    },
    {
      figure: 'duplicates, out of order',
      how: 'Counted by each client from the sequence numbers it receives.',
    },
    {
      figure: 'declared',
      how: 'Skipped with an explicit reset, so the client knows it has to read the state again.',
    },
    { figure: 'altered', how: 'The checksum of the received entry differs from the one in the database.' },
    {
      figure: 'control',
      how: 'Up to five naive event-stream clients that reconnect without a cursor. They only run when the network injects faults.',
    },
  ],
  cost: [
    {
      figure: 'requests, empty',
      how: 'HTTP requests and upgrades sent by a client. An empty response is a 304, a 204 or an empty page.',
    },
    {
      figure: 'sent, received',
      how: 'Bytes on the client’s socket, including headers and framing, excluding TCP and IP. 1 KB is 1,000 bytes.',
    },
    {
      figure: 'queries',
      how: 'Statements Postgres ran for the lane’s own role, from pg_stat_statements, including its clients’ sign-ins.',
    },
    {
      figure: 'CPU',
      how: 'User and system time of the one process that serves only this lane. Postgres isn’t included.',
    },
    {
      figure: 'memory',
      how: 'Growth of the lane’s process while its clients connected, divided by the number of clients. Shown after the run, with 100 clients or more.',
    },
  ],
  claims: [
    {
      figure: 'claimed',
      how: 'What tutorials commonly say, as a sentence or a figure. We don’t vouch for it.',
    },
    {
      figure: 'measured here',
      how: 'Computed from this run’s tables only. Other scenarios give other figures.',
    },
  ],
  time: [
    {
      figure: 'points',
      how: 'One sample every half second: the change since the previous sample, measured the same way as the tables. Samples over less than 0.2 s aren’t drawn.',
    },
    { figure: 'CPU', how: 'Share of one core used by the lane’s process.' },
  ],
  story: [
    {
      figure: 'queries',
      how: 'Statements Postgres ran for the polled process, from pg_stat_statements, per second.',
    },
    {
      figure: 'polls, p50, p99',
      how: 'Counted and timed by the pollers, in their own process, from when the poll was due until the full response.',
    },
    {
      figure: 'Redis',
      how: 'Commands that Redis counted itself, per second. Where no redis-server is installed, this mode is left out.',
    },
    {
      figure: 'CPU',
      how: 'Share of one core used by the polled process. What Postgres and Redis used is not included.',
    },
    {
      figure: 'servers',
      how: 'Naive, cached and Redis are a small Node server without sessions. Shared is an unmodified process of this app, with sessions and permissions. All of them read the same stream in one Postgres, which changes every other round of polls.',
    },
    { figure: 'final', how: 'Average over the second half of each mode.' },
  ],
  observer: [
    {
      figure: 'request',
      how: 'The median of 60 small requests to one of the run’s processes, alternating between direct and through the lab’s proxy, before the run.',
    },
    {
      figure: 'crowd, lab, writer',
      how: 'Share of one core used by the process. Near 100 %, the figures measure that process instead.',
    },
  ],
  machine: [{ figure: 'load', how: 'The system’s load average over the minute before the run.' }],
  incidents: [{ figure: 'time', how: 'Time since measuring began, by the lab process’s clock.' }],
  browser: [
    {
      figure: 'latency',
      how: 'From the commit in Postgres to the handler in the page; both use the machine’s clock. The lanes use the same clients as the app’s pages, so SSE falls back to long polling behind a proxy that buffers.',
    },
    { figure: 'bytes', how: 'Counted by the lab’s proxy in front of the browser, including headers.' },
    {
      figure: 'main thread',
      how: 'Share of brief checks, one every 0.8 s, that found the main thread busy, either with the page’s own work or because other processes kept the machine busy.',
    },
  ],
} as const satisfies Record<string, readonly Measured[]>
