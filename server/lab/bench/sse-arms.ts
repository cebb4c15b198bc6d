import type { Appender } from './appender.ts'
import type { Borrower } from './borrowers.ts'
import { type Arm, broadcastEntry, postedEntry } from './broadcast.ts'
import { checkouts } from './checkouts.ts'
import { Connection } from './crowd.ts'
import { meterFlags } from './loop-blocks.ts'
import { nativeArms } from './native-arms.ts'
import type { BenchRun } from './run.ts'
import { type Server, startNode } from './servers.ts'
import { startWireside } from './wireside.ts'

export const people = 100
/** No beat comes in between: it would be a broadcast of its own. */
const settings = { MAX_SSE_PER_USER: '100000', HEARTBEAT_MS: '3600000' }

type Wire = { databaseUrl: string; followers: Borrower[]; appender: Appender }

/** The servers of event streams, by the names of their rows; each gives a fresh one. */
export function sseArms(run: BenchRun, wire: Wire): Record<string, () => Promise<Arm>> {
  const arms: Record<string, () => Promise<Arm>> = {}
  for (const [name, checkout] of Object.entries(checkouts(run.against))) {
    arms[name] = () => startOurs(wire, checkout)
  }
  arms['res.write'] = async () =>
    armOf(await startNode(`${import.meta.dirname}/arms/res-write.ts`, { flags: meterFlags }))
  for (const [name, start] of Object.entries(nativeArms(run, 'streams'))) {
    arms[name] = async () => armOf(await start())
  }
  return arms
}

async function startOurs({ databaseUrl, followers, appender }: Wire, checkout: string): Promise<Arm> {
  return {
    server: await startWireside({ databaseUrl, checkout, settings, flags: meterFlags }),
    request: (nth) =>
      requestOf(`/api/streams/${broadcastEntry.stream}?after=now`, followers[nth % people]?.headers),
    send: () => appender.append(broadcastEntry),
  }
}

/** A server that sends everybody whatever is posted to it. */
function armOf(server: Server): Arm {
  let seq = 0
  return {
    server,
    request: () => requestOf('/stream'),
    async send() {
      seq += 1
      await broadcastFrom(server, seq)
      return seq
    },
  }
}

/** Posts the entry of this seq; all in one write, so that a server need not put a request together. */
export async function broadcastFrom({ port }: Server, seq: number): Promise<void> {
  const entry = postedEntry(seq)
  const connection = await Connection.open(port, 0)
  const head = `POST /broadcast HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${entry.length}`
  await connection.ask(`${head}\r\n\r\n${entry}`)
  connection.close()
}

function requestOf(path: string, headers = ''): string {
  return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n${headers}\r\n`
}
