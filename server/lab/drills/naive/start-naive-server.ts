import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import pg from 'pg'
import { io } from 'socket.io-client'
import { freePort } from '#server/database/ports.ts'
import type { OpenClient } from '#server/lab/clients/client.ts'
import { endChild, launchChild } from '#server/lab/testbed/child.ts'
import { type Testbed, usageOf } from '#server/lab/testbed/testbed.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import type { CarrierOptions } from './carrier.ts'

/** The server of most tutorials, in a process of its own. */
export type NaiveServer = AsyncDisposable & {
  port: number
  kill(): Promise<void>
  start(): Promise<void>
  residentBytes(): number
  /** Bytes queued for clients that do not read. */
  queuedBytes(): Promise<number>
}

type NaiveOptions = {
  /** Refuses clients without a session. */
  checksSession?: boolean
  /** The transport of entries between its nodes, itself included; by default it forwards Postgres' notifications. */
  carrier?: CarrierOptions
}

/** Starts it on the testbed's stream. */
export async function startNaiveServer(
  { databaseUrl, stream, gateways }: Testbed,
  { checksSession = false, carrier }: NaiveOptions = {},
): Promise<NaiveServer> {
  const port = await freePort()
  let child: ChildProcess | undefined
  await notifyWithEntries(databaseUrl, stream)

  async function start() {
    child = await launchChild({
      file: `${import.meta.dirname}/naive-server.ts`,
      args: [databaseUrl, String(port), ...(checksSession ? [String(gateways.short.port)] : [])],
      readyText: 'ready',
    })
    if (!carrier) return
    const opened = once(child, 'message')
    child.send(carrier)
    await opened
  }
  async function kill() {
    if (child) await endChild(child, 'SIGKILL')
  }

  await start()
  return {
    ...{ port, start, kill, [Symbol.asyncDispose]: kill },
    residentBytes: () => usageOf(child?.pid ?? 0).residentBytes,
    async queuedBytes() {
      const answer = await fetch(`http://127.0.0.1:${port}/queued`)
      return Number(await answer.text())
    },
  }
}

/** The channel on which the naive server receives entries. */
export const naiveChannel = 'naive'

/**
 * Makes Postgres notify with each entry of `stream`, complete, as it is written. Such a payload is limited to 8,000
 * bytes.
 */
async function notifyWithEntries(databaseUrl: string, stream: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(`
      CREATE OR REPLACE FUNCTION tell_the_naive() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_notify('${naiveChannel}', json_build_object(
          'seq', NEW.seq, 'type', NEW.type, 'at', NEW.at, 'data', NEW.data)::text);
        RETURN NULL;
      END $$;
      CREATE OR REPLACE TRIGGER tell_the_naive AFTER INSERT ON log_entry FOR EACH ROW
        WHEN (NEW.stream = ${client.escapeLiteral(stream)}) EXECUTE FUNCTION tell_the_naive();`)
  } finally {
    await client.end()
  }
}

type Follow = { ok: boolean }

/** Socket.IO as on its first page: the library reconnects, and the page asks for what is new from then on. */
export const openNaiveSocket: OpenClient = ({ port, host = '127.0.0.1', cookie, stream, letIn }, hear) => {
  const socket = io(`http://${host}:${port}`, {
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { cookie },
  })
  let isOpen = false
  let connections = 0
  let requests = 0
  const count = () => {
    requests += 1
  }
  socket.io.on('reconnect_attempt', count)
  count()
  socket.on('connect', () => {
    connections += 1
    const place = connections === 1 ? {} : { after: 'now' }
    socket.emit('follow', { stream, ...place }, ({ ok }: Follow) => {
      isOpen = ok
      if (ok) letIn?.()
    })
  })
  socket.on('disconnect', () => {
    isOpen = false
  })
  socket.on('entries', ({ entries }: { entries: WireEntry[] }) => {
    for (const entry of entries) hear({ type: 'entry', entry, cursor: '' })
  })
  return {
    isOpen: () => isOpen,
    close: () => void socket.disconnect(),
    counts: () => ({
      ...{ requests, empty: 0, refused: 0, bytesUp: 0, bytesDown: 0 },
      reconnects: Math.max(0, connections - 1),
    }),
  }
}
