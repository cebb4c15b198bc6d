/** A figure, and how it is measured. */
export type Measured = { figure: string; how: string }

/** How each figure of a table is measured, so that anybody can doubt it. */
export const howMeasured = {
  latency: [
    {
      figure: 'latency',
      how: 'From the commit, by the clock of Postgres (pg_xact_commit_timestamp), to the moment in which a client has parsed the entry. Same machine, same clock. What was committed before a client came in does not count.',
    },
    {
      figure: 'p50, p95, p99',
      how: 'Of every entry that reached every client: half, 95 and 99 of 100 came sooner.',
    },
    { figure: 'bars', how: '20 to a decade on a logarithmic axis, each lane against its own highest.' },
  ],
  ledger: [
    {
      figure: 'expected',
      how: 'Entries that the database holds, times clients that were there when they were committed: the database is the truth, not what a client says.',
    },
    {
      figure: 'lost',
      how: 'Passed over: a later entry came without it, and no reset declared it. Also what a client that was refused for good will never get.',
    },
    {
      figure: 'late',
      how: 'Still on its way when the run was over: the client was behind, and its cursor would have brought it.',
    },
    { figure: 'twice, out of order', how: 'Counted by each client from the sequence numbers as they come.' },
    { figure: 'declared', how: 'Skipped by an explicit reset: the client knows that it must read again.' },
    { figure: 'altered', how: 'The checksum of what came differs from that of what the database holds.' },
    {
      figure: 'control',
      how: 'At most five naive clients of the event stream that come back without saying what they have seen. They run only where the network breaks something.',
    },
  ],
  cost: [
    {
      figure: 'requests, empty',
      how: 'HTTP requests and upgrades that a client wrote; answers without news are 304, 204 or a page of none.',
    },
    {
      figure: 'sent, received',
      how: 'Bytes on the client’s socket, headers and frames included, TCP and IP excluded. 1 KB is 1,000 bytes.',
    },
    {
      figure: 'queries',
      how: 'Statements that Postgres ran for the lane’s own role, from pg_stat_statements, the sign-in of its clients included.',
    },
    {
      figure: 'CPU',
      how: 'User and system time of the one process that serves the lane and nothing else; that of Postgres is not in it.',
    },
    {
      figure: 'memory',
      how: 'How much the lane’s process grew while its clients came in, divided by them. Told from 100 clients on, after the run.',
    },
  ],
  claims: [
    { figure: 'claimed', how: 'What tutorials commonly say, in a sentence or a figure; no source of ours.' },
    {
      figure: 'measured here',
      how: 'Computed from the tables of this run alone. Another scenario gives other figures.',
    },
  ],
  time: [
    {
      figure: 'points',
      how: 'One sample each half second: what was counted since the sample before, by the same instruments as the tables. What was counted over less than 0.2 s is not drawn.',
    },
    { figure: 'CPU', how: 'Share of one core that the lane’s process used.' },
  ],
  story: [
    {
      figure: 'queries',
      how: 'Statements that Postgres ran for the polled process, from pg_stat_statements, each second.',
    },
    {
      figure: 'polls, p50, p99',
      how: 'Counted and timed by the pollers, a process of their own, from when the poll was due to its whole answer.',
    },
    { figure: 'CPU', how: 'Share of one core that the polled process used.' },
    {
      figure: 'servers',
      how: 'Naive and cached are a small Node server that asks nobody for a session. Shared is a process of this app as it is, with sessions and rights. All three read the same stream of one Postgres, in which something changes every other round of polls.',
    },
    { figure: 'in the end', how: 'The second half of each mode, averaged.' },
  ],
  observer: [
    {
      figure: 'request',
      how: 'The median of 60 small requests to one of the run’s processes, directly and through a line of the lab, in turns, before the run.',
    },
    {
      figure: 'crowd, lab, writer',
      how: 'Share of one core that the process used. Near 100 %, it is that process that was measured.',
    },
  ],
  machine: [{ figure: 'load', how: 'The system’s load average over the minute before the run.' }],
  incidents: [{ figure: 'time', how: 'Since the measured part began, by the clock of the lab’s process.' }],
  browser: [
    {
      figure: 'latency',
      how: 'From the commit, by Postgres, to the handler in the page; the page’s clock is the machine’s.',
    },
    { figure: 'bytes', how: 'Counted by the lab’s line in front of the browser, headers included.' },
    {
      figure: 'main thread',
      how: 'Share of short looks, one in 0.8 s, in which the main thread had no turn to spare: for the page’s own work, or because the machine was busy with other processes.',
    },
  ],
} as const satisfies Record<string, readonly Measured[]>
