import { Client } from 'pg'
import { openAppender } from './appender.ts'
import { type Borrower, writeBorrowers } from './borrowers.ts'
import { checkouts } from './checkouts.ts'
import { heldColumns, hold, holdOnPath, holdOnStream } from './holding.ts'
import { meterFlags } from './loop-blocks.ts'
import { nativeArms } from './native-arms.ts'
import { type Polls, peak, peakColumns, steadily, steadyColumns } from './polls.ts'
import type { BenchRun } from './run.ts'
import { type Server, startNode } from './servers.ts'
import { comparisonTable, inTurns, mapValues, turnsTable } from './turns.ts'
import { secret, startWireside, withBenchDatabase } from './wireside.ts'

const here = import.meta.dirname

/**
 * Keep-alive clients that each poll a loan of their own every 5 s; the peak of polls of a loan and of a stream without
 * news; and requests that are all held and released by one event.
 */
export async function benchPolling(run: BenchRun): Promise<void> {
  const { quick, add, rounds } = run
  const count = quick ? 1_000 : 10_000
  await withBenchDatabase(run, async (databaseUrl) => {
    const borrowers = await writeBorrowers(databaseUrl, secret, count)
    const settings = { MAX_LONG_POLLS_PER_USER: '100000' }
    const ours = Object.entries(checkouts(run.against)).map(([name, checkout]) => ({
      name,
      start: () => startWireside({ databaseUrl, checkout, settings, flags: meterFlags }),
    }))
    const bare = () => startNode(`${here}/arms/bare.ts`, { flags: meterFlags })
    const naive = () => startNode(`${here}/arms/naive.ts`, { env: { DATABASE_URL: databaseUrl } })
    const starts = {
      ...Object.fromEntries(ours.map(({ name, start }) => [name, start])),
      bare,
      ...nativeArms(run, 'polls'),
    }
    const loans = borrowers.map(({ loanId, headers }) => ({ path: `/api/loans/${loanId}`, headers }))

    const [everyMs, forMs] = quick ? [2_000, 4_000] : [5_000, 10_000]
    const steady = {
      ...(await polledBy(
        starts,
        (server) => steadily(server, loans, { everyMs, forMs, databaseUrl }),
        rounds,
      )),
      ...(await polledBy({ naive }, (server) => steadily(server, loans, { everyMs, forMs, databaseUrl }), 1)),
    }
    add(`### ${count.toLocaleString('en')} clients, a poll of a loan every ${everyMs / 1_000} s each`)
    add(turnsTable(steady, steadyColumns))
    add(comparisonTable(steady, steadyColumns))

    const epoch = await epochOf(databaseUrl)
    const streams = borrowers.map(({ loanId, headers }) => ({
      path: `/api/streams/loan:${loanId}?after=${epoch}.4`,
      headers,
    }))
    for (const [what, polls] of Object.entries({ 'a loan': loans, 'a stream without news': streams })) {
      const few = polls.slice(0, 64)
      const peaks = await polledBy(starts, (server) => peak(server, few, quick ? 2_000 : 3_000), rounds)
      add(`### As many polls of ${what} as go, 64 connections`)
      add(turnsTable(peaks, peakColumns))
      add(comparisonTable(peaks, peakColumns))
    }
    await releases(run, databaseUrl, borrowers, epoch, ours, bare)
  })
}

type Start = () => Promise<Server>

/** The servers of all arms stand side by side, so that each is warm; only one of them is polled at a time. */
async function polledBy(
  starts: Record<string, Start>,
  measure: (server: Server) => Promise<Polls>,
  rounds: number,
) {
  const servers = await Promise.all(
    Object.entries(starts).map(async ([name, start]) => ({ name, server: await start() })),
  )
  const arms = Object.fromEntries(servers.map(({ name, server }) => [name, () => measure(server)]))
  const turns = await inTurns(arms, rounds)
  await Promise.all(servers.map(({ server }) => server.stop()))
  return turns
}

async function releases(
  run: BenchRun,
  databaseUrl: string,
  borrowers: Borrower[],
  epoch: string,
  ours: { name: string; start: Start }[],
  bare: Start,
): Promise<void> {
  const appender = await openAppender(databaseUrl)
  const others = { bare, ...nativeArms(run, 'streams') }
  const arms = {
    ...Object.fromEntries(
      ours.map(({ name, start }) => [
        name,
        async () => hold(await holdOnStream(await start(), appender, epoch, borrowers)),
      ]),
    ),
    ...mapValues(others, (start) => async () => hold(holdOnPath(await start(), borrowers.length))),
  }
  const turns = await inTurns(arms, run.rounds)
  await appender.close()
  run.add(`### ${borrowers.length.toLocaleString('en')} held requests, released by one event`)
  run.add(turnsTable(turns, heldColumns))
  run.add(comparisonTable(turns, heldColumns))
}

async function epochOf(databaseUrl: string): Promise<string> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ epoch: string }>('SELECT epoch FROM log_epoch')
  await client.end()
  return rows[0]?.epoch ?? ''
}
